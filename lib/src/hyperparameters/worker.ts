/**
 * The program of a worker process: it runs one trial after the other, as its parent requests. It ends with its parent
 * even if that was killed, so that a resumed search never competes with a trial that is still running.
 */

import Module from 'node:module';
import { isEnvironmental } from '../runtime/environment';
import { messageOf } from '../runtime/errorContext';
import { NotFoundError, ResourceExhaustedError, TensorFlowError } from '../runtime/errors';
import { loadModule, whyNot } from '../runtime/modules';
import { isServerLoss } from '../runtime/serverLoss';
import { endWithParent } from './endWithParent';
import type { FromWorker, ToWorker, TrialSource } from './messages';
import type { RunTrial, TrialContext } from './trial';
import { setWorkerHost } from './workerHost';

let controller = new AbortController();

endWithParent();
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') controller.abort();
  else void answer(message);
});

let loading: Promise<RunTrial<unknown>> | undefined;

async function answer({ source, context }: Extract<ToWorker, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const { signal } = controller;
  let runTrial: RunTrial<unknown>;
  try {
    loading ??= load(source); // it stays the same for the life of this process
    runTrial = await loading;
  } catch (error) {
    console.error(error);
    return send({ type: 'unloadable', message: messageOf(error) });
  }
  try {
    const report: TrialContext<unknown>['report'] = (iteration, metrics) =>
      send({ type: 'report', iteration, metrics });
    if (context.target !== undefined) await (await import('./checkAnswers.js')).checkAnswers(context.target);
    send({ type: 'returned', outcome: await runTrial({ ...context, signal, report }) });
  } catch (error) {
    console.error(error); // to the trial's log, with the stack
    const isLost = context.target !== undefined && isServerLoss(error);
    const code = isEnvironmental(error) ? codeOf(error) : undefined;
    send({ type: 'threw', message: messageOf(error), code, isLost });
  }
}

/** @throws {Error} when the function doesn't exist, in one line */
async function load(source: TrialSource): Promise<RunTrial<unknown>> {
  if ('program' in source) return runProgram(source.program, source.words);
  const { path, name, options } = source;
  const runTrial = (await loadModule(path))[name];
  if (typeof runTrial !== 'function') throw new NotFoundError(whyNot(path, `it exports no function '${name}'`));
  return options === undefined ? (runTrial as RunTrial<unknown>) : runTrial(options);
}

/** Runs a program in this process as its main module, with the given arguments, and takes the trials that it offers. */
function runProgram(program: string, words: readonly string[]): Promise<RunTrial<unknown>> {
  const ended = new AbortController();
  const { signal } = ended;
  const offered = new Promise<RunTrial<unknown>>((resolve, reject) => {
    const fail = (error: unknown) => reject(new NotFoundError(whyNot(program, error)));
    const onEnd = () => fail('it came to its end, and has not called cli({ … }), which gives a search its models');
    setWorkerHost({
      offer(runTrial) {
        resolve(runTrial);
        return new Promise(() => {}); // this process only serves the search
      },
    });
    process.on('uncaughtException', fail).on('beforeExit', onEnd);
    signal.addEventListener('abort', () => process.off('uncaughtException', fail).off('beforeExit', onEnd));
    process.channel?.unref(); // lets the process end when the program has nothing left to do
    process.argv = [process.execPath, program, ...words];
    try {
      Module.runMain();
    } catch (error) {
      fail(error);
    }
  });
  return offered.finally(() => {
    ended.abort();
    process.channel?.ref();
  });
}

function codeOf(error: unknown): number {
  return error instanceof TensorFlowError ? error.code : new ResourceExhaustedError('').code;
}

function send(message: FromWorker): void {
  process.send?.(message);
}
