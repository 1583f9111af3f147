/**
 * A graph of operations. It lives in libtensorflow (`TF_Graph`), which infers shapes and rejects invalid operations as
 * they are added. This class adds what Python's `tf.Graph` adds: unique names and scopes, devices, control
 * dependencies, colocation, collections and seeds.
 */

import { inspect } from 'node:util';
import { OpDef } from '../../protos';
import { checkIterable, checkObject, checkText, shown } from '../../runtime/arguments';
import { readBuffer } from '../../runtime/buffer';
import { capi, type Pointer } from '../../runtime/capi';
import { type DType, isDType } from '../../runtime/dtypes';
import { withContext } from '../../runtime/errorContext';
import { InternalError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { checked } from '../../runtime/status';
import { type Attributes, encodeAttribute, setAttribute } from './attributes';
import { CallSite } from './callSite';
import type { CollectionTypes } from './collectionTypes';
import {
  allAttributes,
  type DeviceFunction,
  type DeviceScopes,
  type DeviceSpec,
  haveFunctions,
  placeIn,
  within as withinDevices,
} from './devices';
import { displayGraph } from './display';
import { checkFatal } from './fatalOperations';
import { foreign } from './foreign';
import { checkGraphDefSize } from './graphDef';
import { type ImportOptions, importInto } from './importGraphDef';
import { checkOperationName, checkScopeName, Names } from './names';
import { Operation, operationOf } from './operation';
import { Tensor } from './tensor';

/** Options of a new operation besides its inputs and attributes. */
export interface OperationOptions {
  /**
   * Its name within the current scope. A name that ends in `/`, as scopes provide it, is used unchanged.
   *
   * @defaultValue its type
   */
  name?: string;
  /** Operations to run before it, in addition to those of `controlDependencies`. */
  controlInputs?: readonly (Operation | Tensor)[];
}

/** Options of colocation. */
export interface ColocationOptions {
  /**
   * Whether to ignore enclosing colocation scopes.
   *
   * @defaultValue `false`
   */
  ignoreExisting?: boolean;
}

/** The control inputs of one `controlDependencies` scope, and the operations built in it. */
interface ControlScope {
  readonly inputs: readonly Operation[];
  readonly members: Set<Operation>;
}

/** The settings of scopes, which are replaced for the duration of a callback. */
interface Context {
  readonly scope: string;
  readonly devices: DeviceScopes;
  /** The value of `devices` outside of all colocation scopes, which ignore devices; undefined if there are none. */
  readonly outerDevices: DeviceScopes | undefined;
  readonly controlScopes: readonly ControlScope[];
  readonly colocation: readonly Operation[];
  /** The colocation group of an operation about to be added, for the operations that are built before it. */
  readonly group: string | undefined;
}

/** The number of graphs created so far. */
let graphs = 0;

const released = new FinalizationRegistry<Pointer>((pointer) => capi().deleteGraph(pointer));

/**
 * A TensorFlow graph.
 *
 * @example
 * const graph = new tf.Graph();
 * const y = graph.asDefault(() => tf.square(tf.placeholder('float32', [], { name: 'x' })));
 * y.name; // 'Square:0'
 */
export class Graph {
  /** @internal The `TF_Graph`. */
  readonly pointer: Pointer = capi().newGraph();
  /** @internal Where it was created. */
  readonly site = new CallSite();
  /** @internal A serial number: graphs created later have greater ones. */
  readonly serial = ++graphs;
  /** The value passed to `setRandomSeed`, or null. The seed of every random operation depends on it. */
  seed: number | null = null;

  readonly #operations: Operation[] = [];
  readonly #byPointer = new Map<Pointer, Operation>();
  readonly #byName = new Map<string, Operation>();
  readonly #names = new Names();
  readonly #collections = new Map<string, unknown[]>();
  readonly #definitions = new Map<string, OpDef>();
  /** The `TF_GraphNextOperation` position of the last native operation that this object has seen. */
  readonly #position = new BigUint64Array(1);
  #context: Context = {
    scope: '',
    devices: [],
    outerDevices: undefined,
    controlScopes: [],
    colocation: [],
    group: undefined,
  };
  #finalized = false;
  /** Whether a device function is inspecting an operation that is about to be added. */
  #isPlacing = false;
  /** What the most recent failing device function threw. */
  #misplaced: unknown;

  constructor() {
    released.register(this, this.pointer);
  }

  // Operations

  /** All operations in the order in which they were added. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /**
   * @throws {NotFoundError} when the graph has no operation of that name
   */
  getOperationByName(name: string): Operation {
    const operation = this.#byName.get(name);
    if (operation) return operation;
    const hint = typeof name === 'string' && /:\d+$/.test(name) ? ' (that is a tensor: use getTensorByName)' : '';
    throw new NotFoundError(`the graph has no operation named ${shown(name)}${hint}`);
  }

  /**
   * A tensor by its operation's name and its index: `'x:0'`.
   *
   * @param dtype the expected dtype, which also determines the type of the result
   * @throws {NotFoundError} when the graph has no such operation, or the operation no such output
   * @throws {InvalidArgumentError} when the name has no index, or the tensor has another dtype
   *
   * @example
   * const x = tf.placeholder('float32', [], { name: 'x' });
   * const again = x.graph.getTensorByName('x:0', 'float32');
   * again === x; // true
   */
  getTensorByName<D extends DType = DType>(name: string, dtype?: D): Tensor<D> {
    const match = typeof name === 'string' ? /^(.+):(\d+)$/.exec(name) : null;
    if (match === null)
      throw new InvalidArgumentError(
        `${shown(name)} is no tensor's name, which ends in the output's index: '${String(name)}:0'`,
      );
    const operation = this.getOperationByName(match[1]!);
    const tensor = operation.outputs[Number(match[2])];
    if (tensor) return ofDType(tensor, dtype);
    throw new NotFoundError(`'${name}' doesn't exist: ${operation.name} has ${operation.outputs.length} output(s)`);
  }

  /**
   * A tensor or operation of this graph, given by name (`'x:0'`, `'x'`) or directly.
   *
   * @param options.allowTensor whether it may be a tensor, by default true
   * @param options.allowOperation whether it may be an operation, by default true
   * @throws {NotFoundError} when the graph has nothing of that name
   * @throws {InvalidArgumentError} when it is of the other kind, or belongs to another graph
   *
   * @example
   * graph.asGraphElement(loss.name) === loss; // true
   */
  asGraphElement(
    element: Tensor | Operation | string,
    options: { allowTensor?: boolean; allowOperation?: boolean } = {},
  ): Tensor | Operation {
    const { allowTensor = true, allowOperation = true } = onlyOptions(options, {
      allowTensor: 'boolean',
      allowOperation: 'boolean',
    });
    const isName = typeof element === 'string';
    const found = !isName
      ? element
      : /:\d+$/.test(element)
        ? this.getTensorByName(element)
        : this.getOperationByName(element);
    if (!(found instanceof Tensor || found instanceof Operation))
      throw new InvalidArgumentError(
        `an element of a graph is a tensor, an operation or the name of one, not ${shown(element)}`,
      );
    this.checkOwns(found);
    if (!(found instanceof Tensor ? allowTensor : allowOperation))
      throw new InvalidArgumentError(
        `${found} is ${found instanceof Tensor ? 'a tensor, not an operation' : 'an operation, not a tensor'}`,
      );
    return found;
  }

  /** @internal The operation of a `TF_Operation` of this graph. */
  operationAt(pointer: Pointer): Operation {
    if (typeof pointer !== 'bigint') throw new InvalidArgumentError(`an address is a bigint, not ${shown(pointer)}`);
    if (!this.#byPointer.has(pointer)) this.adoptNew();
    const operation = this.#byPointer.get(pointer);
    if (operation === undefined) throw new InternalError(`no operation of the graph is at ${pointer}`);
    return operation;
  }

  /**
   * Adds an operation of any type that TensorFlow has. Builders such as `tf.matmul` use this.
   *
   * @param type TensorFlow's name of the type, such as `Conv2D`
   * @param inputs a tensor for each input; an array of tensors for an input that is a list
   * @param attributes attributes that can't be inferred from the inputs and have no default, or that differ from the
   * default
   * @throws {InvalidArgumentError} when TensorFlow refuses it; the message contains TensorFlow's, the operation's name
   * and the line that builds it
   *
   * @example
   * const conv = graph.createOperation('Conv2D', [pictures, filters.value()], { strides: [1, 1, 1, 1], padding: 'SAME' });
   * conv.outputs[0]!; // [5, 5, 1, 32] → [100, 28, 28, 32]
   */
  createOperation(
    type: string,
    inputs: readonly (Tensor | readonly Tensor[])[] = [],
    attributes: Attributes = {},
    options: OperationOptions = {},
  ): Operation {
    onlyOptions(options, { name: 'string', controlInputs: 'array' });
    const site = new CallSite();
    this.definition(type);
    return this.#losingNothing(() => this.#create(type, inputs, attributes, options, site));
  }

  #create(
    type: string,
    inputs: readonly (Tensor | readonly Tensor[])[],
    attributes: Attributes,
    options: OperationOptions,
    site: CallSite,
  ): Operation {
    const name = this.#fullName(options.name || type, checkOperationName);
    try {
      this.#checkModifiable();
      const definition = this.definition(type);
      this.#checkInputs(definition, inputs);
      const encoded = encodeAttributes(definition, attributes);
      checkFatal(definition, partsOf(definition, inputs, attributes));
      const { controlScopes, colocation, devices, group } = this.#context;
      const describe = (device: string) => ({
        name,
        type,
        inputs: inputs.flat(),
        get attributes() {
          return allAttributes(definition, inputs, attributes);
        },
        device,
      });
      const device = devices.length > 0 ? this.#placing(() => placeIn(devices, '', describe)) : '';
      const groups = colocation.length > 0 ? groupsOf(colocation) : [attributes._class ? [] : (group ?? [])].flat();
      const classes = groups.length > 0 ? encodeGroups(groups) : undefined;
      const placed = [...colocation].reverse().find((operation) => operation.device)?.device ?? device;
      const controlInputs = this.#controlInputs(inputs.flat(), options.controlInputs ?? []);

      const outputs = inputs.map((input) => (input instanceof Tensor ? input.output : packOutputs(input)));
      const { newOperation, setDevice, addInput, addInputList, addControlInput, finishOperation } = capi();
      const description = newOperation(this.pointer, type, name);
      // From here on, nothing may throw before finishOperation, which alone frees the description.
      for (const input of outputs) {
        if (input instanceof BigInt64Array) addInputList(description, input, input.length / 2);
        else addInput(description, input);
      }
      for (const operation of controlInputs) addControlInput(description, operation.pointer);
      for (const [attribute, value] of encoded) setAttribute(description, attribute, value);
      if (classes) setAttribute(description, '_class', classes);
      if (placed) setDevice(description, placed);
      const pointer = checked((status) => finishOperation(description, status))!;

      const operation = this.#register(pointer, site);
      for (const scope of controlScopes) scope.members.add(operation);
      checkOutputs(operation);
      return operation;
    } catch (error) {
      const place = site.location ? ` at ${site.location}` : '';
      throw withContext(error, (message) => `${message}\n  building operation '${name}' (${type})${place}`);
    }
  }

  /**
   * TensorFlow's definition of a type of operation: its inputs, outputs and attributes.
   *
   * @throws {NotFoundError} when TensorFlow has no such type
   */
  definition(type: string): OpDef {
    if (typeof type !== 'string' || !/^[\w>]+$/.test(type))
      throw new NotFoundError(`TensorFlow has no operation of type ${shown(type)}`);
    let definition = this.#definitions.get(type);
    if (definition === undefined) {
      definition = OpDef.decode(
        readBuffer((buffer) => checked((status) => capi().graphGetOpDef(this.pointer, type, buffer, status))),
      );
      this.#definitions.set(type, definition);
    }
    return definition;
  }

  // Scopes

  /**
   * Makes this the default graph, to which builders add, while `build` runs.
   *
   * @returns what `build` returns
   *
   * @example
   * const graph = new tf.Graph();
   * const loss = graph.asDefault(() => tf.reduceMean(tf.square([1, 2, 3])));
   * loss.graph === graph; // true
   */
  asDefault<T>(build: () => T): T {
    return withDefaultGraph(this, build);
  }

  /**
   * Prefixes the names of the operations that `build` adds with `name`. If the name is taken, it gets a number. A name
   * that ends in `/` re-enters an existing scope; null stands for no scope at all.
   *
   * @param build receives the scope's full name with a `/` at its end, which can be used as the name of an operation
   * @returns what `build` returns
   * @throws {InvalidArgumentError} when the name is invalid for a scope
   *
   * @example
   * graph.nameScope('hidden1', () => tf.matmul(images, weights)); // 'hidden1/MatMul:0'
   */
  nameScope<T>(name: string | null, build: (scope: string) => T): T {
    return this.#losingNothing(() => {
      const scope = name === null || name === '' ? '' : this.#fullName(name, checkScopeName);
      checkCallback(build);
      return this.#within({ scope }, () => build(scope && `${scope}/`));
    });
  }

  /** The name of the current scope, without a trailing `/`; `''` outside of all scopes. */
  get currentScope(): string {
    return this.#context.scope;
  }

  /**
   * Reserves a name under the current scope that nothing in the graph has.
   *
   * @throws {InvalidArgumentError} when the name is invalid for an operation
   */
  uniqueName(name: string): string {
    return this.#unique(name, checkOperationName);
  }

  /**
   * Requests a device for the operations that `build` adds: `'/cpu:0'`, `'/device:GPU:1'`, `'/job:worker/task:0'`.
   * Outer scopes fill in unset parts; null ignores the outer scopes.
   *
   * @param device may also be a function that returns the device of each operation: see {@link DeviceFunction}. Nested
   * scopes are applied from the innermost to the outermost. Colocation with another operation takes precedence.
   * @returns what `build` returns
   * @throws {InvalidArgumentError} when it is not a device. If a device function returns none, adding the operation
   * throws, and the operation isn't added
   */
  device<T>(device: string | DeviceSpec | DeviceFunction | null, build: () => T): T {
    return this.#within({ devices: withinDevices(this.#context.devices, device) }, build);
  }

  /**
   * Makes the operations that `build` adds wait for others, in addition to those of outer scopes; null ignores the
   * outer scopes.
   *
   * @returns what `build` returns
   *
   * @example
   * const assign = tf.assign(learningRate, 0.01);
   * graph.controlDependencies([assign], () => tf.identity(learningRate)); // read after it was assigned
   */
  controlDependencies<T>(inputs: readonly (Operation | Tensor)[] | null, build: () => T): T {
    if (inputs === null) return this.#within({ controlScopes: [], scope: this.#context.scope }, build);
    if (!Array.isArray(inputs))
      throw new InvalidArgumentError(
        `control dependencies are an array of operations and tensors, or null, not ${shown(inputs)}`,
      );
    const scope = { inputs: inputs.map((input) => this.#operationOf(input)), members: new Set<Operation>() };
    return this.#within({ controlScopes: [...this.#context.controlScopes, scope] }, build);
  }

  /**
   * Places the operations that `build` adds on the device of `operation`. Enclosing device scopes are ignored.
   *
   * @param operation null ignores enclosing colocation scopes
   * @returns what `build` returns
   * @throws {InvalidArgumentError} when `operation` doesn't belong to this graph
   */
  colocateWith<T>(operation: Operation | Tensor | null, build: () => T, options: ColocationOptions = {}): T {
    const { ignoreExisting = false } = onlyOptions(options, { ignoreExisting: 'boolean' });
    if (operation === null && !ignoreExisting)
      throw new InvalidArgumentError('operations are colocated with one; null is for ignoreExisting');
    const { devices, outerDevices = devices, colocation } = this.#context;
    const others = ignoreExisting ? [] : colocation;
    const own = operation === null ? [] : [this.#operationOf(operation)];
    return this.#within({ colocation: [...others, ...own], devices: [], outerDevices }, build);
  }

  /**
   * @internal Builds operations for which others don't wait and that have no control dependencies: variables. As in
   * Python, device scopes outside of colocation are applied to them too: if the operation that they are colocated with
   * has no device, they get the scopes' device, and a placement strategy counts slots like other variables.
   */
  initScope<T>(build: () => T): T {
    const { devices, outerDevices } = this.#context;
    return this.#within({ devices: outerDevices ?? devices, controlScopes: [] }, build);
  }

  /**
   * @internal Colocates the operations that `build` adds with an operation that doesn't exist yet, and that must be
   * among them.
   *
   * @param name of that operation
   */
  besideFuture<T>(name: string, build: () => T): T {
    checkText('the name of an operation', name);
    return this.#within({ group: `loc:@${name}` }, build);
  }

  // Collections

  /**
   * Adds a value to a collection, for example a variable to the trainable ones. See `GraphKeys`.
   *
   * @throws {InvalidArgumentError} when the graph is finalized
   */
  addToCollection(name: string, value: unknown): void {
    this.#checkModifiable();
    this.getCollectionRef(name).push(value);
  }

  /** Adds a value to several collections. */
  addToCollections(names: Iterable<string>, value: unknown): void {
    checkIterable('the names of collections', names);
    for (const name of new Set(names)) this.addToCollection(name, value);
  }

  /**
   * The values of a collection, in the order in which they were added.
   *
   * @param name one of {@link CollectionTypes}, which determines the type of the values
   * @param scope returns only values whose names start with this
   *
   * @example
   * const [weights] = graph.getCollection(tf.GraphKeys.TRAINABLE_VARIABLES);
   */
  getCollection<K extends keyof CollectionTypes>(name: K, scope?: string): CollectionTypes[K][];
  /**
   * The values of a collection with any other name, in the order in which they were added.
   *
   * @typeParam T the type of the values, by convention
   * @param scope returns only values whose names start with this
   */
  getCollection<T = unknown>(name: string, scope?: string): T[];
  getCollection(name: string, scope?: string): unknown[] {
    checkText('the name of a collection', name);
    const values = this.#collections.get(name) ?? [];
    if (!scope) return [...values];
    return values.filter((value) => String((value as { name?: string }).name ?? '').startsWith(scope));
  }

  /** The array of a collection itself: changes to the array change the collection. */
  getCollectionRef<K extends keyof CollectionTypes>(name: K): CollectionTypes[K][];
  getCollectionRef<T = unknown>(name: string): T[];
  getCollectionRef(name: string): unknown[] {
    checkText('the name of a collection', name);
    let values = this.#collections.get(name);
    if (values === undefined) {
      values = [];
      this.#collections.set(name, values);
    }
    return values;
  }

  /** Removes every value of a collection. */
  clearCollection(name: string): void {
    this.#collections.delete(name);
  }

  /** The names of the non-empty collections. */
  getAllCollectionKeys(): string[] {
    return [...this.#collections].filter(([, values]) => values.length > 0).map(([name]) => name);
  }

  // The whole graph

  /**
   * Makes the graph read-only, so that a program that builds operations in its training loop by mistake fails
   * immediately.
   */
  finalize(): void {
    this.#finalized = true;
  }

  /** Whether the graph is read-only. */
  get finalized(): boolean {
    return this.#finalized;
  }

  /** @internal Undoes `finalize`, for code that finalizes a graph temporarily. */
  unfinalize(): void {
    this.#finalized = false;
  }

  /**
   * The graph as the bytes of a `GraphDef`, which TensorBoard and Python's TensorFlow read.
   *
   * @throws {InvalidArgumentError} when it has 2 GiB or more, which no program could read
   */
  toGraphDef(): Uint8Array {
    const bytes = readBuffer((buffer) => checked((status) => capi().graphToGraphDef(this.pointer, buffer, status)));
    checkGraphDefSize(bytes);
    return bytes;
  }

  /**
   * Adds the operations of a GraphDef under a prefix: all of them, or none if that fails. Enclosing
   * `controlDependencies` apply to them, and so does `device`, to the extent that they have no device of their own.
   *
   * @param graphDef the bytes of a `GraphDef`, or its text format (`.pbtxt`)
   * @returns the operations (`'name'`) and tensors (`'name:0'`) listed in `returnElements`, by their names in the
   * GraphDef
   * @throws {InvalidArgumentError} when it is not a GraphDef (for text, with line and column), or its operations can't
   * be added
   * @throws {NotFoundError} when TensorFlow doesn't have the type of one of its operations
   *
   * @example
   * const bytes = graph.toGraphDef();
   * const x = tf.placeholder('float32', [null, 784]);
   * const inputMap = { [images.name]: x };
   * const [again] = graph.importGraphDef(bytes, { prefix: 'net', inputMap, returnElements: [logits.name] });
   */
  importGraphDef(graphDef: Uint8Array | string, options: ImportOptions = {}): (Operation | Tensor)[] {
    onlyOptions(options, { prefix: 'string', name: 'string', inputMap: 'object', returnElements: 'array' });
    this.#checkModifiable();
    const { controlScopes, devices } = this.#context;
    const controlInputs = controlScopes.flatMap(({ inputs }) => inputs);
    const before = this.#operations.length;
    const place = (own: string, describe: Parameters<typeof placeIn>[2]) =>
      this.#placing(() => placeIn(devices, own, describe));
    const context = {
      controlInputs,
      place: devices.length > 0 ? place : undefined,
      lookAt: haveFunctions(devices) ? new Graph() : undefined,
    };
    const elements = this.#losingNothing(() => importInto(this, graphDef, options, context));
    for (const operation of this.#operations.slice(before))
      for (const scope of controlScopes) scope.members.add(operation);
    return elements;
  }

  /**
   * @internal Registers the operations that the C API added to the native graph by itself.
   *
   * `TF_GraphNextOperation` advances its position before it looks, even if it finds nothing: a position at the end
   * would skip the next operation that is added. So this keeps the position of the last existing operation.
   */
  adoptNew(): void {
    const { graphNextOperation } = capi();
    const position = this.#position.slice();
    for (;;) {
      const pointer = graphNextOperation(this.pointer, position);
      if (!pointer) return;
      this.#position.set(position);
      if (!this.#byPointer.has(pointer)) this.#register(pointer);
    }
  }

  /**
   * @internal
   * @throws {InvalidArgumentError} when the operation or tensor belongs to another graph
   */
  checkOwns(element: Operation | Tensor): void {
    checkObject('what belongs to a graph', element);
    if (element.graph === this) return;
    if (!(element.graph instanceof Graph))
      throw new InvalidArgumentError(`operations and tensors belong to graphs, not ${shown(element)}`);
    const { site } = 'op' in element ? element.op : element;
    throw new InvalidArgumentError(foreign(`${element} belongs to another graph`, element.graph, this, site));
  }

  toString(): string {
    return `Graph of ${this.#operations.length} operations`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [jupyterDisplay](): MimeBundle {
    return displayGraph(this);
  }

  #register(pointer: Pointer, site?: CallSite): Operation {
    const operation = operationOf(this, pointer, site);
    this.#operations.push(operation);
    this.#byPointer.set(pointer, operation);
    this.#byName.set(operation.name, operation);
    this.#names.use(operation.name);
    return operation;
  }

  /** A unique name under the current scope; for a name that ends in `/`, the part before it unchanged. */
  #fullName(name: unknown, check: (name: unknown) => asserts name is string): string {
    if (typeof name !== 'string' || !name.endsWith('/')) return this.#unique(name, check);
    const whole = name.slice(0, -1);
    check(whole);
    return whole;
  }

  #unique(name: unknown, check: (name: unknown) => asserts name is string): string {
    const { scope } = this.#context;
    if (!scope || typeof name !== 'string') {
      check(name);
      return this.#names.unique(name);
    }
    if (name === '') check(name);
    const whole = `${scope}/${name}`;
    check(whole);
    return this.#names.unique(whole);
  }

  /**
   * Runs something that adds operations. If a device function fails before anything is added, the names reserved so far
   * are released.
   */
  #losingNothing<T>(add: () => T): T {
    const before = this.#operations.length;
    return this.#names.attempt(add, (error) => error === this.#misplaced && this.#operations.length === before);
  }

  /** Calls device functions, which may inspect the graph but not change it. */
  #placing(place: () => string): string {
    this.#isPlacing = true;
    try {
      return place();
    } catch (error) {
      this.#misplaced = error;
      throw error;
    } finally {
      this.#isPlacing = false;
    }
  }

  #checkModifiable(): void {
    if (this.#isPlacing)
      throw new InvalidArgumentError('a device function only says where an operation runs: it adds none to the graph');
    if (this.#finalized) throw new InvalidArgumentError('the graph is finalized: nothing can be added to it any more');
  }

  #checkInputs(definition: OpDef, inputs: readonly (Tensor | readonly Tensor[])[]): void {
    const expected = definition.inputArg;
    if (!Array.isArray(inputs))
      throw new InvalidArgumentError(`the inputs of ${definition.name} are an array, not ${shown(inputs)}`);
    if (inputs.length !== expected.length) {
      const names = expected.map(({ name }) => name).join(', ');
      throw new InvalidArgumentError(
        `${definition.name} takes ${expected.length} input(s) (${names}), got ${inputs.length}`,
      );
    }
    for (const [i, argument] of expected.entries()) {
      const input = inputs[i]!;
      const isList = argument.numberAttr !== '' || argument.typeListAttr !== '';
      if (isList !== Array.isArray(input) && (isList || input instanceof Tensor || Array.isArray(input)))
        throw new InvalidArgumentError(`input '${argument.name}' is ${isList ? 'a list of tensors' : 'one tensor'}`);
      for (const tensor of [input].flat()) {
        if (!(tensor instanceof Tensor))
          throw new InvalidArgumentError(`input '${argument.name}' is no tensor: ${shown(tensor)}`);
        this.checkOwns(tensor);
      }
    }
  }

  /** The control inputs that scopes require, except for those that an input from the same scope already waits for. */
  #controlInputs(inputs: readonly Tensor[], own: readonly (Operation | Tensor)[]): Set<Operation> {
    const producers = new Set(inputs.map(({ op }) => op));
    const result = new Set(own.map((element) => this.#operationOf(element)));
    for (const { inputs: waited, members } of this.#context.controlScopes) {
      if ([...producers].some((producer) => members.has(producer))) continue;
      for (const operation of waited) if (!producers.has(operation)) result.add(operation);
    }
    return result;
  }

  #operationOf(element: Operation | Tensor): Operation {
    if (!(element instanceof Tensor || element instanceof Operation))
      throw new InvalidArgumentError(`expected an operation or a tensor, got ${shown(element)}`);
    this.checkOwns(element);
    return element instanceof Tensor ? element.op : element;
  }

  #within<T>(context: Partial<Context>, build: () => T): T {
    checkCallback(build);
    const outer = this.#context;
    this.#context = { ...outer, ...context };
    try {
      return synchronous(build());
    } finally {
      this.#context = outer;
    }
  }
}

