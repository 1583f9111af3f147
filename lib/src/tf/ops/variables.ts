/**
 * Variables: tensors that keep their values between runs of a session. Unless resource variables are requested, they
 * are TensorFlow 1's reference variables: an operation `VariableV2`, an `Assign` that initializes it and an `Identity`
 * that reads it. Graphs and checkpoints are therefore identical to Python's with `use_resource=False`.
 */

import { type MessageInit, type SaveSliceInfoDef, VariableDef } from '../../protos';
import { checkArray, checkInstance, checkObject, checkText, shown } from '../../runtime/arguments';
import type { DType, HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike, DTypeOfValue } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { GraphKeys } from '../graph/collections';
import { Graph, getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { areCompatible, isFullyDefined, type Rank, type Shape, Tensor } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from './apply';
import { constant, type RankOfValue } from './constants';
import { group } from './control';
import { logicalNot } from './elementwise/comparison';
import { booleanMask } from './indexing';
import { initializedValue, initializersOf, variableOf, withoutUninitialized } from './initialization';
import { stack } from './joining';
import { contentOf, handleOf, isInitialized, readHandle, update, updated } from './variableOps';

declare module '../graph/collectionTypes' {
  interface CollectionTypes {
    variables: Variable;
    local_variables: Variable;
    model_variables: Variable;
    trainable_variables: Variable;
    moving_average_variables: Variable;
  }
}

/** Options of a variable besides its initial value. */
export interface VariableOptions<D extends DType = DType> extends OpOptions {
  /**
   * The dtype, if the initial value is not a tensor.
   *
   * @defaultValue `float32` for numbers
   */
  dtype?: D;
  /**
   * Whether optimizers update it.
   *
   * @defaultValue `true`
   */
  trainable?: boolean;
  /**
   * The collections to which it is added, besides that of the trainable ones.
   *
   * @defaultValue `GraphKeys.GLOBAL_VARIABLES`
   */
  collections?: readonly string[];
  /**
   * Whether to create a resource variable, whose reads are ordered: each happens after what `controlDependencies`
   * names. Both kinds are trained and saved in the same way, and their checkpoints are interchangeable.
   *
   * @defaultValue `false`, as in TensorFlow 1
   */
  useResource?: boolean;
}

/** The parts of a variable. */
interface VariableParts {
  readonly variable: Operation;
  readonly initializer: Operation;
  readonly snapshot: Tensor;
  readonly initialValue: Tensor | undefined;
  /** The variable's description in a MetaGraphDef, without the names of its operations. */
  readonly def: MessageInit<VariableDef>;
}

class GraphVariable<D extends DType = DType, R extends Rank = Rank> extends Tensor<D, R> {
  /** Assigns the initial value. */
  readonly initializer: Operation;
  /** The value that the initializer assigns; undefined if an imported graph doesn't specify it. */
  readonly initialValue: Tensor<D, R> | undefined;
  /** @internal The result of fetching the variable: its value, read at a time determined only by the graph's edges. */
  readonly snapshot: Tensor<D, R>;
  /** For a part of a partitioned variable: its position in the whole, as stored in checkpoints. */
  saveSliceInfo: MessageInit<SaveSliceInfoDef> | undefined;
  readonly #def: MessageInit<VariableDef>;

  constructor(initialValue: Operand | (() => Operand), options: VariableOptions = {}) {
    onlyOptions(options, {
      dtype: 'string',
      trainable: 'boolean',
      collections: 'array',
      useResource: 'boolean',
      name: 'string',
    });
    const parts = isParts(initialValue) ? initialValue : build(initialValue, options);
    const [output] = parts.variable.outputs as [Tensor];
    super(parts.variable, 0, contentOf(output).dtype as D);
    this.initializer = parts.initializer;
    this.initialValue = parts.initialValue! as Tensor<D, R> | undefined;
    this.snapshot = parts.snapshot as Tensor as Tensor<D, R>;
    this.saveSliceInfo = parts.def.saveSliceInfoDef;
    this.#def = parts.def;
    variableOf.set(this.op, this as Variable);
    if (isParts(initialValue)) return;
    const collections = new Set(options.collections ?? [GraphKeys.GLOBAL_VARIABLES]);
    if (this.trainable) collections.add(GraphKeys.TRAINABLE_VARIABLES);
    this.graph.addToCollections(collections, this);
  }

  /** Whether optimizers update it. */
  get trainable(): boolean {
    return this.#def.trainable ?? false;
  }

  /** Whether it is a resource variable, accessed through a handle, and not a reference to a buffer. */
  get isResource(): boolean {
    return handleOf(this) !== undefined;
  }

  override get shape(): Shape {
    return this.isResource ? contentOf(this).shape : super.shape;
  }

  /** @throws {InvalidArgumentError} when this is a resource variable, whose shape is fixed */
  override setShape(shape: Shape): void {
    if (!this.isResource) super.setShape(shape);
    else if (!areCompatible(this.shape, shape))
      throw new InvalidArgumentError(`${this} can't take the shape ${shapeText(shape)}`);
  }

  /**
   * The value that operations use: the variable's operation `read`; for a resource variable, a new operation, which
   * waits for what `controlDependencies` names.
   */
  override value(): Tensor<D, R> {
    const handle = handleOf(this);
    return handle ? (readHandle(handle) as Tensor as Tensor<D, R>) : this.snapshot;
  }

  /**
   * The value or, if the variable has none yet, its initial value. Initial values may simply read other variables,
   * because initializers replace such reads by this.
   *
   * @example
   * const start = new tf.Variable(weights.initializedValue());
   */
  initializedValue(): Tensor<D, R> {
    return initializedValue(this as Variable) as Tensor as Tensor<D, R>;
  }

  /** {@link assign} to this variable. */
  assign(value: Operand, options?: OpOptions): Tensor<D, R> {
    return assign(this as Tensor<D, R>, value, options);
  }

  /** {@link assignAdd} to this variable. */
  assignAdd(delta: Operand, options?: OpOptions): Tensor<D, R> {
    return assignAdd(this as Tensor<D, R>, delta, options);
  }

  /** {@link assignSub} from this variable. */
  assignSub(delta: Operand, options?: OpOptions): Tensor<D, R> {
    return assignSub(this as Tensor<D, R>, delta, options);
  }

  /** The variable as a message for the collections of a MetaGraphDef. */
  toProto(): MessageInit<VariableDef> {
    return {
      ...this.#def,
      variableName: this.name,
      initializerName: this.initializer.name,
      snapshotName: this.snapshot.name,
      initialValueName: this.initialValue?.name ?? '',
      isResource: this.isResource,
      saveSliceInfoDef: this.saveSliceInfo,
    };
  }

  override toString(): string {
    return super.toString().replace(this.constructor.name, this.isResource ? 'ResourceVariable' : 'Variable');
  }
}

/**
 * A tensor that keeps its value between runs.
 *
 * It has no value before a session has run its initializer (see {@link globalVariablesInitializer}) or restored it.
 *
 * @example
 * const weights = new tf.Variable(tf.truncatedNormal([784, 10], { stddev: 0.1 }), { name: 'weights' });
 * const globalStep = new tf.Variable(0, { dtype: 'int32', name: 'global_step', trainable: false });
 */
export type Variable<D extends DType = DType, R extends Rank = Rank> = GraphVariable<D, R>;

interface VariableConstructor {
  /**
   * @param initialValue a function builds it under the variable's scope `Initializer`
   * @throws {InvalidArgumentError} when the initial value's shape isn't known
   */
  new <D extends DType, R extends Rank>(
    initialValue: Tensor<D, R> | (() => Tensor<D, R>),
    options?: VariableOptions<D>,
  ): Variable<D, R>;
  /** @throws {InvalidArgumentError} when the initial value is not an array, or doesn't fit the dtype */
  new <V extends ArrayLike, D extends HostDType = DTypeOfValue<V>>(
    initialValue: V,
    options?: VariableOptions<D>,
  ): Variable<D, RankOfValue<V>>;
  readonly prototype: Variable;
}

/** The class; see the type of the same name. */
export const Variable = GraphVariable as VariableConstructor;

function build(
  value: Operand | (() => Operand),
  { dtype, name = 'Variable', trainable = true, useResource = false }: VariableOptions,
): VariableParts {
  const graph = typeof value === 'function' ? getDefaultGraph() : graphOf([value]);
  // Variables have no control dependencies: a variable would be initialized only after what it waits for.
  return graph.initScope(() =>
    graph.nameScope(name, (scope) => {
      const convert = () => {
        const converted = asTensor(typeof value === 'function' ? value() : value, dtype, 'initial_value', graph);
        if (dtype === undefined || converted.dtype === dtype) return converted;
        throw new InvalidArgumentError(
          `variable '${scope.slice(0, -1)}' is to be of ${shown(dtype)}, and its initial value is of ${converted.dtype}`,
        );
      };
      const add = (initialValue: Tensor) => {
        const { shape, dtype } = initialValue;
        if (!isFullyDefined(shape))
          throw new InvalidArgumentError(
            `variable '${scope.slice(0, -1)}' needs an initial value whose shape is known; ${initialValue} isn't`,
          );
        const attributes = useResource ? { shape, dtype, shared_name: scope.slice(0, -1) } : { shape, dtype };
        return graph.createOperation(useResource ? 'VarHandleOp' : 'VariableV2', [], attributes, { name: scope });
      };
      const isScoped = useResource || typeof value === 'function'; // where Python does so
      const [initialValue, variable] = isScoped
        ? graph.besideFuture(scope.slice(0, -1), () => {
            const initialValue = graph.device(null, () => graph.nameScope('Initializer', convert));
            return [initialValue, add(initialValue)] as const;
          })
        : [convert(), undefined];
      const parts = (useResource ? buildResource : buildReference)(
        graph,
        scope,
        variable ?? add(initialValue),
        initialValue,
      );
      return { ...parts, initialValue, def: { trainable } };
    }),
  );
}

function buildReference(graph: Graph, scope: string, variable: Operation, initialValue: Tensor) {
  const [buffer] = variable.outputs as [Tensor];
  const initializer = update('', buffer, withoutUninitialized(initialValue, scope), { useLocking: true });
  const snapshot = graph.colocateWith(variable, () => applyOne('Identity', [buffer], {}, 'read'));
  return { variable, initializer, snapshot };
}

/** The resource's shared name is the variable's, as in Python. */
function buildResource(graph: Graph, scope: string, variable: Operation, initialValue: Tensor) {
  const [handle] = variable.outputs as [Tensor];
  graph.nameScope('IsInitialized', () => isInitialized(handle));
  const given = withoutUninitialized(initialValue, scope);
  const there = <T>(build: () => T) => graph.device(variable.device, build);
  const initializer = there(() => update('', handle, given, { name: 'Assign' }));
  const { dtype } = contentOf(handle);
  const snapshot = there(() => graph.nameScope('Read', () => applyOne('ReadVariableOp', [handle], { dtype })));
  return { variable, initializer, snapshot };
}

function isParts(value: Operand | (() => Operand)): value is VariableParts & Operand {
  return typeof value === 'object' && value !== null && 'snapshot' in value;
}

/**
 * Creates the variable that a message describes, from operations that the default graph already has.
 *
 * @param def the result of `variable.toProto()`, as stored in collections of a MetaGraphDef
 * @param importScope a prefix to add to the names in `def`
 * @throws {NotFoundError} when the graph has no such operations
 * @throws {InvalidArgumentError} when `def` is not such a message
 *
 * @example
 * const weights = new tf.Variable([1, 2], { name: 'weights' });
 * tf.variableFromProto(weights.toProto()).name; // 'weights:0'
 */
export function variableFromProto(def: MessageInit<VariableDef>, importScope?: string): Variable;
/** Creates the variable that a message describes, from operations that `graph` already has. */
export function variableFromProto(graph: Graph, def: MessageInit<VariableDef>, importScope?: string): Variable;
export function variableFromProto(first: Graph | MessageInit<VariableDef>, ...others: readonly unknown[]): Variable {
  const [graph, message, scope = ''] =
    first instanceof Graph ? [first, ...others] : [getDefaultGraph(), first, ...others];
  checkObject('what describes a variable', message);
  checkText('the scope of a variable', scope);
  const def = VariableDef.decode(VariableDef.encode(message));
  const inScope = (name: string) => (scope ? `${scope}/${name}` : name);
  const { saveSliceInfoDef: slice } = def;
  const parts: VariableParts = {
    variable: graph.getTensorByName(inScope(def.variableName)).op,
    initializer: graph.getOperationByName(inScope(def.initializerName)),
    snapshot: graph.getTensorByName(inScope(def.snapshotName)),
    initialValue: def.initialValueName ? graph.getTensorByName(inScope(def.initialValueName)) : undefined,
    def: { ...def, saveSliceInfoDef: slice && { ...slice, fullName: inScope(slice.fullName) } },
  };
  return new GraphVariable(parts as unknown as Operand);
}

/** Options of assignments. */
export interface AssignOptions extends OpOptions {
  /**
   * Whether the value's shape must be the variable's.
   *
   * @defaultValue `true`
   */
  validateShape?: boolean;
  /** Whether to lock the variable during the assignment. */
  useLocking?: boolean;
}

/**
 * Sets a variable. The result is the variable's value afterwards.
 *
 * @example
 * session.runSync(tf.assign(learningRate, 0.001));
 */
export function assign<D extends DType, R extends Rank>(
  ref: Tensor<D, R>,
  value: Operand,
  options: AssignOptions = {},
): Tensor<D, R> {
  const {
    validateShape,
    useLocking = true,
    name,
  } = onlyOptions(options, { validateShape: 'boolean', useLocking: 'boolean', name: 'string' });
  return updated('', ref, value, { validateShape, useLocking, name }) as Tensor as Tensor<D, R>;
}

/**
 * Adds to a variable. The result is the variable's value afterwards.
 *
 * @example
 * const count = new tf.Variable(0, { dtype: 'int32' });
 * const counted = tf.assignAdd(count, 1);
 */
export function assignAdd<D extends DType, R extends Rank>(
  ref: Tensor<D, R>,
  delta: Operand,
  options: AssignOptions = {},
): Tensor<D, R> {
  const { useLocking, name } = onlyOptions(options, {
    useLocking: 'boolean',
    name: 'string',
    validateShape: 'boolean',
  });
  return updated('Add', ref, delta, { useLocking, name }) as Tensor as Tensor<D, R>;
}

/**
 * Subtracts from a variable. The result is the variable's value afterwards.
 *
 * @example
 * session.runSync(tf.assignSub(learningRate, 0.001));
 */
export function assignSub<D extends DType, R extends Rank>(
  ref: Tensor<D, R>,
  delta: Operand,
  options: AssignOptions = {},
): Tensor<D, R> {
  const { useLocking, name } = onlyOptions(options, {
    useLocking: 'boolean',
    name: 'string',
    validateShape: 'boolean',
  });
  return updated('Sub', ref, delta, { useLocking, name }) as Tensor as Tensor<D, R>;
}

/**
 * Whether a variable has a value.
 *
 * @example
 * await session.run(tf.isVariableInitialized(weights)); // true
 */
export function isVariableInitialized(variable: Variable, options: OpOptions = {}): Tensor<'bool', 'scalar'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return isInitialized(variable, name);
}

