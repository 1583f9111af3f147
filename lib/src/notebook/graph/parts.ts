/** Divides a graph into parts: the model, its training, and auxiliary operations. */
import type { Draft } from './draft';
import { type OperationData, producerOf } from './graphData';
import type { Part } from './hierarchy';
import { inputsOf, isAssign, isOfGradients, isPreparation, isSaving, isSummary, isUpdate } from './operationTypes';

/**
 * The names of the operations from which training starts: the inputs of gradients, the variables that are updated, and
 * everything that these depend on.
 */
export function forwardOf(operations: readonly OperationData[]): Set<string> {
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

/**
 * Whether a node contains gradients or updates, and nothing that they start from: a scope around the whole program
 * contains both.
 */
export function isTraining({ operations }: Draft, forward: ReadonlySet<string>): boolean {
  return (
    operations.some(({ name, type }) => isOfGradients(name) || isUpdate(type)) &&
    !operations.some(({ name }) => forward.has(name))
  );
}

/**
 * Gradients and updates belong to training, and so does everything that is connected with the model only through them,
 * such as the global step or the learning rate.
 */
export function assignParts(root: Draft, forward: ReadonlySet<string>): void {
  const children = root.children.flatMap((child) => (child.kind === 'device' ? child.children : [child]));
  const initializers = new Set(root.operations.filter(({ type }) => isAssign(type)).map(({ name }) => name));
  for (const child of children) {
    if (isAuxiliary(child, initializers)) setPart(child, 'auxiliary');
    else if (isTraining(child, forward)) setPart(child, 'training');
  }
  const links = linksOf(children);
  const isTrained = (node: Draft) => [...links.get(node)!].some(({ part }) => part === 'training');
  const isForward = ({ operations }: Draft) => operations.some(({ name }) => forward.has(name));
  const models = children.filter(({ part }) => part === 'model');
  const found = components(models, links).filter(
    (component) => component.some(isTrained) && !component.some(isForward),
  );
  for (const node of found.flat()) setPart(node, 'training');
}

function setPart(node: Draft, part: Part): void {
  node.part = part;
  for (const child of node.children) setPart(child, part);
}

/** For each node, the nodes connected with it. */
function linksOf(nodes: readonly Draft[]): Map<Draft, Set<Draft>> {
  const holders = new Map(nodes.flatMap((node) => node.operations.map(({ name }) => [name, node] as const)));
  const links = new Map(nodes.map((node) => [node, new Set<Draft>()]));
  for (const node of nodes)
    for (const producer of node.operations.flatMap(inputsOf)) {
      const from = holders.get(producer);
      if (!from || from === node) continue;
      links.get(node)!.add(from);
      links.get(from)!.add(node);
    }
  return links;
}

/** The connected components of some nodes. */
function components(nodes: readonly Draft[], links: ReadonlyMap<Draft, ReadonlySet<Draft>>): Draft[][] {
  const left = new Set(nodes);
  const found: Draft[][] = [];
  for (const first of nodes) {
    if (!left.delete(first)) continue;
    const component = [first];
    for (const node of component) component.push(...[...links.get(node)!].filter((other) => left.delete(other)));
    found.push(component);
  }
  return found;
}

/** Whether a node saves and restores variables, only initializes them, or summarizes. */
function isAuxiliary({ operations }: Draft, initializers: ReadonlySet<string>): boolean {
  const [first] = operations;
  if (operations.some(({ type }) => isSaving(type))) return true;
  if (first?.type === 'NoOp' && first.controlInputs.length > 0)
    return first.controlInputs.every((name) => initializers.has(name));
  return (
    operations.some(({ type }) => isSummary(type)) &&
    operations.every(({ type }) => isSummary(type) || isPreparation(type))
  );
}
