/**
 * A kernel's five ZeroMQ channels, seen from the thread that runs cells. The sockets live in another thread (see
 * `thread.ts`), so that output, heartbeats and interrupts are handled while a cell computes.
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

/** The channels on which requests arrive. */
export type RequestChannel = 'shell' | 'control';

export interface Request extends Message {
  readonly channel: RequestChannel;
}

/** Messages to the socket thread. */
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

/** Optional parts of a message. */
export interface Extras {
  /** Serialized as JSON. */
  readonly metadata?: string;
  readonly buffers?: readonly Uint8Array[];
}

/** Messages from the socket thread. */
export type FromThread =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'closed'; readonly reason: string | undefined };

/** The `workerData` of the socket thread. */
export interface ThreadData {
  readonly connection: Connection;
  /** The memory of an `InterruptFlag`. */
  readonly interrupts: SharedArrayBuffer;
  /** A single counter: characters of output handed to the thread and not yet sent. */
  readonly backlog: SharedArrayBuffer;
  readonly kernelInfo: string;
  /** The port that carries answers to input requests. */
  readonly answers: MessagePort;
  /** The memory limit of the process, in bytes. */
  readonly memoryLimit: number;
}

/**
 * With more unsent characters than this, printing blocks until the thread catches up, so that a cell that prints
 * endlessly doesn't fill the memory.
 */
const MAX_BACKLOG = 8 * 2 ** 20;

export interface ChannelsOptions {
  readonly connection: Connection;
  readonly interrupts: SharedArrayBuffer;
  /** The content of `kernel_info_reply`, which the socket thread answers itself. */
  readonly kernelInfo: Record<string, unknown>;
  readonly onRequest: (request: Request) => void;
  readonly onInterrupt: () => void;
  /** Called when the channels fail. */
  readonly onError: (error: Error) => void;
}

export class Channels {
  readonly #thread: Worker;
  readonly #backlog = new Int32Array(new SharedArrayBuffer(4));
  readonly #closed = deferred<void>();
  /** Input requests of cells. */
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

  /** Publishes text that the cell of `parent` printed. */
  stream(parent: Header, name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    Atomics.add(this.#backlog, 0, text.length);
    this.#send({ kind: 'stream', parent, name, text });
    // A thread that has ended accepts nothing; its error was reported already.
    for (let waits = 0; Atomics.load(this.#backlog, 0) > MAX_BACKLOG && waits < 100; waits++)
      Atomics.wait(this.#backlog, 0, Atomics.load(this.#backlog, 0), 50);
  }

  /**
   * Publishes any other message.
   *
   * @param parent the request that caused it, if any
   * @param extras its buffers are transferred: the sender can't use them afterwards
   * @throws {TypeError} when `content` can't be serialized as JSON
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

  /** Closes the channels after everything was sent. */
  async close(): Promise<void> {
    this.#send({ kind: 'close' });
    await this.#closed.promise.finally(() => this.#thread.terminate());
  }

  #send(message: ToThread): void {
    this.#thread.postMessage(message);
  }
}
