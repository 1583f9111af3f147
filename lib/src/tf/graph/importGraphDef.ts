/**
 * Adds the operations of a GraphDef to a graph.
 *
 * @see `import_graph_def` in TensorFlow's python/framework/importer.py
 */

import { GraphDef, isText, type NodeDef, type OpDef } from '../../protos';
import { shown } from '../../runtime/arguments';
import { withBuffer } from '../../runtime/buffer';
import { capi, type Pointer } from '../../runtime/capi';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { checked } from '../../runtime/status';
import { decodeAttribute } from './attributes';
import type { OperationDescription } from './devices';
import { checkFatal } from './fatalOperations';
import { keepFunctionsApart } from './functionNames';
import type { Graph } from './graph';
import { decodeGraphDef } from './graphDef';
import type { Operation } from './operation';
import { Tensor } from './tensor';

/** Options of an import. */
export interface ImportOptions {
  /**
   * The scope of the imported operations. A scope that is taken gets a number; one that ends in `/` is re-entered; `''`
   * stands for no scope, where operations whose names are taken get numbers.
   *
   * @defaultValue `'import'`
   */
  prefix?: string;
  /** Python's name of `prefix`. */
  name?: string;
  /** Tensors of the graph to use in place of tensors of the GraphDef, by the names of the latter (`'x:0'` or `'x'`). */
  inputMap?: Readonly<Record<string, Tensor>>;
  /** What to return: operations (`'name'`) and tensors (`'name:0'`) by their names in the GraphDef. */
  returnElements?: readonly string[];
}

/** The requirements of the scopes that enclose an import. */
interface ImportContext {
  readonly controlInputs: readonly Operation[];
  /** Where scopes place an operation, given its own device and its description; undefined outside of device scopes. */
  readonly place: ((own: string, describe: (device: string) => OperationDescription) => string) | undefined;
  /** An empty graph in which device functions inspect the operations before they are added. */
  readonly lookAt: Graph | undefined;
}

/** Imports `graphDef` into `graph`; see `Graph.importGraphDef`. */
export function importInto(
  graph: Graph,
  graphDef: Uint8Array | string,
  options: ImportOptions,
  context: ImportContext,
): (Operation | Tensor)[] {
  // Everything is validated before anything is added: the runtime undoes an import that fails, but not one that aborts.
  const def = decodeGraphDef(graphDef);
  const nodes = new Map(def.node.map((node) => [node.name, node]));
  checkTypes(graph, def);
  const mapped = Object.entries(options.inputMap ?? {}).map(([name, tensor]) => ({
    ...elementOf(graph, nodes, name, 'inputMap'),
    tensor: replacement(graph, name, tensor),
  }));
  const returned = (options.returnElements ?? []).map((name) => elementOf(graph, nodes, name, 'returnElements'));
  const scope = scopeOf(graph, options);
  if (context.place) placeNodes(def, nodes, scope, context);
  const isRenamed = keepFunctionsApart(graph, def);
  const isAsGiven = !context.place && !isRenamed && graphDef instanceof Uint8Array && !isText(graphDef);
  const bytes = isAsGiven ? graphDef : GraphDef.encode(def);

  const api = capi();
  const native = api.newImportGraphDefOptions();
  try {
    api.importSetUniquifyNames(native, 1);
    if (scope) api.importSetPrefix(native, scope);
    for (const { name, index, tensor } of mapped) api.importAddInputMapping(native, name, index ?? 0, tensor.output);
    for (const { name, index } of returned) {
      if (index === undefined) api.importAddReturnOperation(native, name);
      else api.importAddReturnOutput(native, name, index);
    }
    for (const operation of context.controlInputs) api.importAddControlDependency(native, operation.pointer);
    const results = withBuffer(bytes, (buffer) =>
      checked((status) => api.importGraphDef(graph.pointer, buffer, native, status)),
    )!;
    try {
      graph.adoptNew();
      const outputs = readResults(results, api.importResultsReturnOutputs, 2);
      const operations = readResults(results, api.importResultsReturnOperations, 1);
      return returned.map(({ index }) => {
        if (index === undefined) return graph.operationAt(operations.shift()!);
        const [oper, output] = outputs.splice(0, 2) as [bigint, bigint];
        return graph.operationAt(oper).outputs[Number(BigInt.asIntN(32, output))]!;
      });
    } finally {
      api.deleteImportGraphDefResults(results);
    }
  } finally {
    api.deleteImportGraphDefOptions(native);
  }
}

