/**
 * Runs exported networks that consist of common operations, as most networks for digits do. It is available before
 * TensorFlow.js has been decompressed, and answers the first time in a tenth of the time that TensorFlow.js needs, most
 * of it for being compiled. TensorFlow.js runs all other networks.
 */

import { DataLossError } from '../../../runtime/errors';
import { type Answer, type ExportedReader, layerOf } from '../answer';
import { endsOf, imageOf, modelOf, type NodeJson } from '../exportedModel';
import { softmax } from '../probabilities';
import { operations } from './operations';
import type { Value } from './value';
import { canRead, readWeights } from './weights';

/** Whether this module can run a network, judging by its `model.json`. */
export function canExecute(json: string): boolean {
  const model = modelOf(json);
  const { node, library } = model.modelTopology;
  return library?.function === undefined && canRead(model) && node.every(isKnown);
}

function isKnown(node: NodeJson): boolean {
  const { op, attr, input = [] } = node;
  if (op === 'Const') return true;
  if (op === 'Placeholder') return attr?.dtype?.type === 'DT_FLOAT';
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (!operation || attr?.T?.type !== 'DT_FLOAT' || input.some((name) => name.includes(':'))) return false;
  return operation.does?.(node) ?? true;
}

/**
 * A function that reads digits: 28 × 28 bytes, in which 0 is paper.
 *
 * @throws {DataLossError} when files are damaged, or don't belong together
 */
export function readerOf({ json, weights }: ExportedReader): (pixels: Uint8Array) => Answer {
  const model = modelOf(json);
  const constants = readWeights(model, weights);
  const { input, shape, outputs } = endsOf(model);
  const names = outputs.map(nodeOf);
  const order = orderOf(model.modelTopology.node, names);
  for (const node of order) {
    const isGiven =
      node.op === 'Const' ? constants.has(node.name) : node.name === nodeOf(input) || node.op in operations;
    if (!isGiven || !isKnown(node))
      throw new DataLossError(`model.json is damaged: '${node.name}' (${node.op}) is not what was exported`);
  }
  return (pixels) => {
    const values = new Map<string, Value>(constants);
    values.set(nodeOf(input), { shape, data: imageOf(pixels) });
    for (const node of order) {
      if (values.has(node.name)) continue;
      values.set(node.name, operations[node.op]!.compute(node, ...(node.input ?? []).map((name) => values.get(name)!)));
    }
    const [logits, ...layers] = names.map((name) => values.get(name)!);
    return { probabilities: softmax(logits!.data), layers: layers.map(layerOf) };
  };
}

/** `'x'` for `'x:0'`. */
const nodeOf = (output: string) => output.replace(/:0$/, '');

/** The nodes needed to compute others, each after its inputs. */
function orderOf(nodes: readonly NodeJson[], names: readonly string[]): NodeJson[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const order = new Set<NodeJson>();
  const visit = (name: string) => {
    const node = byName.get(name);
    if (!node) throw new DataLossError(`model.json is damaged: its graph lacks '${name}'`);
    if (order.has(node)) return;
    for (const input of node.input ?? []) visit(input);
    order.add(node);
  };
  for (const name of names) visit(name);
  return [...order];
}
