import path from 'node:path';
import { repetitions } from '../../lib/src/testing/repetitions';

/** What a notebook trains, and what is enough of it every day: `npm run soak -- tests/notebooks` and `npm run notebooks` train it all. */
const SHORTER: Record<string, readonly (readonly [whole: string, enough: string])[]> = {
  '01-mechanics-101.ipynb': [['maxSteps: 2000', 'maxSteps: 600']],
  '02-tensorboard.ipynb': [['maxSteps: 1000', 'maxSteps: 300']],
  '03-convnet.ipynb': [
    ['maxSteps: 400', 'maxSteps: 40'],
    ['const steps = 100', 'const steps = 4'],
  ],
  '04-project-structure.ipynb': [
    ["'steps to take', 900", "'steps to take', 90"],
    ['maxIterations: 900', 'maxIterations: 90'],
    ['minIterations: 100', 'minIterations: 30'],
    ["'--trials', '6'", "'--trials', '2'"],
    ['finalSteps: 3000', 'finalSteps: 1010'],
  ],
  '05-more-than-one-machine.ipynb': [['steps: 300', 'steps: 60']],
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
    notebook = notebook.replace(whole, enough);
  }
  return notebook;
}
