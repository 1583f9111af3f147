/**
 * Encodes and decodes Jupyter messages: multipart ZeroMQ messages, signed with the connection's key.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The version of Jupyter's message protocol that this kernel implements. */
export const PROTOCOL_VERSION = '5.3';

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** A received message. */
export interface Message {
  /** The routing prefix that identifies the sender. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The id of the parent message, if the sender set one. */
  readonly parentId: string | undefined;
  readonly content: Record<string, unknown>;
  /** Binary buffers that accompany the content. */
  readonly buffers: readonly Uint8Array[];
  /**
   * The size in bytes of a content or of buffers above {@link MAX_CONTENT} or {@link MAX_BUFFERS}; those aren't read
   * and appear empty.
   */
  readonly tooLong?: number;
}

/** A message to send. */
export interface Outgoing {
  /** The message id; random if omitted. */
  readonly id?: string;
  /** The receiver's routing prefix; on the publishing socket, the topic. */
  readonly identities: readonly (Uint8Array | string)[];
  readonly type: string;
  /** The message that it answers, or that caused it. */
  readonly parent: Header | undefined;
  /** Serialized as JSON. */
  readonly content: string;
  /** Serialized as JSON; `{}` if omitted. */
  readonly metadata?: string | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

/** The maximal size in bytes of a message's content, such as a cell: larger ones would block the kernel for minutes. */
export const MAX_CONTENT = 10e6;
/** The maximal size in bytes of a message's buffers. */
export const MAX_BUFFERS = 200e6;
/** The maximal size in bytes of a header. */
const MAX_HEADER = 64 * 1024;

const DELIMITER = Buffer.from('<IDS|MSG>');
const session = randomUUID();

/** Signs, encodes, verifies and decodes the messages of one connection. */
export class Wire {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** Encodes a message as its parts. */
  encode({
    id = randomUUID(),
    identities,
    type,
    parent,
    content,
    metadata = '{}',
    buffers = [],
  }: Outgoing): (Uint8Array | string)[] {
    const header: Header = {
      msg_id: id,
      session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
    const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), metadata, content];
    return [...identities, DELIMITER, this.#sign(parts), ...parts, ...buffers]; // buffers aren't signed
  }

  /**
   * Decodes a message from its parts.
   *
   * @throws {Error} when they form no message or its signature is wrong; the message says which
   */
  decode(parts: readonly Buffer[]): Message {
    const at = parts.findIndex((part) => part.equals(DELIMITER));
    const [signature, header, parent, metadata, content, ...buffers] = parts.slice(at + 1);
    if (at < 0 || !signature || !header || !parent || !metadata || !content)
      throw new Error(`not a message of the Jupyter protocol: it has ${parts.length} parts`);
    const expected = Buffer.from(this.#sign([header, parent, metadata, content]));
    if (expected.length !== signature.length || !timingSafeEqual(expected, signature))
      throw new Error('a message is signed with another key');
    const message = { identities: parts.slice(0, at), header: readHeader(header), parentId: readId(parent) };
    if (content.length > MAX_CONTENT) return { ...message, content: {}, buffers: [], tooLong: content.length };
    const read = { ...message, content: readObject('content', content) };
    const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
    return bytes > MAX_BUFFERS ? { ...read, buffers: [], tooLong: bytes } : { ...read, buffers };
  }

  #sign(parts: readonly (Uint8Array | string)[]): string {
    if (!this.#key) return ''; // the connection uses no signatures
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }
}

function readHeader(part: Buffer): Header {
  if (part.length > MAX_HEADER)
    throw new Error(`not a message of the Jupyter protocol: a header of ${part.length} bytes`);
  const header = readObject('header', part);
  for (const name of ['msg_id', 'msg_type'])
    if (typeof header[name] !== 'string')
      throw new Error(`not a message of the Jupyter protocol: its header has no text as ${name}`);
  return header as unknown as Header;
}

/** The id in a parent header; few senders set one. */
function readId(part: Buffer): string | undefined {
  try {
    const { msg_id: id } = part.length > MAX_HEADER ? ({} as Partial<Header>) : readObject('parent header', part);
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function readObject(name: string, part: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(part.toString());
  } catch {
    throw new Error(`not a message of the Jupyter protocol: its ${name} is no JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`not a message of the Jupyter protocol: its ${name} is no object`);
  return value as Record<string, unknown>;
}
