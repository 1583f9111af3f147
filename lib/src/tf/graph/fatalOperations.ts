/**
 * What libtensorflow would end the process over, rather than refuse it: it is asked before. Found by building every operation that
 * libtensorflow has with inputs of all ranks and with attributes that can't be right.
 */
import type { OpDef } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import type { AttributeValue } from './attributes';

/** What an operation is to be built of. */
export interface Parts {
  /** An attribute's value; undefined where it follows from the inputs, or has its default. */
  attribute(name: string): AttributeValue | undefined;
  /** The shapes of an input, of which a list has several; null where unknown. None where nothing is known of inputs yet. */
  shapes(input: string): readonly (readonly unknown[] | null)[];
  /** The element type of an input. */
  dtype(input: string): string | undefined;
}

/** Says what is wrong, or undefined. */
type Check = (parts: Parts) => string | undefined;

/** The shape function counts the rows of its inputs before it looks whether they have any. */
const noScalars =
  (...inputs: string[]): Check =>
  ({ shapes }) => {
    const scalar = inputs.find((input) => shapes(input).some((shape) => shape?.length === 0));
    return scalar && `input '${scalar}' has at least one dimension`;
  };

/** The shape function reads an input's only element without looking whether there are more. */
const oneElement =
  (input: string): Check =>
  ({ shapes }) =>
    shapes(input).some((shape) => shape && shape.length > 0) ? `input '${input}' is a scalar` : undefined;

/** The shape function takes an item of the second list for each of the first's, or the other way round. */
const sameLength =
  (one: string, other: string): Check =>
  ({ attribute }) => {
    const [first, second] = [attribute(one), attribute(other)];
    if (!Array.isArray(first) || !Array.isArray(second) || first.length === second.length) return undefined;
    return `attributes '${one}' and '${other}' are of one length, not of ${first.length} and ${second.length}`;
  };

/** The shape function takes an attribute for 32 bits without looking whether it is. */
const int32 =
  (name: string): Check =>
  ({ attribute }) => {
    const value = attribute(name);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return isNumber && (value > 2 ** 31 - 1 || value < -(2 ** 31)) ? `attribute '${name}' has 32 bits` : undefined;
  };

const checks: Readonly<Record<string, Check>> = {
  BoostedTreesAggregateStats: noScalars('node_ids', 'gradients', 'hessians', 'feature'),
  BoostedTreesExampleDebugOutputs: noScalars('bucketized_features'),
  BoostedTreesPredict: noScalars('bucketized_features'),
  BoostedTreesTrainingPredict: noScalars('bucketized_features', 'cached_tree_ids', 'cached_node_ids'),
  CollectiveGather: int32('group_size'),
  FakeQuantWithMinMaxVarsPerChannelGradient: noScalars('inputs'),
  InfeedDequeueTuple: sameLength('dtypes', 'shapes'),
  QueueDequeueMany: oneElement('n'),
  QueueDequeueManyV2: oneElement('n'),
  SplitDedupData: ({ attribute }) =>
    attribute('tuple_mask') === '' ? "attribute 'tuple_mask' isn't empty" : undefined,
  SplitV: ({ dtype, shapes }) =>
    dtype('size_splits') === 'int8' || shapes('size_splits').some((shape) => shape && shape.length !== 1)
      ? "input 'size_splits' is a vector of int32 or int64"
      : undefined,
  XlaCallModule: sameLength('Tout', 'Sout'),
};

/** libtensorflow makes room for every output before it asks whether there may be so many. */
const MAX_OUTPUTS = 65536;

/** @throws {InvalidArgumentError} when libtensorflow would end the process, or take all memory */
export function checkFatal({ name, outputArg }: OpDef, parts: Parts): void {
  for (const { numberAttr } of outputArg) {
    const count = numberAttr ? parts.attribute(numberAttr) : undefined;
    if ((typeof count === 'number' || typeof count === 'bigint') && count > MAX_OUTPUTS)
      throw new InvalidArgumentError(`${name} can't have ${count} outputs (attribute '${numberAttr}')`);
  }
  const wrong = Object.hasOwn(checks, name) ? checks[name]?.(parts) : undefined;
  if (wrong !== undefined) throw new InvalidArgumentError(`${name}: ${wrong}`);
}
