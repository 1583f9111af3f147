/** The inputs and outputs of a signature: a tensor, or several that form one value, such as a sparse tensor. */
import { type TensorInfo, TypeSpecClass } from '../../protos';
import type { HostDType, ScalarOf } from '../../runtime/dtypes';
import { withContext } from '../../runtime/errorContext';
import { InvalidArgumentError, UnimplementedError } from '../../runtime/errors';
import { isHalf } from '../../runtime/halfFloats';
import type { ArrayLike, HostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';
import type { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { apply } from '../ops/apply';
import { resolveFeeds } from '../session/feeds';
import { RaggedTensorValue, type RowSplits, raggedValueOf } from '../session/raggedTensorValue';
import { type SparseParts, SparseTensorValue } from '../session/sparseTensorValue';

/** An input of a signature: for a sparse tensor its components, for a ragged one its rows. */
export type SignatureInput = ArrayLike | SparseParts | RaggedTensorValue;

/**
 * An output of a signature: an array, a number (bigint, boolean, Buffer) for a scalar, or the value of a sparse or
 * ragged tensor.
 */
export type SignatureValue = HostArray | ScalarOf<HostDType> | SparseTensorValue | RaggedTensorValue;

/** An input or an output of a signature. */
export interface Port {
  /** @throws {InvalidArgumentError} when the value is not a valid input */
  feeds(value: SignatureInput): readonly (readonly [Tensor, ArrayLike])[];
  /** The tensors to fetch for it. */
  readonly fetches: readonly Tensor[];
  /** Combines the fetched values into one. */
  assemble(fetched: readonly unknown[]): SignatureValue;
}

/**
 * @param what a description of the input or output, for errors
 * @throws {NotFoundError} when the graph lacks one of its tensors
 */
export function portOf(graph: Graph, what: string, info: TensorInfo): Port {
  const tensorOf = (name = '') => {
    try {
      return graph.getTensorByName(name);
    } catch (error) {
      throw withContext(error, (message) => `${what}: ${message}`);
    }
  };
  const { name, cooSparse, compositeTensor } = info;
  if (name !== undefined) return densePort(what, tensorOf(name));
  if (cooSparse) {
    const { indicesTensorName, valuesTensorName, denseShapeTensorName } = cooSparse;
    return sparsePort(what, [indicesTensorName, valuesTensorName, denseShapeTensorName].map(tensorOf));
  }
  const { typeSpec, components = [] } = compositeTensor ?? {};
  if (typeSpec?.typeSpecClass === TypeSpecClass.RAGGED_TENSOR_SPEC && components.length > 1)
    return raggedPort(
      what,
      components.map((component) => tensorOf(component.name)),
    );
  return unknownPort(what, typeSpec?.typeSpecClassName || 'composite tensor');
}

/** Converts a value to what is fed for a tensor. */
function fitting(what: string, tensor: Tensor, value: ArrayLike): readonly [Tensor, ArrayLike] {
  return explained(what, `${tensor.dtype} of shape ${shapeText(tensor.shape)}`, () => {
    const [feed] = resolveFeeds(tensor.graph, [[tensor, value]]);
    return [tensor, feed!.array];
  });
}

/** Adds to an error which input it is about, and what the input accepts. */
function explained<T>(what: string, wanted: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw withContext(error, (message) => `${what} is ${wanted}: ${message}`);
  }
}

/** 16-bit floats are fetched as 32-bit floats, for which JavaScript has arrays. */
function fetchable(tensor: Tensor): Tensor {
  if (!isHalf(tensor.dtype)) return tensor;
  const { graph, op } = tensor;
  return graph.asDefault(() => apply('Cast', [tensor], { DstT: 'float32' }, `${op.name}_as_float32`).outputs[0]!);
}

/** The dtype of the values for a tensor. */
const givenDType = ({ dtype }: Tensor) => (isHalf(dtype) ? 'float32' : dtype) as HostDType;

function densePort(what: string, tensor: Tensor): Port {
  return {
    feeds: (value) => [fitting(what, tensor, value as ArrayLike)],
    fetches: [fetchable(tensor)],
    assemble: ([value]) => value as SignatureValue,
  };
}

function sparsePort(what: string, parts: readonly Tensor[]): Port {
  const [indices, values, denseShape] = parts as [Tensor, Tensor, Tensor];
  const wanted = `a sparse tensor of ${values.dtype}, such as { indices: [[0, 1]], values: [5], denseShape: [2, 3] }`;
  return {
    feeds: (given) =>
      explained(what, wanted, () => {
        const value = new SparseTensorValue(given as SparseParts, givenDType(values));
        const fed = resolveFeeds(values.graph, [
          [indices, value.indices],
          [values, value.values],
          [denseShape, value.denseShape],
        ]);
        return fed.map(({ tensor, array }) => [tensor, array] as const);
      }),
    fetches: [indices, fetchable(values), denseShape],
    assemble: (fetched) => {
      const [places, elements, shape] = fetched as HostArray[];
      return new SparseTensorValue({ indices: places!, values: elements!, denseShape: shape! });
    },
  };
}

function raggedPort(what: string, [flat, ...splits]: readonly Tensor[]): Port {
  const values = flat!;
  const wanted = `a ragged tensor of ${values.dtype}, rows nested ${splits.length + 1} deep, such as ${splits.length === 1 ? '[[1, 2], [], [3]]' : '[[[1, 2], []], [[3]]]'}`;
  return {
    feeds: (given) =>
      explained(what, wanted, () => {
        const inner = (values.shape ?? [null]).slice(1).map((size) => size ?? 0);
        const shape = { dtype: givenDType(values), raggedRank: splits.length, inner };
        const value = given instanceof RaggedTensorValue ? given : raggedValueOf(given, shape);
        const { length } = value.nestedRowSplits;
        if (length !== splits.length)
          throw new InvalidArgumentError(`it has ${splits.length} ragged dimension(s), and the value ${length}`);
        const bounds = splits.map((tensor, i) => [tensor, value.nestedRowSplits[i]!] as const);
        const fed = resolveFeeds(values.graph, [[values, value.flatValues], ...bounds]);
        return fed.map(({ tensor, array }) => [tensor, array] as const);
      }),
    fetches: [fetchable(values), ...splits],
    assemble: ([elements, ...bounds]) => new RaggedTensorValue(elements as HostArray, bounds as RowSplits[]),
  };
}

function unknownPort(what: string, kind: string): Port {
  const refuse = (): never => {
    throw new UnimplementedError(`${what} is a ${kind}, which can't be fed or fetched here`);
  };
  return {
    feeds: refuse,
    get fetches() {
      return refuse();
    },
    assemble: refuse,
  };
}