/**
 * The variables of the default graph that are saved: all except local ones.
 *
 * @example
 * tf.globalVariables().map(({ name }) => name);
 */
export function globalVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection(GraphKeys.GLOBAL_VARIABLES, scope);
}

/**
 * The variables of the default graph that optimizers update.
 *
 * @example
 * const gradients = tf.gradients(loss, tf.trainableVariables());
 */
export function trainableVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection(GraphKeys.TRAINABLE_VARIABLES, scope);
}

/**
 * The variables of the default graph that are neither saved nor restored.
 *
 * @example
 * tf.localVariables().length; // 0
 */
export function localVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection(GraphKeys.LOCAL_VARIABLES, scope);
}

/**
 * An operation that gives variables their initial values. If an initial value reads another one of them, it uses the
 * new value assigned in the same run; if it reads any other variable, it uses that one's current value.
 *
 * @example
 * await session.run(tf.variablesInitializer([weights, biases]));
 */
export function variablesInitializer(variables: readonly Variable[], options: OpOptions = {}): Operation {
  const { name = 'init' } = onlyOptions(options, { name: 'string' });
  checkArray('the variables to initialize', variables);
  for (const variable of variables) checkInstance('what is initialized', variable, Tensor);
  return group(initializersOf(variables, name), { name });
}

