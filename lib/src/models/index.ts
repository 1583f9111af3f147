/** Models as classes: one configuration, one folder and one life each. */
export {
  type AgentClass,
  BasicAgent,
  type EpochOptions,
  type Evaluation,
  type SetName,
  type Task,
  type TrainingResult,
  type TrainOptions,
} from './basicAgent';
export {
  Classifier,
  type ClassifierConfig,
  type ClassifierEvaluation,
  type ConfigOf,
  type Network,
  type Prediction,
} from './classifier';
export {
  type BasicConfig,
  flag,
  fraction,
  type Key,
  type Keys,
  key,
  notNegative,
  oneOf,
  positive,
  real,
  text,
  wholeNumber,
} from './configuration';
export { Convnet, type ConvnetConfig } from './convnet';
export { FullyConnected, type FullyConnectedConfig } from './fullyConnected';
export {
  getModelClass,
  type ModelConfig,
  type ModelNamed,
  makeModel,
  modelNames,
  registerModel,
} from './knownModels';
export type { ModelRegistry } from './modelRegistry';
export { type PreparedImages, prepareImages, readImages } from './readImages';
export { checkpointOfStep, type RunRecord, readConfigFile } from './runFolder';
export { SoftmaxRegression, type SoftmaxRegressionConfig } from './softmaxRegression';
export { runTrial, type TrialOptions, trials } from './trial';
