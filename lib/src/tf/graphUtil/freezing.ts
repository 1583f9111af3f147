/**
 * Replaces the variables of a GraphDef by constants. Where a variable was passed on, its value is passed instead:
 * through operations that only forward it, into functions and out of them, up to the operations that read it.
 */
import { type AttrValue, FunctionDef, type GraphDef, type MessageInit, NodeDef, type TensorProto } from '../../protos';
import { dtypeNumber } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { calledBy } from '../graph/functionNames';
import type { Graph } from '../graph/graph';
import { freeName } from '../graph/names';
import { isControl } from './names';
import { subGraph } from './subGraph';

/** The types of operations that are variables. */
export const VARIABLE_TYPES: ReadonlySet<string> = new Set(['Variable', 'VariableV2', 'VarHandleOp']);

/** A value that replaces a variable or its handle. */
interface Value {
  readonly variable: string;
  /** One of `DataType`. */
  readonly dtype: number;
  /** Whether it was a reference; then operations that read it accept a value as well. */
  readonly wasReference: boolean;
}

/** An output of a node, as it is named in a graph and in a function. */
type Output = readonly [index: number, name: string];

const first = (): Output[] => [[0, 'output:0']];
const each = (index: number): Output[] => [[index, `output:${index}`]];

/**
 * Operations that forward an input, and the outputs that then have its value. The attribute `T` holds the type of all
 * inputs, or a list of their types.
 */
const CARRIERS: Readonly<Record<string, (index: number) => Output[]>> = {
  Identity: first,
  IdentityN: each,
  Enter: first,
  Exit: first,
  NextIteration: first,
  Merge: first,
  Switch: () => [
    [0, 'output_false:0'],
    [1, 'output_true:0'],
  ],
};

/** The prefix of those of them that take references. */
const OF_REFERENCES = 'Ref';

/**
 * Operations that call functions: their function attributes, the first input passed to the functions, and the attribute
 * with the types.
 */
const CALLERS: Readonly<
  Record<string, { functions: readonly string[]; from: number; types: string; results?: string }>
> = {
  PartitionedCall: { functions: ['f'], from: 0, types: 'Tin', results: 'Tout' },
  StatefulPartitionedCall: { functions: ['f'], from: 0, types: 'Tin', results: 'Tout' },
  If: { functions: ['then_branch', 'else_branch'], from: 1, types: 'Tin', results: 'Tout' },
  StatelessIf: { functions: ['then_branch', 'else_branch'], from: 1, types: 'Tin', results: 'Tout' },
  Case: { functions: ['branches'], from: 1, types: 'Tin', results: 'Tout' },
  StatelessCase: { functions: ['branches'], from: 1, types: 'Tin', results: 'Tout' },
  While: { functions: ['cond', 'body'], from: 0, types: 'T' },
  StatelessWhile: { functions: ['cond', 'body'], from: 0, types: 'T' },
};

/** The nodes of a graph or of a function, and how their outputs are named. */
interface Body {
  readonly nodes: NodeDef[];
  /** The function's name; undefined for a graph. */
  readonly owner: string | undefined;
  readonly values: Map<string, Value>;
  /** Outputs of a function's nodes that were renamed. */
  readonly renamed: Map<string, string>;
}

/**
 * The nodes of a GraphDef that compute some outputs, with constants for variables.
 *
 * @param graph knows the types of operations
 * @param def is modified
 * @param constants the variables' values, by the names of their nodes
 * @throws {InvalidArgumentError} when a remaining operation needs a variable itself, and not its value
 */
export function frozen(
  graph: Graph,
  def: GraphDef,
  constants: ReadonlyMap<string, MessageInit<TensorProto>>,
  outputs: readonly string[],
): GraphDef {
  return new Freezing(graph, def).freeze(constants, outputs);
}

class Freezing {
  readonly #graph: Graph;
  readonly #def: GraphDef;
  /** The functions of the GraphDef, and those derived from them. */
  readonly #functions: Map<string, FunctionDef>;
  /** The functions derived for certain values, by the original name and the values. */
  readonly #made = new Map<string, { readonly name: string; readonly results: Map<number, Value> }>();
  /** The values passed so far to nodes that call functions, and the original nodes. */
  readonly #calls = new Map<NodeDef, { readonly values: Map<number, Value>; readonly original: Uint8Array }>();
  /** Why a node can't remain; by node, because a function may have a node of the same name. */
  readonly #objections = new Map<NodeDef, string>();