/** The parts that {@link checkFatal} inspects. */
function partsOf(
  { inputArg }: OpDef,
  inputs: readonly (Tensor | readonly Tensor[])[],
  attributes: Attributes,
): Parameters<typeof checkFatal>[1] {
  const tensors = (input: string) =>
    [inputs[inputArg.findIndex(({ name }) => name === input)] ?? []].flat() as Tensor[];
  return {
    attribute: (name) => attributes[name],
    shapes: (input) => tensors(input).map(({ shape }) => shape),
    dtype: (input) => tensors(input)[0]?.dtype,
    source: (input) => tensors(input)[0]?.op,
  };
}

/**
 * Refuses an operation whose outputs have more elements than can be counted: libtensorflow infers such a shape, and
 * aborts the process when it runs the operation.
 */
function checkOutputs({ outputs }: Operation): void {
  for (const { shape } of outputs) {
    const elements = shape?.reduce<number>((product, size) => product * (size || 1), 1) ?? 0;
    if (elements >= 2 ** 63)
      throw new InvalidArgumentError(`a tensor of shape ${shapeText(shape)} has too many elements`);
  }
}

/** Attributes by name, each validated against the definition and encoded. */
function encodeAttributes(definition: OpDef, attributes: Attributes) {
  const encoded: [string, ReturnType<typeof encodeAttribute>][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const def = definition.attr.find((attribute) => attribute.name === name);
    if (def) encoded.push([name, encodeAttribute(def, value)]);
    else if (name.startsWith('_')) encoded.push([name, encodeAttribute(privateAttribute(name, value), value)]);
    else {
      const known = definition.attr.map((attribute) => attribute.name).join(', ') || 'none';
      throw new InvalidArgumentError(`${definition.name} has no attribute '${name}'; it has ${known}`);
    }
  }
  return encoded;
}

