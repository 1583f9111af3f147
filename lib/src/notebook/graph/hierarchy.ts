/**
 * A graph as a reader thinks of it: the tree of its name scopes, with a variable for all the operations that make it, without
 * the constants that only parametrize an operation, and with what serves the program rather than the model set aside.
 */
import { type OperationData, producerOf } from './graphData';

/** What a node is; it decides how the node is drawn. */
export type NodeKind =
  | 'layer'
  | 'scope'
  | 'gradients'
  | 'optimizer'
  | 'variable'
  | 'placeholder'
  | 'constant'
  | 'summary'
  | 'operation';

/**
 * The parts that a graph is drawn in: the model, what trains it, and what the program around it needs, which
 * initializes, saves or summarizes.
 */
export type Part = 'model' | 'training' | 'auxiliary';

/** A scope, or an operation with those that are drawn with it. */
export interface GraphNode {
  /** Unique: the name of the scope, with a `/` at its end, or of the operation. */
  readonly id: string;
  readonly label: string;
  readonly kind: NodeKind;
  readonly parent: GraphNode | undefined;
  /** What is in the scope; nothing is in an operation. */
  readonly children: readonly GraphNode[];
  /** The operation first, then those drawn with it. A scope has those of its children. */
  readonly operations: readonly OperationData[];
  /** Which part of the graph it belongs to: a node in a scope to that of the scope. */
  readonly part: Part;
}

export interface Hierarchy {
  /** The nodes in no scope are its children. */
  readonly root: GraphNode;
  /** Every node by id. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** By an operation's name, the node that it is drawn in when all scopes are open. */
  readonly leaves: ReadonlyMap<string, GraphNode>;
}

/** A scope with this many children is hard to look at. */
const CROWD = 40;

/** How many alike it takes to draw them as one. */
const SERIES = 5;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<GraphNode, 'children' | 'parent'>> & { parent: Draft | undefined; children: Draft[] };

/** Arranges the operations of a graph. */
export function hierarchyOf(operations: readonly OperationData[]): Hierarchy {
  const owners = ownersOf(operations);
  const root = treeOf(operations, owners);
  const nodes = new Map<string, GraphNode>();
  const leaves = new Map<string, GraphNode>();
  const index = (node: GraphNode) => {
    nodes.set(node.id, node);
    if (node.children.length === 0) for (const { name } of node.operations) leaves.set(name, node);
    node.children.forEach(index);
  };
  index(root);
  return { root, nodes, leaves };
}

const isVariable = (type: string) => /^(Variable(V2)?|VarHandleOp)$/.test(type);
const isPlaceholder = (type: string) => type.startsWith('Placeholder');
const isSummary = (type: string) => /Summary(V\d)?$/.test(type);
/** What brings a tensor into the form that a summary takes. */
const isPreparation = (type: string) => /^(Const|Identity|Cast|Reshape|ExpandDims|Squeeze|Transpose)$/.test(type);
const isAssign = (type: string) => /^Assign(VariableOp)?$/.test(type);
const isUpdate = (type: string) => /^(Resource)?(Sparse)?Apply/.test(type);
const isOfGradients = (name: string) => /(^|\/)gradients(_\d+)?\//.test(name);

/** By its name, the operation that each one is drawn with: most with themselves. */
function ownersOf(operations: readonly OperationData[]): Map<string, OperationData> {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const owners = new Map(byName);
  const consumers = consumersOf(operations);

  for (const variable of operations) {
    if (!isVariable(variable.type) || owners.get(variable.name) !== variable) continue;
    const isOwn = (name: string) => owners.get(name) === variable;
    /** What computes the initial value and nothing else, backwards from the operation that assigns it. */
    const absorb = (name: string) => {
      const operation = byName.get(name);
      if (!operation || isOwn(name) || isPlaceholder(operation.type) || isVariable(operation.type)) return;
      if (!(consumers.get(name) ?? []).every(isOwn)) return;
      owners.set(name, variable);
      inputsOf(operation).forEach(absorb);
    };
    const parts = operations.filter(({ name }) => name.startsWith(`${variable.name}/`));
    for (const { name } of parts) owners.set(name, variable);
    for (const part of parts) inputsOf(part).forEach(absorb);
  }

  // A constant that one operation takes is a parameter of it. Later ones may be taken by an earlier one's owner.
  for (const constant of operations) {
    if (constant.type !== 'Const' || owners.get(constant.name) !== constant) continue;
    const taking = new Set((consumers.get(constant.name) ?? []).map((name) => owners.get(name)));
    const [only] = taking;
    if (only && taking.size === 1) owners.set(constant.name, only);
  }
  return owners;
}