  constructor(graph: Graph, def: GraphDef) {
    this.#graph = graph;
    this.#def = def;
    this.#functions = functionsOf(def);
  }

  freeze(constants: ReadonlyMap<string, MessageInit<TensorProto>>, outputs: readonly string[]): GraphDef {
    const nodes = this.#def.node.map((node) => NodeDef.decode(NodeDef.encode(node)));
    const values = new Map<string, Value>();
    for (const node of nodes) {
      const tensor = constants.get(node.name);
      if (tensor === undefined) continue;
      const { name: variable, op } = node;
      values.set(`${variable}:0`, { variable, dtype: tensor.dtype as number, wasReference: op !== 'VarHandleOp' });
      becomeConstant(node, tensor);
    }
    this.#spread({ nodes, owner: undefined, values, renamed: new Map() });
    const kept = withCalled(subGraph({ ...this.#def, node: nodes }, outputs), this.#functions);
    const all = [...kept.node, ...(kept.library?.function.flatMap(({ nodeDef }) => nodeDef) ?? [])];
    for (const node of all) {
      const objection = this.#objections.get(node);
      if (objection) throw new InvalidArgumentError(objection);
    }
    return kept;
  }

  /** Propagates values to all operations that take them, until nothing changes. */
  #spread(body: Body): void {
    const { nodes, values, renamed } = body;
    const seen = new Set<string>();
    for (let before = -1; before < seen.size; ) {
      before = seen.size;
      for (const node of [...nodes])
        for (const [index, input] of node.input.entries()) {
          const value = isControl(input) ? undefined : values.get(keyOf(input, body));
          const visit = `${index} ${node.name}`;
          if (value === undefined || seen.has(visit)) continue;
          seen.add(visit);
          for (const [output, result] of this.#take(node, index, value, body))
            values.set(body.owner === undefined ? `${node.name}:${output[0]}` : `${node.name}:${output[1]}`, result);
        }
    }
    for (const node of nodes) {
      node.input = node.input.map((input) => renamed.get(input) ?? input);
      const data = node.input.filter((input) => !isControl(input));
      const mixed = node.op === 'Merge' && data.some((input) => values.get(keyOf(input, body))?.wasReference === false);
      if (mixed && !data.every((input) => values.has(keyOf(input, body))))
        this.#object(node, 'merges variables that are to be constants with others that are not');
    }
  }

  /** Makes a node take a value instead of a variable; returns the outputs that forward it. */
  #take(node: NodeDef, index: number, value: Value, body: Body): [Output, Value][] {
    const carried = CARRIERS[value.wasReference ? node.op.replace(OF_REFERENCES, '') : node.op];
    if (carried && (!value.wasReference || node.op.startsWith(OF_REFERENCES))) {
      if (value.wasReference) node.op = node.op.slice(OF_REFERENCES.length);
      else setType(node, 'T', index, value.dtype);
      delete node.attr._output_shapes;
      return carried(index).map((output) => [output, value]);
    }
    if (value.wasReference) {
      if (node.op === 'IsVariableInitialized') becomeTrue(node);
      else if (this.#takesReference(node, index)) this.#refuse(node, value);
      return [];
    }
    if (CALLERS[node.op] || this.#functions.has(node.op)) return this.#call(node, index, value);
    const read = READERS[node.op];
    if (!read) this.#refuse(node, value);
    else if (body.owner !== undefined && OUTPUT_NAMES[node.op])
      body.renamed.set(`${node.name}:${OUTPUT_NAMES[node.op]}:0`, `${node.name}:output:0`);
    read?.(node, value.dtype, body);
    return [];
  }

  /** Passes a value to the functions that a node calls. */
  #call(node: NodeDef, index: number, value: Value): [Output, Value][] {
    const caller = CALLERS[node.op];
    const { functions = [], from = 0, types, results } = caller ?? {};
    if (index < from) {
      this.#refuse(node, value);
      return [];
    }
    const given = this.#calls.get(node) ?? { values: new Map<number, Value>(), original: NodeDef.encode(node) };
    this.#calls.set(node, given);
    given.values.set(index - from, value);
    const original = NodeDef.decode(given.original);
    const handedOn = new Map<number, Value>();
    const replaced = (name: string) => {
      const made = this.#functionFor(name, given.values);
      for (const [output, result] of made.results) handedOn.set(output, result);
      return made.name;
    };
    if (!caller) node.op = replaced(original.op);
    for (const key of functions) {
      const attribute = node.attr[key];
      const before = original.attr[key];
      if (attribute?.func && before?.func) attribute.func.name = replaced(before.func.name);
      for (const [i, named] of before?.list?.func.entries() ?? [])
        attribute!.list!.func[i]!.name = replaced(named.name);
    }
    if (types) setType(node, types, index - from, value.dtype);
    const shapes = node.attr.output_shapes?.list?.shape;
    if (types === 'T' && shapes?.[index]) shapes[index] = { dim: [], unknownRank: true };
    // A loop variable that the body doesn't change keeps its value.
    if (types === 'T') handedOn.set(index, value);
    if (results) for (const [output, { dtype }] of handedOn) setType(node, results, output, dtype);
    const { outputArg } = this.#functions.get(original.op)?.signature ?? {};
    const nameOf = (output: number) => (outputArg ? `${outputArg[output]!.name}:0` : `output:${output}`);
    return [...handedOn].map(([output, result]) => [[output, nameOf(output)], result]);
  }

  /** A variant of a function that takes values in place of variables. */
  #functionFor(name: string, values: ReadonlyMap<number, Value>): { name: string; results: Map<number, Value> } {
    const sorted = [...values].sort(([a], [b]) => a - b);
    const key = JSON.stringify([name, sorted.map(([index, { dtype }]) => [index, dtype])]);
    const known = this.#made.get(key);
    if (known) return known;
    const original = this.#functions.get(name);
    if (!original)
      throw new InvalidArgumentError(`the GraphDef has no function '${name}', which one of its nodes calls`);
    const made = { name: freeName(`${name}_frozen`, this.#functions), results: new Map<number, Value>() };
    this.#made.set(key, made);
    const copy = FunctionDef.decode(FunctionDef.encode(original));
    this.#functions.set(made.name, copy);
    const { inputArg, outputArg } = copy.signature!;
    copy.signature!.name = made.name;
    const inputs = new Map<string, Value>();
    for (const [index, value] of sorted) {
      const argument = inputArg[index];
      if (!argument) continue;
      inputs.set(argument.name, value);
      Object.assign(argument, { type: value.dtype, handleData: [] });
      const shapes = copy.attr._input_shapes?.list?.shape;
      if (shapes?.[index]) shapes[index] = { dim: [], unknownRank: true };
      delete copy.argAttr[index]?.attr._output_shapes;
    }
    const body: Body = { nodes: copy.nodeDef, owner: made.name, values: inputs, renamed: new Map() };
    this.#spread(body);
    for (const [index, output] of outputArg.entries()) {
      const returned = copy.ret[output.name];
      if (returned === undefined) continue;
      copy.ret[output.name] = body.renamed.get(returned) ?? returned;
      const value = body.values.get(keyOf(returned, body));
      if (!value) continue;
      Object.assign(output, { type: value.dtype, handleData: [] });
      made.results.set(index, value);
    }
    return made;
  }

  #takesReference(node: NodeDef, index: number): boolean {
    if (this.#functions.has(node.op)) return false;
    let next = 0;
    for (const { isRef, numberAttr, typeListAttr } of this.#graph.definition(node.op).inputArg) {
      if (numberAttr) next += Number(node.attr[numberAttr]?.i ?? 1);
      else next += typeListAttr ? (node.attr[typeListAttr]?.list?.type.length ?? 1) : 1;
      if (index < next) return isRef;
    }
    return false;
  }

  #refuse(node: NodeDef, { variable }: Value): void {
    this.#object(node, `needs the variable '${variable}' itself, not only its value`);
  }

  #object(node: NodeDef, what: string): void {
    this.#objections.set(
      node,
      `'${node.name}' (${node.op}) ${what}: choose outputs that are computed without it, or keep the variable by variableNamesBlacklist`,
    );
  }
}

/** The key of an input's tensor in a body. */
function keyOf(input: string, { owner }: Body): string {
  return owner !== undefined || /:\d+$/.test(input) ? input : `${input}:0`;
}

/**
 * The graph with the functions that it calls, and no others.
 *
 * @param functions all available ones, by name
 */
export function withCalled(def: GraphDef, functions: ReadonlyMap<string, FunctionDef> = functionsOf(def)): GraphDef {
  if (!def.library) return def;
  const called = new Set<string>();
  const pending = [...def.node];
  for (let node = pending.pop(); node; node = pending.pop())
    for (const name of calledBy(node)) {
      const definition = functions.get(name);
      if (!definition || called.has(name)) continue;
      called.add(name);
      pending.push(...definition.nodeDef);
    }
  const kept = [...functions].filter(([name]) => called.has(name)).map(([, definition]) => definition);
  const gradient = def.library.gradient.filter(({ functionName, gradientFunc }) =>
    [functionName, gradientFunc].every((name) => called.has(name)),
  );
  return { ...def, library: { ...def.library, function: kept, gradient } };
}

/** The functions of a graph by their names. */
export function functionsOf({ library }: GraphDef): Map<string, FunctionDef> {
  return new Map(library?.function.map((made) => [made.signature?.name ?? '', made]));
}

/** The names of a reader's output, where the name in the replacing operation is `output`. */
const OUTPUT_NAMES: Readonly<Record<string, string>> = {
  ReadVariableOp: 'value',
  VarIsInitializedOp: 'is_initialized',
};

/** The replacements of operations that read a variable through its handle. */
const READERS: Readonly<Record<string, (node: NodeDef, dtype: number, body: Body) => void>> = {
  ReadVariableOp: (node, dtype) => become(node, 'Identity', [node.input[0]!], { T: { type: dtype } }),
  ResourceGather: (node, dtype, { nodes, owner }) => {
    const [params, indices] = node.input as [string, string];
    const { Tindices = { type: dtypeNumber('int32') }, batch_dims: batchDims = { i: 0 } } = node.attr;
    // The gathered rows come after the batch dimensions.
    const axis = NodeDef.decode(
      NodeDef.encode({ name: freeName(`${node.name}/axis`, new Set(nodes.map((other) => other.name))) }),
    );
    const value = { dtype: dtypeNumber('int32'), tensorShape: { dim: [] }, intVal: [Number(batchDims.i ?? 0)] };
    becomeConstant(axis, value);
    nodes.splice(nodes.indexOf(node), 0, axis);
    const taken = { Tparams: { type: dtype }, Tindices, Taxis: { type: dtypeNumber('int32') }, batch_dims: batchDims };
    become(node, 'GatherV2', [params, indices, owner === undefined ? axis.name : `${axis.name}:output:0`], taken);
  },
  ResourceGatherNd: (node, dtype) => {
    const { Tindices = { type: dtypeNumber('int32') } } = node.attr;
    become(node, 'GatherNd', node.input.slice(0, 2), { Tparams: { type: dtype }, Tindices });
  },
  VariableShape: (node, dtype) => {
    const { out_type: outType = { type: dtypeNumber('int32') } } = node.attr;
    become(node, 'Shape', [node.input[0]!], { T: { type: dtype }, out_type: outType });
  },
  VarIsInitializedOp: (node) => becomeTrue(node),
};

/** Turns a node into another operation, which keeps its control inputs. */
function become(node: NodeDef, op: string, inputs: string[], attributes: Record<string, MessageInit<AttrValue>>): void {
  const { _class } = node.attr;
  const input = [...inputs, ...node.input.filter(isControl)];
  const attr = { ...attributes, ...(_class && { _class }) };
  Object.assign(node, NodeDef.decode(NodeDef.encode({ name: node.name, op, input, attr })));
}

function becomeConstant(node: NodeDef, value: MessageInit<TensorProto>): void {
  const attr = { dtype: { type: value.dtype as number }, value: { tensor: value } };
  Object.assign(node, NodeDef.decode(NodeDef.encode({ name: node.name, op: 'Const', attr })));
}

const becomeTrue = (node: NodeDef) =>
  becomeConstant(node, { dtype: dtypeNumber('bool'), tensorShape: { dim: [] }, boolVal: [true] });

/** Sets a type in an attribute that holds a list of types or a single one. */
function setType({ attr }: NodeDef, key: string, index: number, dtype: number): void {
  const types = attr[key]?.list?.type;
  if (types) types[index] = dtype;
  else attr[key] = { type: dtype };
}
