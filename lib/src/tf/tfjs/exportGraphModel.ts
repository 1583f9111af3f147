/**
 * Exports networks to TensorFlow.js: frozen graphs, in JSON and files of weights.
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

/** Options of exporting a network to TensorFlow.js. */
export interface ExportGraphModelOptions {
  /**
   * The network's inputs, by their public names. A placeholder with a default that isn't listed is replaced by the
   * default.
   *
   * @defaultValue the placeholders that the outputs need, by their names
   */
  inputs?: NamedTensors;
  /**
   * The storage format of `float32` weights: `float16`, or integers of 8 or 16 bits that represent numbers between a
   * weight's minimum and maximum. Files become half or a quarter as large, and results slightly less accurate.
   *
   * @defaultValue unchanged
   */
  quantization?: Quantization;
  /**
   * Whether to replace the content of the folder.
   *
   * @defaultValue `false`
   */
  overwrite?: boolean;
}

/** Recognizes the files of an exported network. */
const isOurs = (name: string) => name === 'model.json' || /^group\d+-shard\d+of\d+\.bin$/.test(name);

/**
 * Writes a network for TensorFlow.js: `model.json`, which `loadGraphModel` loads, and files of weights next to it. The
 * graph is simplified: variables become constants; dropout, training operations and operations that only forward their
 * input are removed; batch normalization is folded into the preceding weights; constants are folded.
 *
 * Either all files are written, or none.
 *
 * @param session has the variables' values
 * @param outputs the network's outputs, by their public names, or tensors, which then keep theirs
 * @param dir a folder that is empty or doesn't exist
 * @returns the path of `model.json`
 * @throws {UnimplementedError} when TensorFlow.js lacks some of the operations that the outputs need; the message lists
 * them, their locations, and similar operations
 * @throws {FailedPreconditionError} when a variable has no value
 * @throws {InvalidArgumentError} when the outputs need a placeholder that isn't among the inputs, or a constant has a
 * dtype or values that TensorFlow.js doesn't support
 * @throws {AlreadyExistsError} when the folder isn't empty; with `overwrite`, when it contains something other than
 * such a network
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
    // Makes `predict` return several outputs by name.
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

/** Outputs by name: by their own names, if no others are given. */
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
