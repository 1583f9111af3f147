/**
 * Variables by name: `tf.getVariable` creates a variable or returns an existing one, depending on the enclosing scopes.
 *
 * @see TensorFlow's python/ops/variable_scope.py
 */

import type { MessageInit, SaveSliceInfoDef } from '../../protos';
import { checkFunction, checkObject, checkText, shown } from '../../runtime/arguments';
import { type DType, type HostDType, isFloating, isHostDType } from '../../runtime/dtypes';
import { AlreadyExistsError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { type ArrayLike, toHostArray } from '../../runtime/hostArray';
import { onlyOptions, placed } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { type Graph, getDefaultGraph } from '../graph/graph';
import { areCompatible, isFullyDefined, type Rank, Tensor } from '../graph/tensor';
import { asTensor } from './apply';
import { zeros } from './creation';
import { slice } from './indexing';
import { PartitionedVariable } from './partitionedVariable';
import { type Part, type Partitioner, partsOf } from './partitioners';
import { randomUniform } from './random';
import { Variable, type VariableOptions } from './variables';

/** The position of a part, for the initializer of a partitioned variable. */
export interface PartitionInfo {
  readonly fullShape: readonly number[];
  readonly varOffset: readonly number[];
}

/** Builds the initial value of a variable, or of each part of a partitioned one. */
export type Initializer = (shape: number[], dtype: DType, partitionInfo?: PartitionInfo) => Tensor;

/**
 * Whether `getVariable` returns existing variables: `true` requires them to exist, `false` creates new ones, `'auto'`
 * creates missing ones.
 */
export type Reuse = boolean | 'auto';

/**
 * Makes `getVariable` return existing variables, and create missing ones.
 *
 * @example
 * tf.variableScope('net', () => tf.getVariable('w', [2, 3]), { reuse: tf.AUTO_REUSE });
 */
export const AUTO_REUSE = 'auto';

/** Defaults for the variables of a scope. */
export interface VariableScopeOptions {
  /** The initial value of variables. */
  initializer?: Initializer | Tensor | ArrayLike;
  /** Divides variables into parts. */
  partitioner?: Partitioner;
  /**
   * Whether to return existing variables. Inner scopes inherit reuse.
   *
   * @defaultValue `false`
   */
  reuse?: Reuse;
  /**
   * The dtype.
   *
   * @defaultValue `float32`
   */
  dtype?: HostDType;
  /** Whether to create resource variables. */
  useResource?: boolean;
}

/** Options of {@link getVariable}. */
export interface GetVariableOptions<D extends HostDType = HostDType>
  extends Pick<VariableOptions, 'trainable' | 'collections' | 'useResource'> {
  /** The shape; may be left out if the initializer is a value. */
  shape?: readonly number[];
  /**
   * The dtype.
   *
   * @defaultValue the scope's, or else `float32`
   */
  dtype?: D;
  /**
   * The initial value: a function that builds it from shape and dtype, or a value.
   *
   * @defaultValue the scope's, or else Glorot's uniform distribution for floating-point dtypes, and zeros for others
   */
  initializer?: Initializer | Tensor | ArrayLike;
  /**
   * Divides the variable into parts.
   *
   * @defaultValue the scope's
   */
  partitioner?: Partitioner;
}

/**
 * A scope of variables, which can be re-entered.
 *
 * @example
 * tf.getVariableScope() instanceof tf.VariableScope; // true
 */
export class VariableScope {
  /** The prefix of its variables' names. */
  readonly name: string;
  readonly initializer: VariableScopeOptions['initializer'];
  readonly partitioner: Partitioner | undefined;
  readonly dtype: HostDType | undefined;
  readonly useResource: boolean | undefined;
  #reuse: Reuse;

  /** @internal */
  constructor(name: string, outer: VariableScopeOptions = {}, options: VariableScopeOptions = {}) {
    checkText('the name of a scope of variables', name);
    checkObject('what is around a scope of variables', outer);
    checkObject('what a scope of variables has', options);
    this.name = name;
    this.initializer = options.initializer ?? outer.initializer;
    this.partitioner = options.partitioner ?? outer.partitioner;
    this.dtype = options.dtype ?? outer.dtype;
    this.useResource = options.useResource ?? outer.useResource;
    this.#reuse = options.reuse || outer.reuse || false;
  }

  /** Whether existing variables are returned. */
  get reuse(): Reuse {
    return this.#reuse;
  }

  /** Makes `getVariable` return existing variables from now on. */
  reuseVariables(): void {
    this.#reuse = true;
  }
}

/** The variables of a graph by name, and the current scope. */
interface VariableStore {
  readonly whole: Map<string, Variable>;
  readonly inParts: Map<string, PartitionedVariable>;
  scope: VariableScope;
}

const stores = new WeakMap<Graph, VariableStore>();

function storeOf(graph: Graph): VariableStore {
  let store = stores.get(graph);
  if (store === undefined) {
    store = { whole: new Map(), inParts: new Map(), scope: new VariableScope('') };
    stores.set(graph, store);
  }
  return store;
}

/**
 * The current variable scope.
 *
 * @example
 * tf.variableScope('net', () => tf.getVariableScope().name); // 'net'
 */
export function getVariableScope(): VariableScope {
  return storeOf(getDefaultGraph()).scope;
}

/**
 * Prefixes the names of the variables that `getVariable` creates with `name`, and sets defaults for them. Operations
 * get a scope of that name too, with a number if it is taken.
 *
 * @param nameOrScope a name within the current scope, or a scope to re-enter
 * @param build receives the scope; options may also come before it
 * @returns what `build` returns
 * @throws {InvalidArgumentError} when the name is invalid for a scope
 *
 * @example
 * const partitioner = tf.fixedSizePartitioner(2);
 * const words = tf.variableScope('net', () => tf.getVariable<tf.PartitionedVariable>('words', [10, 4]), { partitioner });
 * words.name; // 'net/words'
 */
export function variableScope<T>(
  nameOrScope: string | VariableScope,
  build: (scope: VariableScope) => T,
  options?: VariableScopeOptions,
): T;
/** Also accepts the options before `build`. */
export function variableScope<T>(
  nameOrScope: string | VariableScope,
  options: VariableScopeOptions,
  build: (scope: VariableScope) => T,
): T;
export function variableScope<T>(nameOrScope: string | VariableScope, second: unknown, third?: unknown): T {
  const [build, given] = typeof second === 'function' ? [second, third ?? {}] : [third, second ?? {}];
  const options = onlyOptions(given as VariableScopeOptions, {
    initializer: 'any',
    partitioner: 'function',
    reuse: 'any',
    dtype: 'string',
    useResource: 'boolean',
  });
  if (![undefined, null, true, false, AUTO_REUSE].includes(options.reuse))
    throw new InvalidArgumentError(`reuse is true, false or tf.AUTO_REUSE, not ${shown(options.reuse)}`);
  checkFunction('what builds within a scope of variables', build);
  const graph = getDefaultGraph();
  const store = storeOf(graph);
  const outer = store.scope;
  const isAgain = nameOrScope instanceof VariableScope;
  if (!isAgain) checkText('the name of a scope of variables', nameOrScope);
  const within = isAgain || outer.name === '' ? '' : `${outer.name}/`;
  const name = isAgain ? nameOrScope.name : within + nameOrScope;
  const scope = new VariableScope(name, isAgain ? nameOrScope : outer, options);
  const enter = (): T => {
    store.scope = scope;
    try {
      return (build as (scope: VariableScope) => T)(scope);
    } finally {
      store.scope = outer;
    }
  };
  const last = name.slice(isAgain ? name.lastIndexOf('/') + 1 : within.length);
  return last === '' ? enter() : graph.nameScope(last, enter);
}

/**
 * The variable of a name within the current variable scope: a new one or, if the scope reuses, the existing one. Its
 * shape comes after the name, or is among the options.
 *
 * @throws {AlreadyExistsError} when it exists, and the scope doesn't reuse
 * @throws {NotFoundError} when it doesn't exist, and the scope reuses
 * @throws {InvalidArgumentError} when the existing one has another shape, dtype or partitioning, there is neither shape
 * nor value, or both are given
 *
 * @example
 * const weights = tf.variableScope('hidden1', () =>
 *   tf.getVariable('weights', [784, 128], { initializer: (shape) => tf.truncatedNormal(shape, { stddev: 0.1 }) }),
 * );
 * weights.name; // 'hidden1/weights:0'
 */
export function getVariable<D extends HostDType = 'float32'>(
  name: string,
  ...given: VariableArguments<D, { partitioner: Partitioner }>
): PartitionedVariable<D>;
/** For a variable in one piece. */
export function getVariable<D extends HostDType = 'float32'>(
  name: string,
  ...given: VariableArguments<D, { partitioner?: undefined }> | []
): Variable<D, Rank>;
/**
 * For a partitioned variable, if the current scope has a partitioner.
 *
 * @typeParam V states that it is partitioned
 */
export function getVariable<V extends PartitionedVariable>(
  name: string,
  ...given: VariableArguments<HostDType, { partitioner?: Partitioner }> | []
): V;
export function getVariable(name: string, ...given: readonly unknown[]): Variable | PartitionedVariable {
  const options = onlyOptions(placed<GetVariableOptions>(given, ['shape']), {
    shape: 'array',
    dtype: 'string',
    initializer: 'any',
    partitioner: 'function',
    trainable: 'boolean',
    collections: 'array',
    useResource: 'boolean',
  });
  checkText('the name of a variable', name);
  if (options.dtype !== undefined && !isHostDType(options.dtype))
    throw new InvalidArgumentError(`${shown(options.dtype)} is no dtype of variables`);
  const graph = getDefaultGraph();
  const { scope } = storeOf(graph);
  const fullName = scope.name ? `${scope.name}/${name}` : name;
  const request = requestOf(graph, fullName, scope, options);
  // The names of variables depend on variable scopes only.
  return graph.nameScope(null, () => (request.partitioner ? inParts(request) : inOnePiece(request)));
}

type VariableArguments<D extends HostDType, P> =
  | [shape: readonly number[], options: Omit<GetVariableOptions<D>, 'shape' | 'partitioner'> & P]
  | [options: Omit<GetVariableOptions<D>, 'partitioner'> & P]
  | (P extends { partitioner: Partitioner } ? never : [shape: readonly number[]]);

/** The requested variable, completed by the scope's defaults. */
interface Request extends Pick<VariableOptions, 'trainable' | 'collections' | 'useResource'> {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: readonly number[] | undefined;
  readonly dtype: HostDType;
  readonly initializer: Initializer | Tensor | ArrayLike;
  readonly partitioner: Partitioner | undefined;
  readonly reuse: Reuse;
}

function requestOf(graph: Graph, name: string, scope: VariableScope, options: GetVariableOptions): Request {
  const { trainable, collections, useResource = scope.useResource } = options;
  const { initializer = scope.initializer ?? byDefault } = options;
  const isValue = typeof initializer !== 'function';
  const value =
    isValue && !(initializer instanceof Tensor) ? toHostArray(initializer as ArrayLike, options.dtype) : initializer;
  const known = value as { dtype?: DType };
  const dtype = isValue ? known.dtype : (options.dtype ?? scope.dtype ?? 'float32');
  if (dtype === undefined || !isHostDType(dtype) || (options.dtype ?? dtype) !== dtype)
    throw new InvalidArgumentError(`the initializer of '${name}' is of ${dtype}, not of ${options.dtype}`);
  const shape = shapeOf(name, options.shape, value, scope.reuse);
  const { partitioner = scope.partitioner } = options;
  return {
    graph,
    name,
    shape,
    dtype,
    initializer: value as Request['initializer'],
    // A scalar can't be divided.
    partitioner: shape?.length === 0 ? undefined : partitioner,
    reuse: scope.reuse,
    trainable,
    collections,
    useResource,
  };
}

/** The shape; undefined if it must come from an existing variable. */
function shapeOf(name: string, given: unknown, value: unknown, reuse: Reuse): readonly number[] | undefined {
  const own =
    typeof value === 'function' ? undefined : ((value as { shape: readonly (number | null)[] | null }).shape ?? null);
  if (own === undefined) {
    if (given === undefined && reuse === true) return undefined;
    if (!Array.isArray(given) || !given.every((size) => Number.isSafeInteger(size) && size >= 0))
      throw new InvalidArgumentError(`the shape of the variable '${name}' is an array of sizes, not ${shown(given)}`);
    return given as number[];
  }
  if (given !== undefined && !areCompatible(given as number[], own))
    throw new InvalidArgumentError(
      `the shape of '${name}' is ${shapeText(given as number[])}, and its initializer's ${shapeText(own)}`,
    );
  if (!isFullyDefined(own))
    throw new InvalidArgumentError(`the initializer of '${name}' has the shape ${shapeText(own)}, which isn't known`);
  return own;
}

function inOnePiece(request: Request): Variable | PartitionedVariable {
  const { graph, name, shape, dtype, initializer, reuse } = request;
  const { whole, inParts: divided } = storeOf(graph);
  if (divided.has(name)) {
    if (reuse === true) return found(divided.get(name)!, request);
    throw new InvalidArgumentError(
      `there is a variable '${name}' in parts: no partitioner was given, here or by the scope`,
    );
  }
  const existing = whole.get(name);
  if (existing) return found(existing, request);
  if (reuse === true) throw new NotFoundError(`there is no variable '${name}' to reuse, made by getVariable`);
  const variable = create(
    request,
    name,
    typeof initializer === 'function' ? () => initializer([...shape!], dtype) : initializer,
  );
  whole.set(name, variable);
  return variable;
}

function inParts(request: Request): PartitionedVariable {
  const { graph, name, shape, dtype, reuse } = request;
  const store = storeOf(graph);
  if (store.whole.has(name))
    throw new InvalidArgumentError(`there is a variable '${name}' in one piece: it can't be divided any more`);
  const existing = store.inParts.get(name);
  if (existing && shape === undefined) return found(existing, request);
  if (reuse === true && !existing)
    throw new NotFoundError(`there is no variable '${name}' to reuse, made by getVariable`);
  const { partitions, parts } = partsOf(request.partitioner!, shape!, dtype);
  if (existing) {
    found(existing, request);
    if (String(existing.partitions) !== String(partitions))
      throw new InvalidArgumentError(
        `${existing} is divided into ${shown(existing.partitions)}, not into ${shown(partitions)}`,
      );
    return existing;
  }
  const variables = parts.map((part, i) => {
    const partName = `${name}/part_${i}`;
    const variable = create(request, partName, initialOf(request, partName, part));
    const info: MessageInit<SaveSliceInfoDef> = {
      fullName: name,
      fullShape: [...shape!],
      varOffset: [...part.offset],
      varShape: [...part.shape],
    };
    variable.saveSliceInfo = info;
    store.whole.set(partName, variable);
    return variable;
  });
  const variable = new PartitionedVariable(name, shape!, dtype, variables, partitions);
  store.inParts.set(name, variable);
  return variable;
}

/** The initial value of a part. */
function initialOf({ graph, shape, dtype, initializer }: Request, name: string, { offset, shape: sizes }: Part) {
  return graph.nameScope(`${name}/PartitionedInitializer`, () => {
    if (typeof initializer === 'function')
      return () => initializer([...sizes], dtype, { fullShape: shape!, varOffset: offset });
    return slice(asTensor(initializer as Tensor | ArrayLike, undefined, 'Const', graph), offset, sizes);
  });
}

function create(
  { dtype, trainable, collections, useResource }: Request,
  name: string,
  initial: Tensor | ArrayLike | (() => Tensor),
): Variable {
  const options = { name, trainable, collections, useResource };
  return new Variable(
    initial as Tensor,
    typeof initial === 'function' || initial instanceof Tensor ? options : { ...options, dtype },
  );
}

/** @throws {AlreadyExistsError} when the scope doesn't reuse */
function found<V extends Variable | PartitionedVariable>(variable: V, { name, shape, dtype, reuse }: Request): V {
  if (!reuse)
    throw new AlreadyExistsError(
      `there is a variable '${name}' already; a scope of variables with reuse, true or tf.AUTO_REUSE, gives it again`,
    );
  if (shape !== undefined && !areCompatible(variable.shape, shape))
    throw new InvalidArgumentError(
      `${variable} is there to be reused, but is asked for with the shape ${shapeText(shape)}`,
    );
  if (variable.dtype !== dtype)
    throw new InvalidArgumentError(`${variable} is there to be reused, but is asked for as ${dtype}`);
  return variable;
}

/** Glorot's uniform distribution, whose width depends on the whole variable; zeros for integer dtypes. */
const byDefault: Initializer = (shape, dtype, part) => {
  if (!isFloating(dtype)) return zeros(shape, { dtype: dtype as HostDType });
  const [inputs, outputs] = fansOf(part?.fullShape ?? shape);
  const limit = Math.sqrt(3 / Math.max(1, (inputs + outputs) / 2));
  return randomUniform(shape, -limit, limit, { dtype: dtype as 'float32' });
};

/** The numbers of inputs and outputs of a matrix or of convolution filters. */
function fansOf(shape: readonly number[]): [inputs: number, outputs: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return [shape.at(-2)! * field, shape.at(-1)! * field];
}
