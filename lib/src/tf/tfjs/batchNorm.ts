/**
 * Folds per-channel scaling and shifting, above all batch normalization, into the weights of the preceding convolution
 * or matrix product.
 */
import type { NodeDef } from '../../protos';
import { HostArray } from '../../runtime/hostArray';
import { become, constantOf, type Nodes, type Output } from './nodes';
import { becomeIdentity } from './passing';

/** Channels that are each multiplied by a number and shifted by another one. */
interface Affine {
  /** The node that computes the channels. */
  readonly base: NodeDef;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  /** The number of operations that do this. */
  readonly length: number;
}

const BATCH_NORMS: ReadonlySet<string> = new Set(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']);

/**
 * Folds constants that scale and shift the outputs of convolutions and matrix products into their weights and a single
 * bias.
 */
export function foldBatchNorms(nodes: Nodes): void {
  const folding = new Folding(nodes);
  // From the last to the first, so that the longest chain of operations is found before its parts.
  const folded = new Set<NodeDef>();
  for (const node of nodes.all.reverse()) {
    const affine = folding.affineOf(node);
    if (affine === undefined || affine.base === node || folded.has(affine.base)) continue;
    folded.add(affine.base);
    if (affine.length > 1 || affine.scale.some((factor) => factor !== 1)) fold(nodes, node, affine);
  }
}

class Folding {
  readonly #nodes: Nodes;
  readonly #uses: ReadonlyMap<string, number>;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.#uses = nodes.uses();
  }

  /** The scaling and shifting of channels that a node performs; undefined if it does something else. */
  affineOf(node: NodeDef): Affine | undefined {
    const channels = channelsOf(this.#nodes, node);
    if (channels !== undefined) {
      const scale = new Float64Array(channels).fill(1);
      return { base: node, scale, offset: new Float64Array(channels), length: 0 };
    }
    const { op, input } = node;
    if (BATCH_NORMS.has(op)) return this.#batchNorm(node);
    switch (op) {
      case 'BiasAdd':
        return isChannelsLast(node) ? this.#after(input[0]!, [input[1]!], (x, [b]) => [x[0], x[1] + b!]) : undefined;
      case 'Add':
      case 'AddV2':
        return this.#withEither(node, (x, [b]) => [x[0], x[1] + b!]);
      case 'Mul':
        return this.#withEither(node, (x, [a]) => [x[0] * a!, x[1] * a!]);
      case 'Sub':
        return (
          this.#after(input[0]!, [input[1]!], (x, [b]) => [x[0], x[1] - b!]) ??
          this.#after(input[1]!, [input[0]!], (x, [b]) => [-x[0], b! - x[1]])
        );
      case 'RealDiv':
        return this.#after(input[0]!, [input[1]!], (x, [a]) => [x[0] / a!, x[1] / a!]);
      default:
        return undefined;
    }
  }

  #batchNorm(node: NodeDef): Affine | undefined {
    const [x, ...parameters] = node.input as [Output, ...Output[]];
    if (node.attr.is_training?.b !== false || !isChannelsLast(node)) return undefined;
    const { f: epsilon = 1e-4 } = node.attr.epsilon ?? {};
    return this.#after(x, parameters, ([scale, offset], [gamma, beta, mean, variance]) => {
      const factor = gamma! / Math.sqrt(variance! + epsilon);
      return [scale * factor, offset * factor + beta! - mean! * factor];
    });
  }

  /** For a constant on either side. */
  #withEither({ input }: NodeDef, change: Change): Affine | undefined {
    const [first, second] = input as [Output, Output];
    return this.#after(first, [second], change) ?? this.#after(second, [first], change);
  }

  /** The scaling and shifting after a node with constants, one per channel or one for all. */
  #after(output: Output, constants: readonly Output[], change: Change): Affine | undefined {
    const node = this.#nodes.of(output);
    if (!node || output !== node.name || this.#uses.get(node.name) !== 1 || this.#nodes.isKept(node)) return undefined;
    const before = this.affineOf(node);
    if (!before) return undefined;
    const channels = before.scale.length;
    const values = constants.map((constant) =>
      perChannel(constantOf(this.#nodes.of(constant)), channels, rankOf(before)),
    );
    if (!values.every((value) => value !== undefined)) return undefined;
    const [scale, offset] = [new Float64Array(channels), new Float64Array(channels)];
    for (let i = 0; i < channels; i++) {
      const given = values.map((value) => value![i]!);
      [scale[i], offset[i]] = change([before.scale[i]!, before.offset[i]!], given);
    }
    return { ...before, scale, offset, length: before.length + 1 };
  }
}

/** Computes the new scale and offset of a channel, given the constants. */
type Change = (
  before: readonly [scale: number, offset: number],
  constants: readonly number[],
) => [scale: number, offset: number];

/** The number of channels that a node computes with constant weights; undefined if it isn't such a node. */
function channelsOf(nodes: Nodes, node: NodeDef): number | undefined {
  const { op, attr } = node;
  if (!['Conv2D', 'DepthwiseConv2dNative', 'MatMul'].includes(op)) return undefined;
  const weights = constantOf(nodes.of(node.input[1]!));
  if (weights?.dtype !== 'float32') return undefined;
  const { shape } = weights;
  if (op === 'MatMul') return shape[attr.transpose_b?.b ? 0 : 1];
  if (!isChannelsLast(node)) return undefined;
  return op === 'Conv2D' ? shape[3] : shape[2]! * shape[3]!;
}

const rankOf = ({ base }: Affine) => (base.op === 'MatMul' ? 2 : 4);

function isChannelsLast({ attr }: NodeDef): boolean {
  const format = attr.data_format?.s;
  return format === undefined || Buffer.from(format).toString() === 'NHWC';
}

/**
 * The elements of a constant, one per channel; undefined if it has another number of elements, or dimensions besides
 * the channels.
 */
function perChannel(value: HostArray | undefined, channels: number, rank: number): Float64Array | undefined {
  if (value?.dtype !== 'float32' || value.rank > rank) return undefined;
  const { data, shape } = value as HostArray<'float32'>;
  if (data.length === 1) return new Float64Array(channels).fill(data[0]!);
  return data.length === channels && shape.at(-1) === channels ? Float64Array.from(data) : undefined;
}

function fold(nodes: Nodes, last: NodeDef, { base, scale, offset }: Affine): void {
  const weights = constantOf(nodes.of(base.input[1]!)) as HostArray<'float32'>;
  const channels = scale.length;
  // The channels are the last dimension or, for a transposed matrix, the first.
  const each = base.op === 'MatMul' && base.attr.transpose_b?.b ? weights.data.length / channels : 1;
  const scaled = weights.data.map((weight, i) => weight * scale[Math.floor(i / each) % channels]!);
  const folded = nodes.addConstant(`${base.name}/folded`, new HostArray('float32', weights.shape, scaled));
  base.input[1] = folded.name;
  if (offset.every((number) => number === 0)) {
    becomeIdentity(last, base.name);
    return;
  }
  const bias = nodes.addConstant(`${base.name}/bias`, new HostArray('float32', [channels], Float32Array.from(offset)));
  become(last, 'BiasAdd', [base.name, bias.name], { T: base.attr.T ?? {}, data_format: { s: 'NHWC' } });
}
