/**
 * The library's own models, one line each. Programs (`cli/`, a search's workers) load this list, and `index.ts` loads
 * it last, when all of its exports exist; so a model class copied from a notebook may keep its `import … from
 * 'tf-mechanics'`.
 */
import { Convnet } from './convnet';
import { FullyConnected } from './fullyConnected';
import { registerModel } from './knownModels';
import { SoftmaxRegression } from './softmaxRegression';

registerModel(FullyConnected);
registerModel(Convnet);
registerModel(SoftmaxRegression);

export { getModelClass, knownModels, type ModelConfig, makeModel, modelNames } from './knownModels';
