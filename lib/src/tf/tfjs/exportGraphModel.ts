/**
 * Networks for TensorFlow.js: graphs with what they have learned, in JSON and files of weights.
 *
 * @see TensorFlow.js' tfjs-converter/python/tensorflowjs/converters/tf_saved_model_conversion_v2.py
 */
import path from 'node:path';
import { checkInstance, checkObject } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { replaceFileSync, replaceFolder } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { ownVersion } from '../../runtime/version';
import type { Graph } from '../graph/graph';
import { Tensor } from '../graph/tensor';
import type { NamedTensors } from '../savedModel';
import { Session } from '../session';
import { graphToJson, signatureToJson } from './json';
import { networkOf } from './network';
import { checkRunnable } from './operations';
import { type Quantization, quantizations, storeWeights } from './weights';

/** How to export a network to TensorFlow.js. */
export interface ExportGraphModelOptions {
  /**
   * What the network takes, by the names that it shall have for others. A placeholder with a default that isn't among them has that default.
   *
   * @defaultValue the placeholders that the outputs need, by their names
   */
  inputs?: NamedTensors;
  /**
   * What weights of `float32` are stored as: `float16`, or whole numbers of 8 or 16 bits that stand for numbers between a weight's least
   * element and its greatest. Files are a half or a quarter as large, and answers a bit less exact.
   *
   * @defaultValue as they are
   */
  quantization?: Quantization;
  /**
   * Whether what is in the folder is replaced.
   *
   * @defaultValue `false`
   */
  overwrite?: boolean;
}

/** What a folder of an exported network has in it. */
const isOurs = (name: string) => name === 'model.json' || /^group\d+-shard\d+of\d+\.bin$/.test(name);

/**
 * Writes a network for TensorFlow.js: `model.json`, which its `loadGraphModel` takes, and files of weights beside it. Variables become
 * constants; dropout, what only training needs and what only hands on are left out, batch normalization goes into the weights before it,
 * and what depends on constants only is computed.
 *
 * Either all files are written, or none.
 *
 * @param session has the variables' values
 * @param outputs what the network gives, by the names that it shall have for others, or tensors, which then keep theirs
 * @param dir a folder that is empty, or isn't there
 * @returns the path of `model.json`
 * @throws {UnimplementedError} when TensorFlow.js has not all operations that the outputs need: they are named, with where they are and what
 *   there is like them
 * @throws {FailedPreconditionError} when a variable has no value
 * @throws {InvalidArgumentError} when the outputs need a placeholder that isn't among the inputs, or there is a constant of a dtype, or of
 *   numbers, that TensorFlow.js doesn't have
 * @throws {AlreadyExistsError} when there is something in the folder: with `overwrite`, something else than such a network
 *
 * @example
 * await tf.tfjs.exportGraphModel(session, { logits }, 'models/digits-js', { inputs: { images }, quantization: 'float16' });
 */
export async function exportGraphModel(
  session: Session,
  outputs: NamedTensors | Tensor | Iterable<Tensor>,
  dir: string,
  options: ExportGraphModelOptions = {},
): Promise<string> {
  const {
    inputs,
    quantization,
    overwrite = false,
  } = onlyOptions(options, { inputs: 'any', quantization: quantizations, overwrite: 'boolean' });
  checkInstance('what has the values of variables', session, Session, 'session');
  const named = namedOutputs(session.graph, outputs);
  if (inputs !== undefined) checkOwned('what the network takes', session.graph, inputs);
  const { graph, signature } = await networkOf(session, named, inputs);
  checkRunnable(graph);
  const nodes = [...graph.node, ...(graph.library?.function ?? []).flatMap(({ nodeDef }) => nodeDef)];
  const { files, manifest } = storeWeights(nodes, quantization);
  const names = Object.keys(signature.outputs);
  const model = {
    format: 'graph-model',
    generatedBy: `tf-mechanics ${ownVersion()}`,
    convertedBy: `tf-mechanics ${ownVersion()}`,
    signature: signatureToJson(signature),
    // By this, `predict` gives several outputs by their names.
    ...(names.length > 1 && { userDefinedMetadata: { structuredOutputKeys: names } }),
    modelTopology: graphToJson(graph),
    weightsManifest: manifest,
  };
  const write = async (pending: string) => {
    for (const [name, bytes] of files) replaceFileSync(path.join(pending, name), bytes);
    replaceFileSync(path.join(pending, 'model.json'), JSON.stringify(model));
  };
  await replaceFolder(dir, write, isOurs, overwrite);
  return path.join(dir, 'model.json');
}

/** Tensors by names: their own, where they have no others. */
function namedOutputs(graph: Graph, outputs: NamedTensors | Tensor | Iterable<Tensor>): NamedTensors {
  if (outputs instanceof Tensor) return namedOutputs(graph, [outputs]);
  checkObject('what the network gives', outputs);
  const named =
    Symbol.iterator in outputs
      ? Object.fromEntries(Array.from(outputs as Iterable<Tensor>, (tensor) => [nameOf(tensor), tensor]))
      : outputs;
  if (Object.keys(named).length === 0)
    throw new InvalidArgumentError('a network gives something, and there are no outputs');
  checkOwned('what the network gives', graph, named);
  return named;
}

function nameOf(tensor: Tensor): string {
  checkInstance('what the network gives', tensor, Tensor);
  return tensor.name.replace(/:0$/, '');
}

function checkOwned(what: string, graph: Graph, tensors: NamedTensors): void {
  checkObject(what, tensors);
  for (const tensor of Object.values(tensors)) {
    checkInstance(what, tensor, Tensor);
    graph.checkOwns(tensor);
  }
}
