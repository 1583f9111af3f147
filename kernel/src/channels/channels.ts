/**
 * A kernel's five channels, as the thread that runs cells sees them. Another thread has the sockets (see `thread.ts`): output flows, heartbeats
 * are answered and interrupts come in while a cell computes.
 */
import { totalmem } from 'node:os';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { deferred } from '../deferred';
import { InterruptFlag } from '../interpreter/interruption';
import type { Connection } from './connection';
import { Inputs } from './inputs';
import type { Question } from './questions';
import type { Header, Message } from './wire';

/** The channels on which requests come. */
export type RequestChannel = 'shell' | 'control';

export interface Request extends Message {
  readonly channel: RequestChannel;
}

/** To the thread with the sockets. */
export type ToThread =
  | { readonly kind: 'stream'; readonly parent: Header; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | ({
      readonly kind: 'publish';
      readonly parent: Header | undefined;
      readonly type: string;
      readonly content: string;
    } & Extras)
  | { readonly kind: 'reply'; readonly to: Request; readonly type: string; readonly content: string }
  | { readonly kind: 'ask'; readonly to: Request; readonly question: Question; readonly id: string }
  | { readonly kind: 'forget'; readonly id: string }
  | { readonly kind: 'close' };

/** What few messages have. */
export interface Extras {
  /** JSON. */
  readonly metadata?: string;
  readonly buffers?: readonly Uint8Array[];
}

/** From the thread with the sockets. */
export type FromThread =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'closed'; readonly reason: string | undefined };

/** What the thread is started with. */
export interface ThreadData {
  readonly connection: Connection;
  /** Of an `InterruptFlag`. */
  readonly interrupts: SharedArrayBuffer;
  /** One number: the characters of output that the thread has been given and has not sent yet. */
  readonly backlog: SharedArrayBuffer;
  readonly kernelInfo: string;
  /** Where the answers to questions go. */
  readonly answers: MessagePort;
  /** Bytes of memory with which the process comes to its end. */
  readonly memoryLimit: number;
}

/** Output beyond this many characters waits for the thread to catch up, so that a cell which prints without end fills no memory. */
const MAX_BACKLOG = 8 * 2 ** 20;

export interface ChannelsOptions {
  readonly connection: Connection;
  readonly interrupts: SharedArrayBuffer;
  /** The content of `kernel_info_reply`, which the thread sends by itself. */
  readonly kernelInfo: Record<string, unknown>;
  readonly onRequest: (request: Request) => void;
  readonly onInterrupt: () => void;
  /** When the channels can't be used (any more). */
  readonly onError: (error: Error) => void;
}

export class Channels {
  readonly #thread: Worker;
  readonly #backlog = new Int32Array(new SharedArrayBuffer(4));
  readonly #closed = deferred<void>();
  /** What cells ask the reader. */
  readonly inputs: Inputs;

  constructor({ connection, interrupts, kernelInfo, onRequest, onInterrupt, onError }: ChannelsOptions) {
    const { port1: own, port2: answers } = new MessageChannel();
    this.inputs = new Inputs(own, new InterruptFlag(interrupts), (message) => this.#send(message));
    const workerData: ThreadData = {
      connection,
      interrupts,
      backlog: this.#backlog.buffer as SharedArrayBuffer,
      kernelInfo: JSON.stringify(kernelInfo),
      answers,
      memoryLimit: Math.min(getHeapStatistics().heap_size_limit, process.constrainedMemory() || totalmem(), totalmem()),
    };
    this.#thread = new Worker(path.join(__dirname, 'thread.js'), { workerData, transferList: [answers] });
    this.#thread.on('message', (message: FromThread) => {
      if (message.kind === 'request') onRequest(message.request);
      else if (message.kind === 'interrupt') onInterrupt();
      else if (message.reason !== undefined) onError(new Error(message.reason));
      else this.#closed.resolve();
    });
    this.#thread.on('error', onError);
  }

  /** Publishes text that the cell of `parent` has printed. */
  stream(parent: Header, name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    Atomics.add(this.#backlog, 0, text.length);
    this.#send({ kind: 'stream', parent, name, text });
    // A thread that is gone takes nothing any more; its error has been told.
    for (let waits = 0; Atomics.load(this.#backlog, 0) > MAX_BACKLOG && waits < 100; waits++)
      Atomics.wait(this.#backlog, 0, Atomics.load(this.#backlog, 0), 50);
  }

  /**
   * Publishes anything else.
   *
   * @param parent what had it published, if anything did
   * @param extras buffers are given away: whoever sent them can't use them any more
   * @throws {TypeError} when `content` can't be JSON
   */
  publish(parent: Header | undefined, type: string, content: Record<string, unknown>, extras: Extras = {}): void {
    const message: ToThread = { kind: 'publish', parent, type, content: JSON.stringify(content), ...extras };
    this.#thread.postMessage(
      message,
      extras.buffers?.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  reply(to: Request, type: string, content: Record<string, unknown>): void {
    this.#send({ kind: 'reply', to, type, content: JSON.stringify(content) });
  }

  /** Closes the channels when all that was sent has left. */
  async close(): Promise<void> {
    this.#send({ kind: 'close' });
    await this.#closed.promise.finally(() => this.#thread.terminate());
  }

  #send(message: ToThread): void {
    this.#thread.postMessage(message);
  }
}
