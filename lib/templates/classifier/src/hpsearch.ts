/**
 * Searches for better hyperparameters in two processes: `npm run search`. (`npm run main -- search` does the same with
 * flags.)
 */
import path from 'node:path';
import { hyperparameters, models } from 'tf-mechanics';
import { IrisClassifier } from './models';

async function main(): Promise<void> {
  const { best } = await hyperparameters.search({
    algorithm: 'hyperband',
    space: { modelName: IrisClassifier.modelName, ...IrisClassifier.searchSpace },
    metric: 'precision',
    maxIterations: 270,
    eta: 3,
    nbProcess: 2,
    seed: 1,
    resultDir: path.join('results', `search-${Date.now()}`),
    trial: models.trialsOf(require.resolve('./models')),
  });
  console.log('Best:', best?.config, best?.metrics);
}

void main();
