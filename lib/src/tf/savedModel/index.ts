/** The exports of `tf.savedModel`: models as folders, exchanged with Python, TensorFlow Serving and others. */
export {
  type AddMetaGraphOptions,
  type AddOtherMetaGraphOptions,
  Builder,
  type BuilderSaveOptions,
  simpleSave,
} from './builder';
export { signatureConstants, tagConstants } from './constants';
export {
  type InspectedGraph,
  type InspectedModel,
  type InspectedSignature,
  type InspectedTensor,
  inspect,
} from './inspect';
export { type LoadOptions, load } from './load';
export { type OpenedModel, type OpenOptions, open, type SignatureFunction } from './open';
export type { SignatureInput, SignatureValue } from './ports';
export { buildTensorInfo, type NamedTensors } from './signatureDefs';
export * as signatureDefUtils from './signatureDefUtils';
