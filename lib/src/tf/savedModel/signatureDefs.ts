/**
 * Signatures: the inputs and outputs of a SavedModel's graphs, under names that are independent of those in the graph.
 *
 * @see TensorFlow's python/saved_model/signature_def_utils_impl.py
 */
import { type MessageInit, SignatureDef, TensorInfo } from '../../protos';
import { checkInstance, checkObject } from '../../runtime/arguments';
import { dtypeNumber } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { encodeShape } from '../graph/attributes';
import { Tensor } from '../graph/tensor';
import { signatureConstants } from './constants';

/** Tensors by their names in a signature. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/**
 * A signature's description of a tensor: its name in the graph, its dtype and its shape.
 *
 * @example
 * tf.savedModel.buildTensorInfo(images).dtype; // 1, DT_FLOAT
 */
export function buildTensorInfo(tensor: Tensor): TensorInfo {
  checkInstance('what a signature takes or gives', tensor, Tensor);
  const { name, dtype, shape } = tensor;
  return TensorInfo.decode(TensorInfo.encode({ name, dtype: dtypeNumber(dtype), tensorShape: encodeShape(shape) }));
}

/**
 * A signature from descriptions of tensors.
 *
 * @param methodName the method by which a server calls it, such as `tensorflow/serving/predict`
 *
 * @example
 * const { buildTensorInfo, signatureConstants } = tf.savedModel;
 * const inputs = { images: buildTensorInfo(images) };
 * const outputs = { logits: buildTensorInfo(logits) };
 * tf.savedModel.signatureDefUtils.buildSignatureDef(inputs, outputs, signatureConstants.PREDICT_METHOD_NAME);
 */
export function buildSignatureDef(
  inputs: Readonly<Record<string, MessageInit<TensorInfo>>>,
  outputs: Readonly<Record<string, MessageInit<TensorInfo>>>,
  methodName: string,
): SignatureDef {
  checkObject('the inputs of a signature', inputs);
  checkObject('the outputs of a signature', outputs);
  return SignatureDef.decode(SignatureDef.encode({ inputs, outputs, methodName }));
}

/**
 * A signature from tensors.
 *
 * @throws {InvalidArgumentError} when there are no inputs or no outputs
 *
 * @example
 * const signature = tf.savedModel.signatureDefUtils.predictSignatureDef({ images }, { logits });
 */
export function predictSignatureDef(inputs: NamedTensors, outputs: NamedTensors): SignatureDef {
  const described = (what: string, tensors: NamedTensors) => {
    checkObject(`the ${what} of a signature`, tensors);
    const entries = Object.entries(tensors);
    if (entries.length === 0) throw new InvalidArgumentError(`a signature has ${what}, and here are none`);
    return Object.fromEntries(entries.map(([name, tensor]) => [name, buildTensorInfo(tensor)]));
  };
  const { PREDICT_METHOD_NAME } = signatureConstants;
  return buildSignatureDef(described('inputs', inputs), described('outputs', outputs), PREDICT_METHOD_NAME);
}

/**
 * A signature for a server's classifications.
 *
 * @param examples serialized `tf.Example`s, strings
 * @param classes the names of the classes, strings; they or the scores may be null
 * @param scores float32
 * @throws {InvalidArgumentError} when one is of another dtype, or there are neither classes nor scores
 *
 * @example
 * const examples = tf.placeholder('string', [null]);
 * const scores = tf.placeholder('float32', [null, 10]);
 * tf.savedModel.signatureDefUtils.classificationSignatureDef(examples, null, scores);
 */
export function classificationSignatureDef(
  examples: Tensor<'string'>,
  classes: Tensor<'string'> | null,
  scores: Tensor<'float32'> | null,
): SignatureDef {
  if (!classes && !scores) throw new InvalidArgumentError('a classification gives classes, or scores, or both');
  const { CLASSIFY_INPUTS, CLASSIFY_OUTPUT_CLASSES, CLASSIFY_OUTPUT_SCORES, CLASSIFY_METHOD_NAME } = signatureConstants;
  const outputs = {
    ...(classes && { [CLASSIFY_OUTPUT_CLASSES]: ofDType('the classes', classes, 'string') }),
    ...(scores && { [CLASSIFY_OUTPUT_SCORES]: ofDType('the scores', scores, 'float32') }),
  };
  const inputs = { [CLASSIFY_INPUTS]: ofDType('the examples', examples, 'string') };
  return buildSignatureDef(inputs, outputs, CLASSIFY_METHOD_NAME);
}

/**
 * A signature for a server's regressions.
 *
 * @param examples serialized `tf.Example`s, strings
 * @param predictions float32
 * @throws {InvalidArgumentError} when one is of another dtype
 *
 * @example
 * const examples = tf.placeholder('string', [null]);
 * const prices = tf.placeholder('float32', [null]);
 * tf.savedModel.signatureDefUtils.regressionSignatureDef(examples, prices);
 */
export function regressionSignatureDef(examples: Tensor<'string'>, predictions: Tensor<'float32'>): SignatureDef {
  const { REGRESS_INPUTS, REGRESS_OUTPUTS, REGRESS_METHOD_NAME } = signatureConstants;
  const inputs = { [REGRESS_INPUTS]: ofDType('the examples', examples, 'string') };
  const outputs = { [REGRESS_OUTPUTS]: ofDType('the predictions', predictions, 'float32') };
  return buildSignatureDef(inputs, outputs, REGRESS_METHOD_NAME);
}

function ofDType(what: string, tensor: Tensor, dtype: 'string' | 'float32'): TensorInfo {
  const info = buildTensorInfo(tensor);
  if (tensor.dtype !== dtype) throw new InvalidArgumentError(`${what} are ${dtype}, not ${tensor.dtype}`);
  return info;
}
