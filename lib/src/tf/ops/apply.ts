/**
 * The basis of all builders: creates an operation of any type from tensors and plain values. Values become constants
 * named and typed according to TensorFlow's definition of the operation, so that a graph has the same names as in
 * Python.
 *
 * @see `_apply_op_helper` in TensorFlow's python/framework/op_def_library.py
 */

import type { OpDef } from '../../protos';
import { shown } from '../../runtime/arguments';
import { type DType, dtypeOf, isDType, isHostDType } from '../../runtime/dtypes';
import { withContext } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, MAX_RANK, toHostArray } from '../../runtime/hostArray';
import type { Attributes } from '../graph/attributes';
import { type Graph, getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { type Rank, Tensor } from '../graph/tensor';

/** An operand: a tensor, a value that becomes a constant, or an array of both, which is stacked. */
export type Operand = Tensor | ArrayLike | readonly Operand[];

/** Options that every builder's last parameter includes. */
export interface OpOptions {
  /**
   * The operation's name within the current scope.
   *
   * @defaultValue its type
   */
  name?: string;
}

type Argument = OpDef['inputArg'][number];

/**
 * Adds an operation.
 *
 * @param inputs one for each input of the operation's definition; an array for an input that is a list
 * @param attributes those that can't be inferred from the inputs
 * @param name its name, by default its type
 */
export function apply(type: string, inputs: readonly Operand[], attributes: Attributes = {}, name?: string): Operation {
  const graph = graphOf(inputs);
  return graph.nameScope(name || type, (scope) => {
    const definition = graph.definition(type);
    const dtypes = knownDTypes(definition, inputs, attributes);
    const tensors = definition.inputArg.map((argument, i) => {
      const input = inputs[i]!;
      const make = (value: Operand, name: string) => {
        const tensor = naming(argument.name, () => {
          const dtype = dtypeOfArgument(argument, dtypes) ?? allowedDType(definition, argument, value);
          return asInput(graph, value, argument, dtype, name);
        });
        // The first of several plain values with the same type attribute determines the dtype of the others.
        if (argument.typeAttr && !dtypes.has(argument.typeAttr)) dtypes.set(argument.typeAttr, tensor.dtype);
        return tensor;
      };
      if (!isList(argument)) return make(input, argument.name);
      if (!Array.isArray(input))
        throw new InvalidArgumentError(`'${argument.name}' of ${type} is an array of tensors, not ${shown(input)}`);
      return (input as readonly Operand[]).map((item, j) => make(item, `${argument.name}_${j}`));
    });
    const refs = definition.inputArg.flatMap(({ isRef }, i) => (isRef ? [tensors[i]! as Tensor] : []));
    return besides(refs, () => graph.createOperation(type, tensors, attributes, { name: scope }));
  });
}

/** An operation that writes through a reference must be on the variable's device. */
function besides<T>(refs: readonly Tensor[], build: () => T): T {
  return refs.reduceRight((inner, ref) => () => ref.graph.colocateWith(ref, inner), build)();
}

/** Like {@link apply}; returns the operation's first output. */
export function applyOne<D extends DType = DType, R extends Rank = Rank>(
  type: string,
  inputs: readonly Operand[],
  attributes: Attributes = {},
  name?: string,
): Tensor<D, R> {
  return apply(type, inputs, attributes, name).outputs[0]! as Tensor<D, R>;
}

/** The graph of the first tensor among `operands`, or else the default graph. */
export function graphOf(operands: readonly Operand[]): Graph {
  return firstTensor(operands)?.graph ?? getDefaultGraph();
}

/**
 * Converts `value` to a tensor: itself if it is one, or a constant.
 *
 * @param name of the constant
 * @throws {InvalidArgumentError} when the value is not an array, or doesn't fit the dtype
 */
export function asTensor(value: Operand, dtype?: DType, name?: string, graph: Graph = graphOf([value])): Tensor {
  if (value instanceof Tensor) return value.value(name);
  return asConstant(value, dtype, name ?? 'Const', graph);
}

function asConstant(
  value: ArrayLike | readonly Operand[],
  dtype: DType | undefined,
  name: string,
  graph: Graph,
): Tensor {
  if (Array.isArray(value) && firstTensor(value)) return stackOf(graph, value, dtype, name);
  if (dtype !== undefined && !isHostDType(dtype)) {
    // JavaScript has no float16 or bfloat16; TensorFlow converts from what JavaScript has.
    return graph.nameScope(name, (scope) =>
      applyOne('Cast', [asTensor(value, 'float32', 'x', graph)], { DstT: dtype }, scope),
    );
  }
  const array = toHostArray(value as ArrayLike, dtype);
  return graph.createOperation('Const', [], { value: array, dtype: array.dtype }, { name }).outputs[0]!;
}

/** Packs arrays that contain tensors along new leading dimensions. */
function stackOf(graph: Graph, items: readonly Operand[], dtype: DType | undefined, name: string): Tensor {
  const shared = dtype ?? firstTensor(items)?.dtype;
  return graph.nameScope(name, (scope) => {
    const tensors = items.map((item, i) => asTensor(item, shared, `${i}`, graph));
    return graph.createOperation('Pack', [tensors], { axis: 0 }, { name: scope }).outputs[0]!;
  });
}

function asInput(graph: Graph, value: Operand, argument: Argument, dtype: DType | undefined, name: string): Tensor {
  if (value instanceof Tensor) return argument.isRef || dtype === 'resource' ? value : value.value(name);
  if (argument.isRef || dtype === 'resource')
    throw new InvalidArgumentError(`'${argument.name}' has to be a variable, not ${shown(value)}`);
  return asTensor(value, dtype, name, graph);
}

/** Adds to an error the input of the operation for which the value was meant. */
function naming<T>(input: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw withContext(error, (message) => `${input}: ${message}`);
  }
}

