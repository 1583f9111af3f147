import path from 'node:path';
import { repetitions } from '../../lib/src/testing/repetitions';

/** TensorBoard is started the same way everywhere: every day by the first notebook alone. */
const SHOWN_BY_THE_FIRST = ['await tensorboard(logdir)', 'logdir'] as const;

/** What a notebook trains and draws, and what is enough of it every day: `npm run soak -- tests/notebooks` and `npm run notebooks` do it all. */
const SHORTER: Record<string, readonly (readonly [whole: string, enough: string])[]> = {
  '01-mechanics-101.ipynb': [
    ['maxSteps: 2000', 'maxSteps: 200'],
    ['count: 42', 'count: 14'],
    ['count: 24, columns: 12', 'count: 6'],
  ],
  '02-tensorboard.ipynb': [
    ['maxSteps: 1000,\\n', 'maxSteps: 300,\\n'],
    ['count = 1000', 'count = 300'],
    ['maxSteps: 200 }, minimizeWatched', 'maxSteps: 100 }, minimizeWatched'],
    SHOWN_BY_THE_FIRST,
  ],
  '03-convnet.ipynb': [
    ['maxSteps: 400', 'maxSteps: 20'],
    ['const steps = 100', 'const steps = 4'],
    ['step < 1000', 'step < 200'],
    ['count: 42', 'count: 14'],
    SHOWN_BY_THE_FIRST,
  ],
  '04-project-structure.ipynb': [
    ["'steps to take', 900", "'steps to take', 45"],
    ['maxIterations: 900', 'maxIterations: 45'],
    ['minIterations: 100', 'minIterations: 15'],
    ["'--trials', '6'", "'--trials', '2', '--max-iter', '20'"],
    ['lr: 0.005, ', 'lr: 0.005, maxIter: 20, '],
    ['best.json`),', 'best.json`), maxIter: 20,'],
    ['finalSteps: 3000', 'finalSteps: 110'],
    ['(bestDir, 1000)', '(bestDir, 100)'],
    ['saveEvery: 1000', 'saveEvery: 100'],
    ['maxIter: 200', 'maxIter: 20'],
    ['const count = 28', 'const count = 14'],
    ['await tensorboard(searchDir)', 'searchDir'],
  ],
  '05-more-than-one-machine.ipynb': [
    ['steps: 300', 'steps: 30'],
    ['saveCheckpointSteps: 50', 'saveCheckpointSteps: 10'],
    ['], 50)', '], 10)'],
    ['setTimeout(2000)', 'setTimeout(200)'],
  ],
};

/**
 * A notebook's text as it is run every day.
 *
 * @param name the notebook's file, or that of a translation
 * @throws {Error} when what is to be shorter isn't there
 */
export function shortened(name: string, text: string): string {
  let notebook = text;
  for (const [whole, enough] of repetitions(1, 0) ? (SHORTER[path.basename(name)] ?? []) : []) {
    if (!notebook.includes(whole)) throw new Error(`${name} has no '${whole}'`);
    notebook = notebook.replaceAll(whole, enough);
  }
  return notebook;
}
