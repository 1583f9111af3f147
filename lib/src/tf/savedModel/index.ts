/** Everything that is `tf.savedModel.…`: models as folders, for Python, TensorFlow Serving and others, and theirs for us. */
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
