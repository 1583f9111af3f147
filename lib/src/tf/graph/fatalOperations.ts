/**
 * Refuses operations over which libtensorflow would abort the process instead of reporting an error. They were found by
 * building every operation of libtensorflow with inputs of all ranks and with invalid attributes.
 */
import type { OpDef } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import { MAX_RANK } from '../../runtime/hostArray';
import type { AttributeValue } from './attributes';
import type { Operation } from './operation';

/** The parts from which an operation is about to be built. */
export interface Parts {
  /** An attribute's value; undefined if it is inferred from the inputs or has its default. */
  attribute(name: string): AttributeValue | undefined;
  /**
   * The shapes of an input (a list has several); null for an unknown shape. Empty if nothing is known about inputs yet.
   */
  shapes(input: string): readonly (readonly unknown[] | null)[];
  /** The element type of an input. */
  dtype(input: string): string | undefined;
  /** The operation that computes an input; undefined if nothing is known about inputs yet. */
  source(input: string): Operation | undefined;
}

/** Returns what is wrong, or undefined. */
type Check = (parts: Parts) => string | undefined;

/** The shape function counts the rows of its inputs without checking that they have any. */
const noScalars =
  (...inputs: string[]): Check =>
  ({ shapes }) => {
    const scalar = inputs.find((input) => shapes(input).some((shape) => shape?.length === 0));
    return scalar && `input '${scalar}' has at least one dimension`;
  };

/** The shape function reads an input's only element without checking that there is just one. */
const oneElement =
  (input: string): Check =>
  ({ shapes }) =>
    shapes(input).some((shape) => shape && shape.length > 0) ? `input '${input}' is a scalar` : undefined;

/** The kernel reads an input's only element, and aborts the process if a run gives it another number of elements. */
const knownScalars =
  (...inputs: string[]): Check =>
  ({ shapes }) => {
    const wrong = inputs.find((input) => shapes(input).some((shape) => shape === null || shape.length > 0));
    return wrong && `input '${wrong}' is a scalar, and known to be one (tensor.setShape([]) says so)`;
  };

/** An accumulator's kernel interprets a gradient's memory as the accumulator's dtype. */
const likeAccumulator =
  (dtypeOf: (parts: Parts) => unknown): Check =>
  (parts) => {
    const accumulator = parts.source('handle');
    if (!accumulator?.type.endsWith('ConditionalAccumulator')) return undefined;
    const [dtype, own] = [dtypeOf(parts), accumulator.getAttribute('dtype')];
    return dtype === own ? undefined : `the gradients of '${accumulator.name}' are of ${own}, not of ${dtype}`;
  };

/** Kernels that change resource variables assume that the variables have the dtype of their other inputs. */
const CHANGES_VARIABLES = /^Resource(Sparse)?Apply|^ResourceStridedSliceAssign$/;

function likeVariables({ inputArg }: OpDef, parts: Parts): string | undefined {
  const value = inputArg.find(({ typeAttr }) => typeAttr === 'T');
  const dtype = value && parts.dtype(value.name);
  if (dtype === undefined) return undefined;
  for (const { name } of inputArg) {
    const variable = parts.source(name);
    const own: unknown = variable?.type === 'VarHandleOp' ? variable.getAttribute('dtype') : dtype;
    if (own !== dtype) return `the variable '${variable!.name}' is of ${own}, not of ${dtype}`;
  }
  return undefined;
}

const applied = (gradient: string) =>
  all(
    knownScalars('local_step'),
    likeAccumulator(({ dtype }) => dtype(gradient)),
  );
const taken = all(
  knownScalars('num_required'),
  likeAccumulator(({ attribute }) => attribute('dtype')),
);

/**
 * The kernel splits elements along the first dimension; if the queue has no shapes, nothing checks that there is one.
 */
const rows: Check = ({ shapes, source }) => {
  const queue = source('handle');
  const unshaped = /Queue(V2)?$/.test(queue?.type ?? '') && (queue!.getAttribute('shapes') as []).length === 0;
  return unshaped && shapes('components').includes(null)
    ? `the rank of input 'components' is known, since '${queue!.name}' has no shapes (tensor.setShape says it)`
    : undefined;
};

/** The kernel adds a dimension of up to 2^31 to a component's shape without checking for overflow. */
const roomForBatches: Check = ({ attribute }) => {
  const shapes = attribute('shapes');
  const isTooGreat = (shape: unknown) =>
    Array.isArray(shape) &&
    (shape.length >= MAX_RANK || shape.reduce((product, size) => product * (size || 1), 1) > 2 ** 32);
  return Array.isArray(shapes) && shapes.some(isTooGreat)
    ? `a component of a queue has fewer than ${MAX_RANK} dimensions, and at most 2^32 elements`
    : undefined;
};