/**
 * The dtype of a plain value whose own dtype the definition doesn't allow: the first allowed one. Integers for an axis
 * become `int32`, for example, although numbers are `float32` elsewhere.
 */
function allowedDType(definition: OpDef, { typeAttr }: Argument, value: Operand): DType | undefined {
  const allowed = definition.attr.find(({ name }) => name === typeAttr)?.allowedValues?.list?.type;
  if (value instanceof Tensor || !allowed?.length) return undefined;
  const dtypes = allowed.map(dtypeOf);
  const natural = toHostArray(value as ArrayLike).dtype;
  if (dtypes.includes(natural)) return undefined;
  const preferred: DType[] = ['int32', 'int64', 'float64'];
  return preferred.find((dtype) => dtypes.includes(dtype)) ?? dtypes.find(isHostDType);
}

function isList(argument: Argument): boolean {
  return argument.numberAttr !== '' || argument.typeListAttr !== '';
}

function dtypeOfArgument(argument: Argument, dtypes: ReadonlyMap<string, DType>): DType | undefined {
  return argument.typeAttr ? dtypes.get(argument.typeAttr) : argument.type ? dtypeOf(argument.type) : undefined;
}

/** The dtypes determined by attributes, input tensors and defaults, to which plain values are converted. */
function knownDTypes(definition: OpDef, inputs: readonly Operand[], attributes: Attributes): Map<string, DType> {
  const dtypes = new Map<string, DType>();
  for (const [name, value] of Object.entries(attributes)) if (isDType(value)) dtypes.set(name, value);
  for (const [i, { typeAttr }] of definition.inputArg.entries()) {
    const tensor = firstTensor([inputs[i]!]);
    if (typeAttr && tensor && !dtypes.has(typeAttr)) dtypes.set(typeAttr, tensor.dtype);
  }
  for (const { name, type, defaultValue } of definition.attr) {
    if (type === 'type' && defaultValue?.type && !dtypes.has(name)) dtypes.set(name, dtypeOf(defaultValue.type));
  }
  return dtypes;
}

function firstTensor(operands: readonly Operand[], depth = 0): Tensor | undefined {
  if (depth > MAX_RANK)
    throw new InvalidArgumentError('arrays are nested deeper than a tensor has dimensions, or contain themselves');
  for (const operand of operands) {
    if (operand instanceof Tensor) return operand;
    const inner = Array.isArray(operand) ? firstTensor(operand as readonly Operand[], depth + 1) : undefined;
    if (inner) return inner;
  }
  return undefined;
}