/**
 * An operation that gives every global variable of the default graph its initial value.
 *
 * @example
 * await session.run(tf.globalVariablesInitializer());
 */
export function globalVariablesInitializer(options?: OpOptions): Operation {
  return variablesInitializer(globalVariables(), options);
}

/**
 * An operation that gives every local variable of the default graph its initial value.
 *
 * @example
 * await session.run(tf.localVariablesInitializer());
 */
export function localVariablesInitializer(options?: OpOptions): Operation {
  return variablesInitializer(localVariables(), options);
}

/**
 * @deprecated TensorFlow 0.x's name of {@link globalVariablesInitializer}.
 *
 * @example
 * await session.run(tf.initializeAllVariables());
 */
export const initializeAllVariables = globalVariablesInitializer;

/**
 * The names of the variables without a value, as a string tensor.
 *
 * @example
 * const session = new tf.Session();
 * (await session.run(tf.reportUninitializedVariables([weights, biases]))).data.map(String); // ['given/weights', 'given/biases']
 */
export function reportUninitializedVariables(
  variables: readonly Variable[] = [...globalVariables(), ...localVariables()],
  options: OpOptions = {},
): Tensor<'string', 'array'> {
  const { name = 'report_uninitialized_variables' } = onlyOptions(options, { name: 'string' });
  checkArray('the variables to report', variables);
  for (const variable of variables) checkInstance('each of them', variable, Tensor);
  const graph = graphOf(variables);
  return graph.asDefault(() =>
    graph.nameScope(name, () => {
      const initialized = variables.map((variable) => isVariableInitialized(variable));
      return graph.device('/device:CPU:0', () => {
        const names = variables.map(({ op }) => op.name);
        if (variables.length === 0) return constant(names, { dtype: 'string' });
        const missing = logicalNot(stack(initialized));
        return booleanMask(constant(names), missing);
      });
    }),
  );
}
