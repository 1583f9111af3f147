/** Models as classes, each with its configuration, folder and life cycle. */
export {
  type AgentClass,
  BasicAgent,
} from './basicAgent';
export {
  type Classification,
  Classifier,
  type ClassifierEvaluation,
  type ClassifierNetwork,
  type ClassifierTask,
} from './classifier';
export type { ClusterTask, Jobs } from './cluster/clusterTask';
export { type LocalCluster, type LocalClusterOptions, localCluster } from './cluster/localCluster';
export {
  type BasicConfig,
  flag,
  fraction,
  type Key,
  type Keys,
  key,
  notNegative,
  oneOf,
  path,
  positive,
  real,
  text,
  wholeNumber,
} from './configuration';
export { Convnet, type ConvnetConfig } from './convnet';
export { DigitClassifier, type DigitConfig, type DigitConfigOf, type Prediction } from './digitClassifier';
export type { ExportFormat, ExportOptions, ModelSignature } from './exportModel';
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
export type { Place } from './place';
export { type PreparedImages, prepareImages, readImages } from './readImages';
export { Regressor, type RegressorEvaluation, type RegressorNetwork, type RegressorTask } from './regressor';
export { checkpointOfStep, type RunRecord, readConfigFile } from './runFolder';
export { SoftmaxRegression, type SoftmaxRegressionConfig } from './softmaxRegression';
export {
  type ConfigOf,
  type Inputs,
  type Network,
  type Sets,
  SupervisedAgent,
  type SupervisedConfig,
  type SupervisedTask,
} from './supervisedAgent';
export type { EpochOptions, Evaluation, FileExamples, SetName, Task, TrainingResult, TrainOptions } from './task';
export { runTrial, type TrialOptions, trials, trialsOf } from './trial';