/** Refuses unknown types. The runtime's own message contains only the type. */
function checkTypes(graph: Graph, { node, library }: GraphDef): void {
  const functions = library?.function ?? [];
  const own = new Set(functions.map(({ signature }) => signature?.name));
  const check = (nodes: readonly NodeDef[], owner: string) => {
    for (const { name, op, attr } of nodes) {
      if (own.has(op)) continue;
      let definition: OpDef;
      try {
        definition = graph.definition(op);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        throw new NotFoundError(
          `node '${name}' of ${owner} is of type '${op}', which TensorFlow ${capi().version()} doesn't have`,
        );
      }
      checkFatal(definition, {
        attribute: (key) => attr[key] && decodeAttribute(attr[key]),
        shapes: () => [],
        dtype: () => undefined,
        source: () => undefined,
      });
    }
  };
  check(node, 'the GraphDef');
  for (const { signature, nodeDef } of functions) check(nodeDef, `the function '${signature?.name}'`);
}

function scopeOf(graph: Graph, { prefix, name }: ImportOptions): string {
  if (prefix !== undefined && name !== undefined && prefix !== name)
    throw new InvalidArgumentError(`prefix and name are the same thing, but one is '${prefix}' and one '${name}'`);
  const scope = prefix ?? name ?? 'import';
  return scope === '' ? '' : graph.nameScope(scope, (full) => full.slice(0, -1));
}

/** The C API takes an `int`. */
const MAX_INDEX = 2 ** 31 - 1;

/** An operation of the GraphDef or, with an index, one of its tensors. */
interface Element {
  readonly name: string;
  readonly index: number | undefined;
}

/** @throws {InvalidArgumentError} when the GraphDef has no such operation or tensor */
function elementOf(graph: Graph, nodes: ReadonlyMap<string, NodeDef>, element: string, option: string): Element {
  const match = /^(.+):(\d+)$/.exec(element);
  const name = match?.[1] ?? element;
  const index = match ? Number(match[2]) : undefined;
  const node = nodes.get(name);
  if (node === undefined)
    throw new InvalidArgumentError(`${option} names '${element}', that the GraphDef doesn't have`);
  const count = outputCount(graph, node);
  if (index !== undefined && (index >= count || index > MAX_INDEX))
    throw new InvalidArgumentError(`${option} names '${element}', but '${name}' has ${count} output(s)`);
  return { name, index };
}

/** The number of outputs of a node; NaN if only the runtime knows, as for a function that the GraphDef defines. */
function outputCount(graph: Graph, { op, attr }: NodeDef): number {
  let definition: OpDef;
  try {
    definition = graph.definition(op);
  } catch {
    return Number.NaN;
  }
  const counts = definition.outputArg.map(({ numberAttr, typeListAttr }) => {
    if (numberAttr) return Number(attr[numberAttr]?.i ?? Number.NaN); // an omitted attribute has its default
    return typeListAttr ? (attr[typeListAttr]?.list?.type.length ?? Number.NaN) : 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function replacement(graph: Graph, name: string, tensor: unknown): Tensor {
  if (!(tensor instanceof Tensor))
    throw new InvalidArgumentError(`inputMap has no tensor for '${name}': ${shown(tensor)}`);
  graph.checkOwns(tensor);
  return tensor;
}

/**
 * Places the operations as scopes require, in the order in which they are added. A colocated operation follows the
 * other one.
 */
function placeNodes(
  def: GraphDef,
  nodes: ReadonlyMap<string, NodeDef>,
  scope: string,
  { place, lookAt }: ImportContext,
): void {
  lookAt?.importGraphDef(GraphDef.encode(def), { prefix: '' });
  const inOrder = lookAt ? lookAt.operations.map(({ name }) => nodes.get(name)!) : def.node;
  const others = (node: NodeDef) =>
    (node.attr._class?.list?.s ?? []).flatMap(
      (group) =>
        nodes.get(
          Buffer.from(group)
            .toString()
            .replace(/^loc:@/, ''),
        ) ?? [],
    );
  const isOnItsOwn = (node: NodeDef) => others(node).every((other) => other === node);
  for (const node of inOrder) if (isOnItsOwn(node)) node.device = place!(node.device, describe(node));
  for (const node of inOrder)
    if (!isOnItsOwn(node)) node.device = others(node).find(({ device }) => device !== '')?.device ?? '';

  function describe({ name, op: type }: NodeDef) {
    return (device: string): OperationDescription => {
      const operation = lookAt!.getOperationByName(name);
      return {
        name: scope ? `${scope}/${name}` : name,
        type,
        inputs: operation.inputs,
        get attributes() {
          return operation.attributes;
        },
        device,
      };
    };
  }
}

/**
 * Reads an array owned by the C API's results: the call writes its length to the first pointer and its address to the
 * second.
 */
function readResults(
  results: Pointer,
  read: (results: Pointer, count: BigInt64Array, array: BigInt64Array) => void,
  width: number,
): bigint[] {
  const count = new BigInt64Array(1);
  const address = new BigInt64Array(1);
  read(results, count, address);
  const values = new BigInt64Array(Number(BigInt.asIntN(32, count[0]!)) * width);
  if (values.length > 0) capi().memcpy(values, address[0]!, values.byteLength);
  return [...values];
}
