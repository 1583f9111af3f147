/** Input requests (`input_request`, `input_reply`), seen from the socket thread. */
import { randomUUID } from 'node:crypto';
import type { Request } from './channels';
import type { Message } from './wire';

export interface Question {
  readonly prompt: string;
  /** Whether to hide what the user types. */
  readonly password: boolean;
}

/** The user's input, or the reason why there is none. */
export type Answer =
  | { readonly id: string; readonly value: string }
  | { readonly id: string; readonly problem: string };

interface Ways {
  /** Sends an `input_request`; resolves to whether it was delivered. */
  send(to: Request, id: string, content: string): Promise<boolean>;
  answer(answer: Answer): void;
}

export class Questions {
  readonly #ways: Ways;
  /** Pending questions by message id, oldest first. */
  readonly #waiting = new Map<string, string>();

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  async ask(to: Request, question: Question, id: string): Promise<void> {
    const message = randomUUID();
    this.#waiting.set(message, id);
    if (await this.#ways.send(to, message, JSON.stringify(question))) return;
    this.#waiting.delete(message);
    this.#ways.answer({ id, problem: 'this front end takes no input: nothing of it listens for questions' });
  }

  /** Drops a question; its answer is ignored. */
  forget(id: string): void {
    for (const [message, waiting] of this.#waiting) if (waiting === id) this.#waiting.delete(message);
  }

  /** Handles a reply. Replies to cancelled questions are dropped. */
  receive({ header, parentId, content, tooLong }: Message): void {
    if (header.msg_type !== 'input_reply') return;
    // Some clients set no parent id.
    const message = parentId ?? this.#waiting.keys().next().value;
    const id = message === undefined ? undefined : this.#waiting.get(message);
    if (message === undefined || id === undefined) return;
    this.#waiting.delete(message);
    const { value } = content;
    if (typeof value === 'string') this.#ways.answer({ id, value });
    else
      this.#ways.answer({
        id,
        problem: tooLong === undefined ? 'what the front end gave is no text' : 'what was typed is too long',
      });
  }
}
