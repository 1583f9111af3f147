/**
 * Draws still pictures in another thread. The first picture starts it; it uses about 150 MB, and is ended when no
 * picture was requested for a while. It doesn't keep the program alive.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { giveBackFreedMemory } from '../../runtime/freedMemory';
import type { Drawn } from './drawStill';
import type { FigureData } from './figureData';

/**
 * The idle time in milliseconds after which the thread is ended: reading a figure takes longer than running the next
 * cell.
 */
const IDLE = 10_000;
/** The timeout of a picture in milliseconds. Large ones take a few seconds. */
const PATIENCE = 120_000;
/**
 * The thread's memory limits in megabytes, for long-lived and short-lived objects; a larger limit for the latter
 * wouldn't make it faster.
 */
const MEMORY = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 };

/** The thread's answer. */
export type Answer = { readonly drawn: Drawn } | { readonly message: string };

/** A caller waiting for a picture. */
interface Waiting {
  readonly resolve: (drawn: Drawn) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** In the order of the requests. */
  readonly waiting: Waiting[];
  timer?: NodeJS.Timeout;
}

let current: Thread | undefined;

/**
 * Draws a figure in the thread.
 *
 * @throws {Error} when it can't be drawn
 */
export function drawElsewhere(figure: FigureData): Promise<Drawn> {
  current ??= begin();
  const thread = current;
  thread.worker.postMessage(figure); // which makes a copy
  return new Promise((resolve, reject) => {
    thread.waiting.push({ resolve, reject });
    if (thread.waiting.length > 1) return;
    thread.worker.ref();
    watch(thread);
  });
}

function begin(): Thread {
  // Anything printed there (a deprecation warning, say) would appear in a cell's output.
  const worker = new Worker(path.join(__dirname, 'stillThreadMain.js'), {
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: MEMORY,
  });
  const thread: Thread = { worker, waiting: [] };
  worker.on('message', (answer: Answer) => {
    const first = thread.waiting.shift();
    if ('drawn' in answer) first?.resolve(answer.drawn);
    else first?.reject(new Error(answer.message));
    if (thread.waiting.length === 0) worker.unref();
    watch(thread);
  });
  worker.on('error', (error) => end(thread, error));
  return thread;
}

/** Ends the thread when it has been idle, or busy with one picture, for too long. */
function watch(thread: Thread): void {
  clearTimeout(thread.timer);
  const late = () => end(thread, new Error(`it was not drawn within ${PATIENCE / 1000} seconds`));
  thread.timer = thread.waiting.length === 0 ? setTimeout(() => end(thread), IDLE) : setTimeout(late, PATIENCE);
  thread.timer.unref();
}

function end(thread: Thread, error?: Error): void {
  clearTimeout(thread.timer);
  if (current === thread) current = undefined; // the next picture starts another one
  for (const { reject } of thread.waiting.splice(0)) reject(error);
  void thread.worker.terminate().then(giveBackFreedMemory);
}
