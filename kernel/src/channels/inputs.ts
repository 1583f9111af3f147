/** Input requests to the user, seen from the thread that runs cells. */
import { randomUUID } from 'node:crypto';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Deferred, deferred } from '../deferred';
import type { InterruptFlag } from '../interpreter/interruption';
import type { Request, ToThread } from './channels';
import type { Answer, Question } from './questions';

export class Inputs {
  readonly #port: MessagePort;
  readonly #flag: InterruptFlag;
  readonly #send: (message: ToThread) => void;
  readonly #waiting = new Map<string, Deferred<string>>();

  /**
   * @param port the port that carries the answers
   * @param flag woken when an answer arrives
   */
  constructor(port: MessagePort, flag: InterruptFlag, send: (message: ToThread) => void) {
    this.#port = port;
    this.#flag = flag;
    this.#send = send;
    port.on('message', (answer: Answer) => this.#receive(answer));
    port.unref();
  }

  /**
   * Asks the front end that sent a request.
   *
   * @param signal cancels the question; the promise rejects with its reason
   */
  ask(to: Request, question: Question, signal: AbortSignal): Promise<string> {
    const id = randomUUID();
    const answer = deferred<string>();
    const giveUp = () => {
      this.#forget(id);
      answer.reject(signal.reason);
    };
    if (signal.aborted) giveUp();
    else {
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.set(id, answer);
      this.#send({ kind: 'ask', to, question, id });
    }
    return answer.promise.finally(() => signal.removeEventListener('abort', giveUp));
  }

  /**
   * Asks synchronously, blocking this thread.
   *
   * @returns undefined when an interrupt was requested
   * @throws {Error} when the front end accepts no input
   */
  askAndWait(to: Request, question: Question): string | undefined {
    const id = randomUUID();
    this.#send({ kind: 'ask', to, question, id });
    const own = this.#flag.waitFor(() => {
      for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port)) {
        const answer = got.message as Answer;
        if (answer.id === id) return answer;
        this.#receive(answer);
      }
      return undefined;
    });
    if (!own) this.#forget(id);
    else if ('problem' in own) throw new Error(own.problem);
    return own?.value;
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('value' in answer) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.problem));
  }

  #forget(id: string): void {
    this.#waiting.delete(id);
    this.#send({ kind: 'forget', id });
  }
}
