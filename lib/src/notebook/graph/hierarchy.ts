/**
 * A graph as a reader thinks of it: the tree of its name scopes, with one node for all operations of a variable,
 * without constants that only parametrize an operation, and with auxiliary operations set aside.
 */
import { type Draft, draft } from './draft';
import { fold, unwrap } from './folding';
import { type ColorBy, deviceLabel, type OperationData } from './graphData';
import { inputsOf, isOfGradients, isOfLoop, isPlaceholder, isSummary, isUpdate, isVariable } from './operationTypes';
import { assignParts, forwardOf, isTraining } from './parts';
import { type GraphLanguage, type GraphWords, graphWords } from './words';

/** The kind of a node, which determines how it is drawn. */
export type NodeKind =
  | 'device'
  | 'layer'
  | 'loop'
  | 'scope'
  | 'gradients'
  | 'optimizer'
  | 'variable'
  | 'placeholder'
  | 'constant'
  | 'summary'
  | 'operation';

/** The parts of a drawing: the model, its training, and auxiliary operations that initialize, save or summarize. */
export type Part = 'model' | 'training' | 'auxiliary';

/** A scope, or an operation with those that are drawn with it. */
export interface GraphNode {
  /**
   * Unique: the name of the scope with a trailing `/`, or of the operation. In the box of a device, the device's name
   * comes first.
   */
  readonly id: string;
  /** The name of the scope or the operation. */
  readonly name: string;
  readonly label: string;
  readonly kind: NodeKind;
  readonly parent: GraphNode | undefined;
  /** The contents of a scope; empty for an operation. */
  readonly children: readonly GraphNode[];
  /** The operation first, then those drawn with it. For a scope, those of its children. */
  readonly operations: readonly OperationData[];
  /** The part of the graph to which it belongs; a node in a scope belongs to the scope's part. */
  readonly part: Part;
}

export interface Hierarchy {
  /** The parent of the nodes outside of any scope. */
  readonly root: GraphNode;
  /** Every node by id. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** By an operation's name, the node in which it is drawn if all scopes are open. */
  readonly leaves: ReadonlyMap<string, GraphNode>;
  /** The texts in its language. */
  readonly says: GraphWords;
}

/** Arranges the operations of a graph by their scopes, or by their devices first. */
export function hierarchyOf(
  operations: readonly OperationData[],
  colorBy: ColorBy = 'structure',
  language: GraphLanguage = 'en',
): Hierarchy {
  const owners = ownersOf(operations);
  const root = treeOf(operations, owners, colorBy === 'device');
  const nodes = new Map<string, GraphNode>();
  const leaves = new Map<string, GraphNode>();
  const index = (node: GraphNode) => {
    nodes.set(node.id, node);
    if (node.children.length === 0) for (const { name } of node.operations) leaves.set(name, node);
    node.children.forEach(index);
  };
  index(root);
  return { root, nodes, leaves, says: graphWords[language] };
}

/** For each operation, by name, the one with which it is drawn: usually itself. */
function ownersOf(operations: readonly OperationData[]): Map<string, OperationData> {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const owners = new Map(byName);
  const consumers = consumersOf(operations);

  for (const variable of operations) {
    if (!isVariable(variable.type) || owners.get(variable.name) !== variable) continue;
    const isOwn = (name: string) => owners.get(name) === variable;
    /** Operations that only compute the initial value, backwards from the assignment. */
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

  // A constant with a single user is a parameter of it. Later constants may belong to the owner of an earlier one.
  for (const constant of operations) {
    if (constant.type !== 'Const' || owners.get(constant.name) !== constant) continue;
    const taking = new Set((consumers.get(constant.name) ?? []).map((name) => owners.get(name)));
    const [only] = taking;
    if (only && taking.size === 1) owners.set(constant.name, only);
  }
  return owners;
}

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

function treeOf(
  operations: readonly OperationData[],
  owners: Map<string, OperationData>,
  byDevice: boolean,
): GraphNode {
  const isDrawn = (operation: OperationData) => owners.get(operation.name) === operation;
  const drawn = new Map(operations.filter(isDrawn).map((operation) => [operation, [operation]]));
  for (const operation of operations) if (!isDrawn(operation)) drawn.get(owners.get(operation.name)!)?.push(operation);

  const root = draft('', '', '', undefined);
  const boxes = boxesOf([...drawn.keys()], root, byDevice);
  const scopes = new Map([root, ...boxes.values()].map((box) => [box.id, box]));
  const scopeAt = (prefix: string, path: string): Draft => {
    const id = path === '' ? prefix : `${prefix}${path}/`;
    let scope = scopes.get(id);
    if (scope === undefined) {
      const cut = path.lastIndexOf('/');
      const parent = scopeAt(prefix, path.slice(0, Math.max(cut, 0)));
      scope = draft(id, path, path.slice(cut + 1), parent);
      scopes.set(id, scope);
      parent.children.push(scope);
    }
    return scope;
  };
  const names = new Set([...drawn.keys()].flatMap(({ name }) => pathsAround(name)));
  for (const [operation, members] of drawn) {
    const { name, device } = operation;
    // An operation may have the name of a scope: it is drawn in it, usually as its result.
    const path = names.has(name) ? name : (pathsAround(name).at(-1) ?? '');
    const parent = scopeAt(boxes.get(device)?.id ?? '', path);
    const leaf = draft(name, name, name.slice(name.lastIndexOf('/') + 1), parent);
    leaf.operations = members;
    parent.children.push(leaf);
  }
  root.children = root.children.map(unwrap);
  fold(root);
  const forward = forwardOf(operations);
  finish(root, forward);
  assignParts(root, forward);
  return root;
}

/** The boxes of the devices, by name, in `root`. */
function boxesOf(operations: readonly OperationData[], root: Draft, byDevice: boolean): Map<string, Draft> {
  const devices = byDevice ? [...new Set(operations.map(({ device }) => device))].sort() : [];
  const boxes = devices.map((device) => {
    const box = draft(`on ${deviceLabel(device)}: `, deviceLabel(device), deviceLabel(device), root);
    box.kind = 'device';
    return [device, box] as const;
  });
  root.children = boxes.map(([, box]) => box);
  return new Map(boxes);
}

/** The names of the scopes around an operation, outermost first: `a` and `a/b` for `a/b/c`. */
function pathsAround(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Completes every node, from the leaves up, with its contents and kind. */
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
  if (isOfLoop(type)) return 'loop';
  return 'operation';
}

function kindOfScope(scope: Draft, forward: ReadonlySet<string>): NodeKind {
  const { name, operations, children, kind } = scope;
  if (kind === 'device') return kind;
  if (isOfGradients(`${name}/`)) return 'gradients';
  if (operations.some(({ type }) => isUpdate(type)) && isTraining(scope, forward)) return 'optimizer';
  if (children.some((child) => child.children.length === 0 && isOfLoop(child.operations[0]?.type ?? ''))) return 'loop';
  return operations.some(({ type }) => isVariable(type)) ? 'layer' : 'scope';
}
