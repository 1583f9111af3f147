/**
 * MetaGraphDefs: a graph with its collections and the names of its saver's operations, as in `.meta` files. A program
 * that doesn't know how the graph was built can continue with it.
 *
 * @see TensorFlow's python/framework/meta_graph.py
 */
import { isUtf8 } from 'node:buffer';
import {
  type Any,
  type Codec,
  type CollectionDef,
  CondContextDef,
  GraphDef,
  type MessageInit,
  MetaGraphDef,
  type OpDef,
  QueueRunnerDef,
  SaverDef,
  VariableDef,
  WhileContextDef,
} from '../../protos';
import { capi } from '../../runtime/capi';
import { InvalidArgumentError } from '../../runtime/errors';
import { replaceFileSync } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { encodeShape } from '../graph/attributes';
import { GraphKeys } from '../graph/collections';
import { Graph, getDefaultGraph } from '../graph/graph';
import { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { type Variable, variableFromProto } from '../ops/variables';
import { QueueRunner } from './coordination';

/**
 * The collections of variables, which a MetaGraphDef describes individually; of other collections it contains only
 * names.
 */
const VARIABLE_COLLECTIONS: ReadonlySet<string> = new Set([
  GraphKeys.GLOBAL_VARIABLES,
  GraphKeys.TRAINABLE_VARIABLES,
  GraphKeys.MOVING_AVERAGE_VARIABLES,
  GraphKeys.LOCAL_VARIABLES,
  GraphKeys.MODEL_VARIABLES,
  GraphKeys.GLOBAL_STEP,
  'metric_variables',
]);

// Export

/** Options of an export. */
export interface ExportMetaGraphOptions {
  /**
   * The graph.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
  /** A file to write it to. */
  filename?: string;
  /**
   * Whether to write the file in text format, as `.pbtxt` files.
   *
   * @defaultValue `false`
   */
  asText?: boolean;
  /** The names of a saver's operations: `saver.toProto()`. */
  saverDef?: MessageInit<SaverDef>;
  /**
   * The names of the collections to export.
   *
   * @defaultValue all
   */
  collectionList?: readonly string[];
  /** Whether to omit the requested devices of the operations. */
  clearDevices?: boolean;
}

/**
 * A graph with its collections, as the bytes of a `MetaGraphDef`, which `importMetaGraph` and Python's
 * `tf.train.import_meta_graph` read. Collections of anything but operations, tensors, variables, savers, queue runners,
 * strings, bytes or numbers are omitted with a warning.
 *
 * @throws {TensorFlowError} when the file can't be written
 *
 * @example
 * tf.train.exportMetaGraph({ graph, filename: 'model.meta', saverDef: saver.toProto() });
 */
export function exportMetaGraph(options: ExportMetaGraphOptions = {}): Uint8Array {
  onlyOptions(options, {
    graph: Graph,
    filename: 'path',
    saverDef: 'any',
    collectionList: 'array',
    clearDevices: 'boolean',
    asText: 'boolean',
  });
  const { graph = getDefaultGraph(), filename, saverDef, clearDevices = false, asText = false } = options;
  const graphDef = GraphDef.decode(graph.toGraphDef());
  for (const node of graphDef.node) {
    const { outputs } = graph.getOperationByName(node.name);
    // Preserves shapes that were set with setShape and can't be inferred from the graph.
    const shapes = { list: { shape: outputs.map(({ shape }) => encodeShape(shape)) } };
    if (outputs.length > 0) Object.assign(node.attr, { _output_shapes: shapes });
    if (clearDevices) node.device = '';
  }
  const collections = (options.collectionList ?? graph.getAllCollectionKeys()).flatMap((key) => {
    const collection = encodeCollection(graph, key);
    return collection ? [[key, collection] as const] : [];
  });
  const metaGraph: MessageInit<MetaGraphDef> = {
    metaInfoDef: { tensorflowVersion: capi().version(), strippedOpList: { op: definitionsUsed(graph, graphDef) } },
    graphDef,
    saverDef,
    collectionDef: Object.fromEntries(collections),
  };
  const bytes = MetaGraphDef.encode(metaGraph);
  if (filename !== undefined) replaceFileSync(filename, asText ? MetaGraphDef.toText(metaGraph) : bytes);
  return bytes;
}

/** The definitions of the operations that a graph and its functions use, for readers of another version. */
function definitionsUsed(graph: Graph, { node, library }: GraphDef): OpDef[] {
  const functions = new Set(library?.function.map(({ signature }) => signature?.name));
  const nodes = [...node, ...(library?.function.flatMap(({ nodeDef }) => nodeDef) ?? [])];
  const types = new Set(nodes.map(({ op }) => op).filter((op) => !functions.has(op)));
  return [...types].sort().map((type) => graph.definition(type));
}

function encodeCollection(graph: Graph, key: string): MessageInit<CollectionDef> | undefined {
  const values = graph.getCollection(key);
  if (values.length === 0) return undefined;
  try {
    if (VARIABLE_COLLECTIONS.has(key)) return { bytesList: { value: values.map(encodeVariable) } };
    if (key === GraphKeys.SAVERS)
      return { bytesList: { value: (values as Saving[]).map((saver) => SaverDef.encode(saver.toProto())) } };
    if (key === GraphKeys.QUEUE_RUNNERS) return { bytesList: { value: values.map(encodeQueueRunner) } };
    return encodeValues(values, fractions.get(graph)?.has(key));
  } catch {
    process.emitWarning(
      `collection '${key}' is not in the MetaGraphDef, which can't hold what is in it`,
      'MetaGraphDef',
    );
    return undefined;
  }
}

/** Encodes a variable, or a message that was no variable of the graph when it was imported. */
function encodeVariable(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : VariableDef.encode((value as Variable).toProto());
}

/** Encodes a queue runner, or a message that was no queue runner of the graph when it was imported. */
function encodeQueueRunner(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : QueueRunnerDef.encode((value as QueueRunner).toProto()!);
}

/** The collections of each graph that were imported as floats; their values may happen to be integers. */
const fractions = new WeakMap<Graph, Set<string>>();

/** The part of `Saver` that this module needs, without importing it. */
interface Saving {
  toProto(): SaverDef;
}

function encodeValues(values: readonly unknown[], areFractions = false): MessageInit<CollectionDef> {
  if (all(values, isStringOrBytes)) return { bytesList: { value: values } };
  if (!areFractions && all(values, isInteger)) return { int64List: { value: values } };
  if (all(values, isNumber)) return { floatList: { value: values } };
  if (all(values, isAny)) return { anyList: { value: values } };
  if (all(values, isNamed)) return { nodeList: { value: values.map(({ name }) => name) } };
  throw new InvalidArgumentError('values of different kinds, or of none that a CollectionDef knows');
}

function all<T>(values: readonly unknown[], is: (value: unknown) => value is T): values is readonly T[] {
  return values.every(is);
}

const isStringOrBytes = (value: unknown): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array;
const isInteger = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || Number.isSafeInteger(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isAny = (value: unknown): value is Any => typeof (value as Any).typeUrl === 'string';
const isNamed = (value: unknown): value is Tensor | Operation => value instanceof Tensor || value instanceof Operation;

// Import

/** Options of an import. */
export interface ImportMetaGraphOptions {
  /**
   * The graph to add to.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
  /** The scope for everything; one that is taken gets a number. */
  importScope?: string;
  /** Whether to ignore the requested devices of the operations. */
  clearDevices?: boolean;
  /** Tensors of the graph to use in place of tensors of the MetaGraphDef, by the names of the latter. */
  inputMap?: Readonly<Record<string, Tensor>>;
}

/**
 * Adds the operations of a MetaGraphDef and its collections to a graph, except for the collection of savers, which is
 * left to the caller.
 *
 * @returns the scope that contains everything, or `''`
 */
export function importOperationsAndCollections(
  metaGraph: MetaGraphDef & { graphDef: GraphDef },
  { graph = getDefaultGraph(), importScope, clearDevices = false, inputMap }: ImportMetaGraphOptions,
): string {
  const { graphDef, collectionDef } = metaGraph;
  if (clearDevices) for (const node of graphDef.node) node.device = '';

  checkNamesExist(metaGraph);
  if (!importScope) checkNamesFree(graph, graphDef);
  const scope = importScope ? graph.nameScope(importScope, (name) => name.slice(0, -1)) : graph.currentScope;
  graph.importGraphDef(GraphDef.encode(graphDef), { prefix: scope && `${scope}/`, inputMap });

  const trainable = new Set(variableDefs(collectionDef[GraphKeys.TRAINABLE_VARIABLES]).map((def) => def.variableName));
  // A variable in several collections is one object.
  const variables = new Map<string, Variable>();
  const variableOf = (bytes: Uint8Array): Variable | Uint8Array => {
    try {
      const def = VariableDef.decode(bytes);
      // Before TensorFlow 1.9, only the collection said which variables are trainable.
      const described = { ...def, trainable: def.trainable || trainable.has(def.variableName) };
      const variable = variables.get(def.variableName) ?? variableFromProto(graph, described, scope);
      variables.set(def.variableName, variable);
      return variable;
    } catch {
      return bytes.slice(); // something else, which is kept unchanged
    }
  };
  for (const [key, collection] of Object.entries(collectionDef)) {
    if (key === GraphKeys.SAVERS) continue;
    if (key === GraphKeys.QUEUE_RUNNERS && collection.bytesList) {
      const { bytesList } = inScope(key, collection, scope) as Required<CollectionDef>;
      for (const bytes of bytesList.value) graph.addToCollection(key, queueRunnerOf(graph, bytes));
      continue;
    }
    if (collection.floatList) fractions.set(graph, (fractions.get(graph) ?? new Set()).add(key));
    const values =
      VARIABLE_COLLECTIONS.has(key) && collection.bytesList
        ? collection.bytesList.value.map(variableOf)
        : decodeValues(inScope(key, collection, scope), (name) => elementOf(graph, scope ? `${scope}/${name}` : name));
    for (const value of values) graph.addToCollection(key, value);
  }
  return scope;
}

/** The queue runner that a message describes; the message itself if the graph lacks some of its operations. */
function queueRunnerOf(graph: Graph, bytes: Uint8Array): QueueRunner | Uint8Array {
  try {
    return graph.asDefault(() => QueueRunner.fromProto(QueueRunnerDef.decode(bytes)));
  } catch {
    return bytes.slice();
  }
}

/** Checks that everything named by the collections and the saver is in the graph; otherwise nothing is imported. */
function checkNamesExist({ graphDef, collectionDef, saverDef }: MetaGraphDef & { graphDef: GraphDef }): void {
  const names = new Set(graphDef.node.map(({ name }) => name));
  const check = (owner: string, element: string) => {
    if (!names.has(element.replace(/:\d+$/, '')))
      throw new InvalidArgumentError(`${owner} of the MetaGraphDef names '${element}', which its graph doesn't have`);
  };
  for (const [key, { nodeList }] of Object.entries(collectionDef))
    for (const element of nodeList?.value ?? []) check(`collection '${key}'`, element);
  if (!saverDef) return;
  const { filenameTensorName, saveTensorName, restoreOpName } = saverDef;
  for (const element of [filenameTensorName, saveTensorName, restoreOpName]) check('the saver', element);
}

/** Importing may number names that are taken; collections and savers would then refer to other operations. */
function checkNamesFree(graph: Graph, { node }: GraphDef): void {
  const taken = new Set(graph.operations.map(({ name }) => name));
  const within = graph.currentScope && `${graph.currentScope}/`;
  const clash = node.find(({ name }) => taken.has(within + name));
  if (clash)
    throw new InvalidArgumentError(
      `the graph has an operation '${within}${clash.name}' already: an importScope keeps the MetaGraphDef's apart`,
    );
}

function variableDefs(collection: CollectionDef | undefined): VariableDef[] {
  return (collection?.bytesList?.value ?? []).flatMap((bytes) => {
    try {
      return [VariableDef.decode(bytes)];
    } catch {
      return [];
    }
  });
}

/** Messages that consist of names of operations, by collection. */
const MESSAGES_OF_NAMES: Readonly<Record<string, Codec<unknown>>> = {
  cond_context: CondContextDef,
  while_context: WhileContextDef,
  queue_runners: QueueRunnerDef,
};

/** Adds a scope to the names in a collection's messages; without a scope, nothing changes. */
function inScope(key: string, collection: CollectionDef, scope: string): CollectionDef {
  const codec = MESSAGES_OF_NAMES[key];
  if (!scope || codec === undefined || !collection.bytesList) return collection;
  const value = collection.bytesList.value.map((bytes) =>
    codec.encode(prefixed(codec.decode(bytes), `${scope}/`) as object),
  );
  return { ...collection, bytesList: { value } };
}

/** Adds a prefix to all strings of a message, including those in lists and maps; empty strings name nothing. */
function prefixed(value: unknown, prefix: string): unknown {
  if (typeof value === 'string') return value && prefix + value;
  if (Array.isArray(value)) return value.map((item) => prefixed(item, prefix));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const isMap = Object.getPrototypeOf(value) === Object.prototype;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [isMap ? prefix + key : key, prefixed(item, prefix)]),
  );
}

function decodeValues(collection: CollectionDef, element: (name: string) => unknown): readonly unknown[] {
  const { nodeList, bytesList, int64List, floatList, anyList } = collection;
  if (nodeList) return nodeList.value.map(element);
  if (bytesList) return bytesList.value.map(textOrBytes);
  return (int64List ?? floatList ?? anyList)?.value ?? [];
}

/** A tensor by `name:0`, an operation by `name`. */
function elementOf(graph: Graph, name: string): Tensor | Operation {
  return name.includes(':') ? graph.getTensorByName(name) : graph.getOperationByName(name);
}

/** In a collection, both strings and messages are bytes. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : bytes.slice();
}
