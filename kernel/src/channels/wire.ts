/**
 * Messages as they travel: parts of bytes over ZeroMQ, signed with the connection's key.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The version of the message protocol that this kernel speaks. */
export const PROTOCOL_VERSION = '5.3';

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** A message that came in. */
export interface Message {
  /** By which a router knows who sent it. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly content: Record<string, unknown>;
}

/** A message to send. */
export interface Outgoing {
  /** To whom; on the publishing socket, the topic. */
  readonly identities: readonly (Uint8Array | string)[];
  readonly type: string;
  /** The message that it answers, or that had it sent. */
  readonly parent: Header | undefined;
  /** JSON. */
  readonly content: string;
}

const DELIMITER = Buffer.from('<IDS|MSG>');
const session = randomUUID();

/** Signs and reads the messages of one connection. */
export class Wire {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The parts of a message. */
  encode({ identities, type, parent, content }: Outgoing): (Uint8Array | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), '{}', content];
    return [...identities, DELIMITER, this.#sign(parts), ...parts];
  }

  /**
   * The message in its parts.
   *
   * @throws {Error} when they are no message, or one that nobody with the key has signed
   */
  decode(parts: readonly Buffer[]): Message {
    const at = parts.findIndex((part) => part.equals(DELIMITER));
    const [signature, header, parent, metadata, content] = parts.slice(at + 1);
    if (at < 0 || !signature || !header || !parent || !metadata || !content)
      throw new Error(`not a message of the Jupyter protocol: it has ${parts.length} parts`);
    const expected = Buffer.from(this.#sign([header, parent, metadata, content]));
    if (expected.length !== signature.length || !timingSafeEqual(expected, signature))
      throw new Error('a message is signed with another key');
    return {
      identities: parts.slice(0, at),
      header: JSON.parse(header.toString()) as Header,
      content: JSON.parse(content.toString()) as Record<string, unknown>,
    };
  }

  #sign(parts: readonly (Uint8Array | string)[]): string {
    if (!this.#key) return ''; // the connection asks for none
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }
}
