/**
 * The program of a worker process: it runs one trial after the other, as its parent says. It ends with its parent, also where that was
 * killed, so that a search which goes on later never meets a trial that still runs.
 */

import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isEnvironmental } from '../runtime/environment';
import { messageOf } from '../runtime/errorContext';
import { NotFoundError, ResourceExhaustedError, TensorFlowError } from '../runtime/errors';
import type { FromWorker, ToWorker, TrialModule } from './messages';
import type { RunTrial, TrialContext } from './trial';

let controller = new AbortController();

endWithParent();
// Signals such as Ctrl-C's reach every process of the terminal: the parent says what is to be done.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') controller.abort();
  else void answer(message);
});

async function answer({ module, context }: Extract<ToWorker, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const { signal } = controller;
  let runTrial: RunTrial<unknown>;
  try {
    runTrial = await load(module);
  } catch (error) {
    console.error(error);
    return send({ type: 'unloadable', message: `${module.path} can't be loaded: ${messageOf(error)}` });
  }
  try {
    const report: TrialContext<unknown>['report'] = (iteration, metrics) =>
      send({ type: 'report', iteration, metrics });
    send({ type: 'returned', outcome: await runTrial({ ...context, signal, report }) });
  } catch (error) {
    console.error(error); // to the trial's log, with the stack
    send({ type: 'threw', message: messageOf(error), code: isEnvironmental(error) ? codeOf(error) : undefined });
  }
}

async function load({ path, name }: TrialModule): Promise<RunTrial<unknown>> {
  const loaded = await import(pathToFileURL(path).href);
  // A CommonJS module's exports are in its default export, too, and only there when Node can't tell their names.
  const runTrial = loaded[name] ?? loaded.default?.[name];
  if (typeof runTrial !== 'function') throw new NotFoundError(`it exports no function '${name}'`);
  return runTrial;
}

function codeOf(error: unknown): number {
  return error instanceof TensorFlowError ? error.code : new ResourceExhaustedError('').code;
}

function send(message: FromWorker): void {
  process.send?.(message);
}

function endWithParent(): void {
  process.on('disconnect', () => process.exit());
  // A trial that never lets go of its thread would not hear of it: another thread watches.
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 100)`;
  new Worker(watch, { eval: true }).unref();
}