function all(...checks: Check[]): Check {
  return (parts) => {
    for (const check of checks) {
      const wrong = check(parts);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** The shape function pairs the items of two lists without checking that they have the same length. */
const sameLength =
  (one: string, other: string): Check =>
  ({ attribute }) => {
    const [first, second] = [attribute(one), attribute(other)];
    if (!Array.isArray(first) || !Array.isArray(second) || first.length === second.length) return undefined;
    return `attributes '${one}' and '${other}' are of one length, not of ${first.length} and ${second.length}`;
  };

/** The shape function assumes that an attribute fits into 32 bits. */
const int32 =
  (name: string): Check =>
  ({ attribute }) => {
    const value = attribute(name);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return isNumber && (value > 2 ** 31 - 1 || value < -(2 ** 31)) ? `attribute '${name}' has 32 bits` : undefined;
  };

const checks: Readonly<Record<string, Check>> = {
  AccumulatorApplyGradient: applied('gradient'),
  AccumulatorSetGlobalStep: knownScalars('new_global_step'),
  AccumulatorTakeGradient: taken,
  BoostedTreesAggregateStats: noScalars('node_ids', 'gradients', 'hessians', 'feature'),
  BoostedTreesExampleDebugOutputs: noScalars('bucketized_features'),
  BoostedTreesPredict: noScalars('bucketized_features'),
  BoostedTreesTrainingPredict: noScalars('bucketized_features', 'cached_tree_ids', 'cached_node_ids'),
  CollectiveGather: int32('group_size'),
  FIFOQueue: roomForBatches,
  FIFOQueueV2: roomForBatches,
  FakeQuantWithMinMaxVarsPerChannelGradient: noScalars('inputs'),
  InfeedDequeueTuple: sameLength('dtypes', 'shapes'),
  PaddingFIFOQueue: roomForBatches,
  PaddingFIFOQueueV2: roomForBatches,
  PriorityQueue: roomForBatches,
  PriorityQueueV2: roomForBatches,
  QueueDequeueMany: oneElement('n'),
  QueueDequeueManyV2: oneElement('n'),
  QueueDequeueUpTo: oneElement('n'),
  QueueDequeueUpToV2: oneElement('n'),
  QueueEnqueueMany: all(noScalars('components'), rows),
  QueueEnqueueManyV2: all(noScalars('components'), rows),
  RandomShuffleQueue: roomForBatches,
  RandomShuffleQueueV2: roomForBatches,
  ResourceAccumulatorApplyGradient: applied('gradient'),
  ResourceAccumulatorSetGlobalStep: knownScalars('new_global_step'),
  ResourceAccumulatorTakeGradient: taken,
  SparseAccumulatorApplyGradient: applied('gradient_values'),
  SparseAccumulatorTakeGradient: taken,
  SplitDedupData: ({ attribute }) =>
    attribute('tuple_mask') === '' ? "attribute 'tuple_mask' isn't empty" : undefined,
  SplitV: ({ dtype, shapes }) =>
    dtype('size_splits') === 'int8' || shapes('size_splits').some((shape) => shape && shape.length !== 1)
      ? "input 'size_splits' is a vector of int32 or int64"
      : undefined,
  XlaCallModule: sameLength('Tout', 'Sout'),
};

/** libtensorflow allocates all outputs before it checks their number. */
const MAX_OUTPUTS = 65536;

/** @throws {InvalidArgumentError} when libtensorflow would abort the process, or allocate all memory */
export function checkFatal(definition: OpDef, parts: Parts): void {
  const { name, outputArg } = definition;
  for (const { numberAttr } of outputArg) {
    const count = numberAttr ? parts.attribute(numberAttr) : undefined;
    if ((typeof count === 'number' || typeof count === 'bigint') && count > MAX_OUTPUTS)
      throw new InvalidArgumentError(`${name} can't have ${count} outputs (attribute '${numberAttr}')`);
  }
  const wrong = CHANGES_VARIABLES.test(name)
    ? likeVariables(definition, parts)
    : Object.hasOwn(checks, name)
      ? checks[name]?.(parts)
      : undefined;
  if (wrong !== undefined) throw new InvalidArgumentError(`${name}: ${wrong}`);
}