/** An attribute whose name starts with `_`. It is in no definition; its type is that of its value. */
function privateAttribute(name: string, value: Attributes[string]): OpDef['attr'][number] {
  const item = Array.isArray(value) ? value[0] : value;
  const kinds: Record<string, string> = { string: 'string', boolean: 'bool', bigint: 'int', number: 'int' };
  const type = kinds[typeof item] ?? 'string';
  return { name, type: Array.isArray(value) ? `list(${type})` : type } as OpDef['attr'][number];
}

function groupsOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.flatMap((operation) => operation.colocationGroups()))].sort();
}

function encodeGroups(groups: readonly string[]): Uint8Array {
  return encodeAttribute(privateAttribute('_class', groups), groups) as Uint8Array;
}

/** `TF_Output[]`. */
export function packOutputs(tensors: readonly Tensor[]): BigInt64Array {
  return BigInt64Array.from(tensors.flatMap(({ output: { oper, index } }) => [oper, BigInt(index)]));
}

function checkCallback(build: unknown): void {
  if (typeof build !== 'function')
    throw new InvalidArgumentError(`a scope takes a function that builds within it, not ${shown(build)}`);
}

/** The result of a callback, which must not be a promise, because a scope doesn't extend across an `await`. */
function synchronous<T>(result: T): T {
  if (result instanceof Promise)
    throw new InvalidArgumentError('a scope ends when its callback returns, so the callback must not be async');
  return result;
}