const inputsOf = ({ inputs, controlInputs }: OperationData) => [...inputs.map(producerOf), ...controlInputs];

function consumersOf(operations: readonly OperationData[]): Map<string, string[]> {
  const consumers = new Map<string, string[]>();
  for (const operation of operations) {
    for (const name of inputsOf(operation)) {
      const known = consumers.get(name);
      if (known) known.push(operation.name);
      else consumers.set(name, [operation.name]);
    }
  }
  return consumers;
}

function treeOf(operations: readonly OperationData[], owners: Map<string, OperationData>): GraphNode {
  const isDrawn = (operation: OperationData) => owners.get(operation.name) === operation;
  const drawn = new Map(operations.filter(isDrawn).map((operation) => [operation, [operation]]));
  for (const operation of operations) if (!isDrawn(operation)) drawn.get(owners.get(operation.name)!)?.push(operation);

  const root = draft('', '', undefined);
  const scopes = new Map([['', root]]);
  const scopeAt = (path: string): Draft => {
    let scope = scopes.get(path);
    if (scope === undefined) {
      const cut = path.lastIndexOf('/');
      const parent = scopeAt(path.slice(0, Math.max(cut, 0)));
      scope = draft(`${path}/`, path.slice(cut + 1), parent);
      scopes.set(path, scope);
      parent.children.push(scope);
    }
    return scope;
  };
  const names = new Set([...drawn.keys()].flatMap(({ name }) => pathsAround(name)));
  for (const [operation, members] of drawn) {
    const { name } = operation;
    // An operation may have the name of a scope: it stands in it, as its result usually.
    const parent = scopeAt(names.has(name) ? name : (pathsAround(name).at(-1) ?? ''));
    const leaf = draft(name, name.slice(name.lastIndexOf('/') + 1), parent);
    leaf.operations = members;
    parent.children.push(leaf);
  }
  root.children = root.children.map(unwrap);
  root.children.forEach(group);
  group(root);
  const forward = forwardOf(operations);
  finish(root, forward);
  assignParts(root, forward);
  return root;
}

/**
 * The names of the operations that training starts from: what gradients take, the variables that are updated, and all that these
 * depend on.
 */
function forwardOf(operations: readonly OperationData[]): Set<string> {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const forward = new Set<string>();
  const add = (names: readonly string[]) => {
    for (const left = [...names]; left.length > 0; ) {
      const operation = byName.get(left.pop()!);
      if (!operation || forward.has(operation.name)) continue;
      forward.add(operation.name);
      left.push(...inputsOf(operation));
    }
  };
  for (const operation of operations) {
    if (isOfGradients(operation.name)) add(inputsOf(operation).filter((name) => !isOfGradients(name)));
    else if (isUpdate(operation.type)) add(operation.inputs.slice(0, 1).map(producerOf));
  }
  return forward;
}

/** The names of the scopes around an operation, from the outermost: `a` and `a/b` for `a/b/c`. */
function pathsAround(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function draft(id: string, label: string, parent: Draft | undefined): Draft {
  return { id, label, kind: 'operation', parent, children: [], operations: [], part: 'model' };
}

/** A scope with nothing but one operation is drawn as that operation under the scope's name. */
function unwrap(node: Draft): Draft {
  node.children = node.children.map(unwrap);
  const [only] = node.children;
  if (!only || node.children.length > 1 || only.children.length > 0) return node;
  only.label = node.label;
  only.parent = node.parent;
  return only;
}

/**
 * Makes a scope easier to look at where too much is in it: operations of one type become one node that can be opened, and if
 * that isn't enough so do scopes whose names differ by their number only.
 */
function group(scope: Draft): void {
  if (scope.parent) scope.children.forEach(group);
  const isScope = ({ children }: Draft) => children.length > 0;
  if (scope.children.length >= CROWD)
    groupBy(scope, (child) => (isScope(child) ? undefined : child.operations[0]?.type));
  if (scope.children.length >= 2 * CROWD)
    groupBy(scope, (child) => (isScope(child) ? child.label.replace(/_\d+$/, '') : undefined));
}

function groupBy(scope: Draft, keyOf: (child: Draft) => string | undefined): void {
  const groups = new Map<string, Draft[]>();
  for (const child of scope.children) {
    const key = keyOf(child);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), child]);
  }
  for (const [key, members] of groups) {
    if (members.length < SERIES || members.length === scope.children.length) continue;
    const series = draft(`${scope.id}(${key})/`, `${members.length} × ${key}`, scope);
    series.children = members;
    for (const member of members) member.parent = series;
    scope.children = [...scope.children.filter(({ parent }) => parent === scope), series];
  }
}

