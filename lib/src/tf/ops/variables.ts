/**
 * Variables: tensors that keep their value between runs of a session. Unless one asks for resource variables they are
 * TensorFlow 1's reference variables, an operation `VariableV2` with an `Assign` that initializes it and an `Identity` that
 * reads it, so graphs and checkpoints are the ones Python makes with `use_resource=False`.
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

/** What a variable may be told besides its initial value. */
export interface VariableOptions<D extends DType = DType> extends OpOptions {
  /**
   * The dtype, where the initial value is no tensor.
   *
   * @defaultValue `float32` for numbers
   */
  dtype?: D;
  /**
   * Whether optimizers change it.
   *
   * @defaultValue `true`
   */
  trainable?: boolean;
  /**
   * The collections it is added to, besides that of the trainable ones.
   *
   * @defaultValue `GraphKeys.GLOBAL_VARIABLES`
   */
  collections?: readonly string[];
  /**
   * Whether to make a resource variable, whose every read says when it happens: after what `controlDependencies` names.
   * Both are trained and saved the same way, and a checkpoint of one fits the other.
   *
   * @defaultValue `false`, as in TensorFlow 1
   */
  useResource?: boolean;
}

/** What a variable consists of. */
interface VariableParts {
  readonly variable: Operation;
  readonly initializer: Operation;
  readonly snapshot: Tensor;
  readonly initialValue: Tensor | undefined;
  /** What a MetaGraphDef says of the variable besides the names of its operations. */
  readonly def: MessageInit<VariableDef>;
}

class GraphVariable<D extends DType = DType, R extends Rank = Rank> extends Tensor<D, R> {
  /** Assigns the initial value. */
  readonly initializer: Operation;
  /** What the initializer assigns; undefined where an imported graph doesn't say. */
  readonly initialValue: Tensor<D, R> | undefined;
  /** @internal What a run gives for the variable: its value, read at a time that nothing but the graph's edges decides. */
  readonly snapshot: Tensor<D, R>;
  /** Of a part of a partitioned variable: which part of which variable it is, as which checkpoints have it. */
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

  /** Whether optimizers change it. */
  get trainable(): boolean {
    return this.#def.trainable ?? false;
  }

  /** Whether it is a resource variable, which operations reach through a handle, and not a reference to a buffer. */
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
   * The value as operations read it: the variable's operation `read`; of a resource variable a new operation, which waits
   * for what `controlDependencies` says.
   */
  override value(): Tensor<D, R> {
    const handle = handleOf(this);
    return handle ? (readHandle(handle) as Tensor as Tensor<D, R>) : this.snapshot;
  }

  /**
   * The value, or, where the variable has none yet, its initial value. An initial value may read other variables without
   * it: those are read so wherever an initializer runs.
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

  /** The variable as a MetaGraphDef's collections hold it. */
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
  /** @throws {InvalidArgumentError} when the initial value is no array, or doesn't fit the dtype */
  new <V extends ArrayLike, D extends HostDType = DTypeOfValue<V>>(
    initialValue: V,
    options?: VariableOptions<D>,
  ): Variable<D, RankOfValue<V>>;
  readonly prototype: Variable;
}

/** The class; see the type. */
export const Variable = GraphVariable as VariableConstructor;

function build(
  value: Operand | (() => Operand),
  { dtype, name = 'Variable', trainable = true, useResource = false }: VariableOptions,
): VariableParts {
  const graph = typeof value === 'function' ? getDefaultGraph() : graphOf([value]);
  // A variable belongs to no control dependency: it would be initialized only after what it waits for.
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

/** The name that the resource is shared by is the variable's, as in Python. */
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
 * The variable that a message describes, made of operations that the default graph has already.
 *
 * @param def what `variable.toProto()` gives, and collections of a MetaGraphDef hold
 * @param importScope what stands before the names in `def`
 * @throws {NotFoundError} when the graph has no such operations
 * @throws {InvalidArgumentError} when `def` is no such message
 *
 * @example
 * const weights = new tf.Variable([1, 2], { name: 'weights' });
 * tf.variableFromProto(weights.toProto()).name; // 'weights:0'
 */
export function variableFromProto(def: MessageInit<VariableDef>, importScope?: string): Variable;
/** The variable that a message describes, made of operations that `graph` has already. */
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

/** How to assign. */
export interface AssignOptions extends OpOptions {
  /**
   * Whether the value's shape has to be the variable's.
   *
   * @defaultValue `true`
   */
  validateShape?: boolean;
  /** Whether a lock keeps other assignments away meanwhile. */
  useLocking?: boolean;
}

/**
 * Sets a variable. The result is the variable after it was set.
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
 * Adds to a variable. The result is the variable after it was added to.
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
 * Subtracts from a variable. The result is the variable after it was subtracted from.
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
 * The variables of the default graph that are saved: all but local ones.
 *
 * @example
 * tf.globalVariables().map(({ name }) => name);
 */
export function globalVariables(scope?: string): Variable[] {
  return getDefaultGraph().getCollection(GraphKeys.GLOBAL_VARIABLES, scope);
}

/**
 * The variables of the default graph that optimizers change.
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
 * An operation that gives variables their initial values. One whose initial value reads another of them gets it from what
 * the other is given in the same run; one that reads a variable left out, from what that one holds.
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
 * @deprecated The name that TensorFlow 0.x had for {@link globalVariablesInitializer}.
 *
 * @example
 * await session.run(tf.initializeAllVariables());
 */
export const initializeAllVariables = globalVariablesInitializer;

/**
 * The names of those variables that have no value yet, as a tensor of strings.
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
