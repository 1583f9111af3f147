/** Adding the operations of a GraphDef to a graph. */
import { withBuffer } from '../runtime/buffer';
import { capi, type Pointer } from '../runtime/capi';
import { InvalidArgumentError } from '../runtime/errors';
import { checked } from '../runtime/status';
import type { Graph } from './graph';
import type { Operation } from './operation';
import type { Tensor } from './tensor';

/** How to import a GraphDef. */
export interface ImportOptions {
  /** The scope of the imported operations; `import` by default, `''` for none. A taken one gets a number. */
  prefix?: string;
  /** Tensors of the graph to use in place of tensors of the GraphDef, by the latter's names (`'x:0'` or `'x'`). */
  inputMap?: Readonly<Record<string, Tensor>>;
  /** What to return: operations (`'name'`) and tensors (`'name:0'`) by their names in the GraphDef. */
  returnElements?: readonly string[];
}

/** Imports `graphDef` into `graph`; see `Graph.importGraphDef`. */
export function importInto(
  graph: Graph,
  graphDef: Uint8Array,
  { prefix = 'import', inputMap = {}, returnElements = [] }: ImportOptions,
  controlInputs: readonly Operation[],
): (Operation | Tensor)[] {
  const api = capi();
  const mapped = Object.entries(inputMap).map(([name, tensor]) => {
    graph.checkOwns(tensor);
    return { ...parseName(name), tensor };
  });
  const returned = returnElements.map(parseName);
  const scope =
    prefix === '' ? graph.currentScope : prefix.endsWith('/') ? prefix.slice(0, -1) : graph.uniqueName(prefix);

  const options = api.newImportGraphDefOptions();
  try {
    if (scope) api.importSetPrefix(options, scope);
    for (const { name, index, tensor } of mapped) api.importAddInputMapping(options, name, index ?? 0, tensor.output);
    for (const { name, index } of returned) {
      if (index === undefined) api.importAddReturnOperation(options, name);
      else api.importAddReturnOutput(options, name, index);
    }
    for (const operation of controlInputs) api.importAddControlDependency(options, operation.pointer);
    const results = withBuffer(graphDef, (buffer) =>
      checked((status) => api.importGraphDef(graph.pointer, buffer, options, status)),
    ) as Pointer;
    try {
      graph.adoptNew();
      checkMappingsUsed(results, Object.keys(inputMap));
      const outputs = readResults(results, api.importResultsReturnOutputs, 2);
      const operations = readResults(results, api.importResultsReturnOperations, 1);
      return returned.map(({ index }) => {
        if (index === undefined) return graph.operationAt(operations.shift() as bigint);
        const [oper, output] = outputs.splice(0, 2) as [bigint, bigint];
        return graph.operationAt(oper).outputs[Number(BigInt.asIntN(32, output))] as Tensor;
      });
    } finally {
      api.deleteImportGraphDefResults(results);
    }
  } finally {
    api.deleteImportGraphDefOptions(options);
  }
}

function parseName(name: string): { name: string; index: number | undefined } {
  const match = /^(.+):(\d+)$/.exec(name);
  return match ? { name: match[1] as string, index: Number(match[2]) } : { name, index: undefined };
}

/** An array that the C API's results own: it writes its length to the first pointer and its address to the second. */
function readResults(
  results: Pointer,
  read: (results: Pointer, count: BigInt64Array, array: BigInt64Array) => void,
  width: number,
): bigint[] {
  const count = new BigInt64Array(1);
  const address = new BigInt64Array(1);
  read(results, count, address);
  const values = new BigInt64Array(Number(BigInt.asIntN(32, count[0] as bigint)) * width);
  if (values.length > 0) capi().memcpy(values, address[0] as bigint, values.byteLength);
  return [...values];
}

/** A mapping for a name that the GraphDef doesn't have is a mistake of its writer. */
function checkMappingsUsed(results: Pointer, names: readonly string[]): void {
  const [count, sources, indices] = [new BigInt64Array(1), new BigInt64Array(1), new BigInt64Array(1)];
  capi().importResultsMissingMappings(results, count, sources, indices);
  const missing = Number(BigInt.asIntN(32, count[0] as bigint));
  if (missing > 0)
    throw new InvalidArgumentError(
      `inputMap has ${missing} name(s) that the GraphDef doesn't have, among: ${names.join(', ')}`,
    );
}
