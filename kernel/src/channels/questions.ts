/** Questions to whoever sits before a front end, as the thread with the sockets has them: `input_request` and `input_reply`. */
import { randomUUID } from 'node:crypto';
import type { Request } from './channels';
import type { Message } from './wire';

export interface Question {
  readonly prompt: string;
  /** Whether what is typed is not to be seen. */
  readonly password: boolean;
}

/** What was typed, or why nothing was. */
export type Answer =
  | { readonly id: string; readonly value: string }
  | { readonly id: string; readonly problem: string };

interface Ways {
  /** Sends an `input_request`; whether that could be done. */
  send(to: Request, id: string, content: string): Promise<boolean>;
  answer(answer: Answer): void;
}

export class Questions {
  readonly #ways: Ways;
  /** Those that wait, by the id of their message, oldest first. */
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

  /** Nobody waits for its answer any more. */
  forget(id: string): void {
    for (const [message, waiting] of this.#waiting) if (waiting === id) this.#waiting.delete(message);
  }

  /** Takes a reply. One that nobody waits for is dropped: what it answers was given up. */
  receive({ header, parentId, content, tooLong }: Message): void {
    if (header.msg_type !== 'input_reply') return;
    // Some clients don't say what they answer.
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
