/**
 * The library's own models, a line each. A class that comes from a notebook may keep its `import … from 'tf-mechanics'`: this list is
 * loaded by programs (`cli/`, a search's workers) and last by `index.ts`, when all that it exports is there.
 */
import { Convnet } from './convnet';
import { FullyConnected } from './fullyConnected';
import { registerModel } from './knownModels';
import { SoftmaxRegression } from './softmaxRegression';

registerModel(FullyConnected);
registerModel(Convnet);
registerModel(SoftmaxRegression);

export { getModelClass, knownModels, type ModelConfig, makeModel, modelNames } from './knownModels';
