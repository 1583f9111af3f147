/**
 * Draws still pictures in a thread of its own. It is begun by the first picture, takes some 150 MB, and is ended when nobody has asked for a
 * picture for a while; it keeps no program from coming to its end.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { giveBackFreedMemory } from '../../runtime/freedMemory';
import type { Drawn } from './drawStill';
import type { FigureData } from './figureData';

/** Milliseconds without a picture after which the thread is ended: reading a figure takes longer than to run the next cell. */
const IDLE = 10_000;
/** Milliseconds after which a picture has failed. Large ones take a few seconds. */
const PATIENCE = 120_000;
/** What the thread may take of memory, in megabytes: for what lives long, and for what doesn't, where more would make it no faster. */
const MEMORY = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 };

/** What the thread answers. */
export type Answer = { readonly drawn: Drawn } | { readonly message: string };

/** Who waits for a picture. */
interface Waiting {
  readonly resolve: (drawn: Drawn) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** In the order of the pictures. */
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
  thread.worker.postMessage(figure); // which copies it
  return new Promise((resolve, reject) => {
    thread.waiting.push({ resolve, reject });
    if (thread.waiting.length > 1) return;
    thread.worker.ref();
    watch(thread);
  });
}

function begin(): Thread {
  // What is printed there (a deprecation, say) would be a cell's output.
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

/** Ends the thread when it has nothing to do for a while, or has too long to do. */
function watch(thread: Thread): void {
  clearTimeout(thread.timer);
  const late = () => end(thread, new Error(`it was not drawn within ${PATIENCE / 1000} seconds`));
  thread.timer = thread.waiting.length === 0 ? setTimeout(() => end(thread), IDLE) : setTimeout(late, PATIENCE);
  thread.timer.unref();
}

function end(thread: Thread, error?: Error): void {
  clearTimeout(thread.timer);
  if (current === thread) current = undefined; // the next picture begins another
  for (const { reject } of thread.waiting.splice(0)) reject(error);
  void thread.worker.terminate().then(giveBackFreedMemory);
}