/** Says of every node, from the leaves up, what it holds and what kind it is. */
function finish(node: Draft, forward: ReadonlySet<string>): void {
  for (const child of node.children) finish(child, forward);
  if (node.children.length > 0) node.operations = node.children.flatMap(({ operations }) => operations);
  node.kind = node.children.length > 0 ? kindOfScope(node, forward) : kindOf(node.operations[0]?.type ?? '');
}

function kindOf(type: string): NodeKind {
  if (isVariable(type)) return 'variable';
  if (isPlaceholder(type)) return 'placeholder';
  if (type === 'Const') return 'constant';
  if (isSummary(type)) return 'summary';
  return 'operation';
}

function kindOfScope(scope: Draft, forward: ReadonlySet<string>): NodeKind {
  const { id, operations } = scope;
  if (isOfGradients(id)) return 'gradients';
  if (operations.some(({ type }) => isUpdate(type)) && isTraining(scope, forward)) return 'optimizer';
  return operations.some(({ type }) => isVariable(type)) ? 'layer' : 'scope';
}

/** Whether it has gradients or updates, and nothing that they start from: a scope around the whole program has both. */
function isTraining({ operations }: Draft, forward: ReadonlySet<string>): boolean {
  return (
    operations.some(({ name, type }) => isOfGradients(name) || isUpdate(type)) &&
    !operations.some(({ name }) => forward.has(name))
  );
}

/**
 * Gradients and updates are training, and so is what isn't connected with the model but through them, such as the count of
 * steps or the learning rate.
 */
function assignParts(root: Draft, forward: ReadonlySet<string>): void {
  const { children } = root;
  const initializers = new Set(root.operations.filter(({ type }) => isAssign(type)).map(({ name }) => name));
  for (const child of children) {
    if (isAuxiliary(child, initializers)) setPart(child, 'auxiliary');
    else if (isTraining(child, forward)) setPart(child, 'training');
  }
  const trained = neighbours(
    children.filter(({ part }) => part === 'training'),
    children,
  );
  const isForward = ({ operations }: Draft) => operations.some(({ name }) => forward.has(name));
  for (const component of components(children.filter(({ part }) => part === 'model')))
    if (component.some((node) => trained.has(node)) && !component.some(isForward))
      for (const node of component) setPart(node, 'training');
}

function setPart(node: Draft, part: Part): void {
  node.part = part;
  for (const child of node.children) setPart(child, part);
}

/** The nodes of `among` that take something from `nodes` or give something to them. */
function neighbours(nodes: readonly Draft[], among: readonly Draft[]): Set<Draft> {
  const holders = new Map(among.flatMap((node) => node.operations.map(({ name }) => [name, node] as const)));
  const found = new Set<Draft>();
  const ours = new Set(nodes);
  for (const node of among) {
    for (const producer of node.operations.flatMap(inputsOf)) {
      const from = holders.get(producer);
      if (!from) continue;
      if (ours.has(node)) found.add(from);
      if (ours.has(from)) found.add(node);
    }
  }
  return found;
}

/** The nodes in sets within which everything is connected. */
function components(nodes: readonly Draft[]): Draft[][] {
  const left = new Set(nodes);
  const found: Draft[][] = [];
  for (const first of nodes) {
    if (!left.delete(first)) continue;
    const component = [first];
    for (let grown = component; grown.length > 0; ) {
      grown = [...neighbours(grown, nodes)].filter((node) => left.delete(node));
      component.push(...grown);
    }
    found.push(component);
  }
  return found;
}

/** Whether it saves and restores variables, does nothing but have them initialized, or summarizes. */
function isAuxiliary({ operations }: Draft, initializers: ReadonlySet<string>): boolean {
  const [first] = operations;
  if (operations.some(({ type }) => /^(Save|Restore)(V2|Slices)?$/.test(type))) return true;
  if (first?.type === 'NoOp' && first.controlInputs.length > 0)
    return first.controlInputs.every((name) => initializers.has(name));
  return (
    operations.some(({ type }) => isSummary(type)) &&
    operations.every(({ type }) => isSummary(type) || isPreparation(type))
  );
}