// The default graph

/** The default graph that lives until `resetDefaultGraph`, followed by those of the active `asDefault` calls. */
const defaults: Graph[] = [];

/**
 * The graph to which builders add: that of the innermost `asDefault`, or else the one that lives until
 * `resetDefaultGraph`.
 *
 * @example
 * tf.getDefaultGraph().operations.map(({ name }) => name);
 */
export function getDefaultGraph(): Graph {
  if (defaults.length === 0) defaults.push(new Graph());
  return defaults[defaults.length - 1]!;
}

/**
 * Drops the default graph: the next builder starts a new one.
 *
 * @throws {InvalidArgumentError} when it is called inside of `asDefault`
 *
 * @example
 * tf.resetDefaultGraph(); // first in a cell, so that it may run again
 * const x = tf.placeholder('float32', [], { name: 'x' });
 */
export function resetDefaultGraph(): void {
  if (defaults.length > 1) throw new InvalidArgumentError("resetDefaultGraph can't be called inside of asDefault");
  defaults.length = 0;
}

function withDefaultGraph<T>(graph: Graph, build: () => T): T {
  checkCallback(build);
  getDefaultGraph();
  defaults.push(graph);
  try {
    return synchronous(build());
  } finally {
    defaults.pop();
  }
}

/** @throws {InvalidArgumentError} when `tensor` has another dtype */
function ofDType<D extends DType>(tensor: Tensor, dtype: D | undefined): Tensor<D> {
  if (dtype !== undefined && !isDType(dtype)) throw new InvalidArgumentError(`${shown(dtype)} is no dtype`);
  if (dtype !== undefined && tensor.dtype !== dtype)
    throw new InvalidArgumentError(`'${tensor.name}' is of ${tensor.dtype}, not of ${dtype}`);
  return tensor as Tensor as Tensor<D>;
}
