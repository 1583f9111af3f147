/** Removes dropout, which inference doesn't need. */
import { type GraphDef, NodeDef } from '../../protos';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { nodeOf } from './names';

const RANDOM: ReadonlySet<string> = new Set(['RandomUniform', 'StatelessRandomUniform', 'StatelessRandomUniformV2']);
const SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2']);
const QUOTIENTS: ReadonlySet<string> = new Set(['RealDiv', 'Div', 'DivNoNan']);
const CHOICES: ReadonlySet<string> = new Set(['Select', 'SelectV2']);

/**
 * Replaces each dropout by an `Identity`, whatever its probability. Dropout is recognized by the pattern that all
 * versions of TensorFlow 1 build: an input divided by the probability of being kept, times a random mask, or selected
 * by it.
 *
 * @param graph knows the shapes
 * @param def is modified
 */
export function removeDropout(graph: Graph, def: GraphDef): void {
  const dropout = new Dropout(graph, def.node);
  const sources = def.node.map((node) => dropout.sourceOf(node));
  for (const [i, node] of def.node.entries()) {
    const source = sources[i];
    if (source === undefined) continue;
    const attr = { T: node.attr.T ?? {} };
    Object.assign(node, NodeDef.decode(NodeDef.encode({ name: node.name, op: 'Identity', input: [source], attr })));
  }
}

class Dropout {
  readonly #nodes: ReadonlyMap<string, NodeDef>;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(graph: Graph, nodes: readonly NodeDef[]) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    this.#operations = new Map(graph.operations.map((operation) => [operation.name, operation]));
  }

  /** The input of the dropout that ends in a node; undefined if none does. */
  sourceOf({ op, input }: NodeDef): string | undefined {
    if (CHOICES.has(op)) return this.#isComparison(input[0]!) ? this.#unscaled(input[1]!) : undefined;
    if (op !== 'Mul') return undefined;
    const [scaled, mask] = this.#isMask(input[1]!) ? input : [...input].reverse();
    return this.#isMask(mask!) ? this.#unscaled(scaled!) : undefined;
  }

  /** The input of the scaling in a dropout. */
  #unscaled(output: string): string | undefined {
    const { op = '', input = [] } = this.#nodes.get(nodeOf(output)) ?? {};
    if (QUOTIENTS.has(op)) return this.#isScalar(input[1]!) ? input[0] : undefined;
    if (op !== 'Mul') return undefined;
    const [first, second] = input as [string, string];
    if (this.#isScalar(second)) return first;
    return this.#isScalar(first) ? second : undefined;
  }

  /**
   * The random mask, 0 for dropped elements and 1 for others: `floor(random + keepProb)`, or `random >= rate` as a
   * number.
   */
  #isMask(output: string): boolean {
    const { op, input = [] } = this.#nodes.get(nodeOf(output)) ?? {};
    if (op === 'Cast') return this.#isComparison(input[0]!);
    if (op !== 'Floor') return false;
    const sum = this.#nodes.get(nodeOf(input[0]!));
    return sum !== undefined && SUMS.has(sum.op) && sum.input.some((term) => this.#isRandom(term));
  }

  #isComparison(output: string): boolean {
    const { op, input = [] } = this.#nodes.get(nodeOf(output)) ?? {};
    return op === 'GreaterEqual' && this.#isRandom(input[0]!);
  }

  /** Random numbers from 0 to 1, possibly scaled to that range. */
  #isRandom(output: string): boolean {
    const node = this.#nodes.get(nodeOf(output));
    if (!node) return false;
    if (RANDOM.has(node.op)) return true;
    const { op, input } = node;
    const isStretched = op === 'Cast' || ((op === 'Mul' || SUMS.has(op)) && this.#isScalar(input[1]!));
    return isStretched && this.#isRandom(input[0]!);
  }

  /** Whether an output is a scalar. */
  #isScalar(output: string): boolean {
    const index = Number(/:(\d+)$/.exec(output)?.[1] ?? 0);
    return this.#operations.get(nodeOf(output))?.outputs[index]?.shape?.length === 0;
  }
}
