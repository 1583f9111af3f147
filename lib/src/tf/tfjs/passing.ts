/** Removes operations that only forward their input or serve only training. */

import type { NodeDef } from '../../protos';
import { nodeOf } from '../graphUtil/names';
import { become, type Nodes, type Output, outputOf } from './nodes';

/** Operations that only forward their first input, unless one trains or debugs. */
const HANDING_ON: ReadonlySet<string> = new Set([
  'Identity',
  'StopGradient',
  'PreventGradient',
  'CheckNumerics',
  'Snapshot',
  'Print',
  'DebugIdentity',
]);

/**
 * Makes the users of a node that only forwards its input use that input. A node that must stay becomes an `Identity`.
 */
export function removeHandingOn(nodes: Nodes): void {
  const sources = new Map<Output, Output>();
  for (const node of nodes.all) {
    const [first] = node.input;
    if (node.op === 'IdentityN')
      for (const [i, input] of node.input.entries()) sources.set(outputOf(node.name, i), input);
    else if (HANDING_ON.has(node.op) && first !== undefined) {
      if (nodes.isKept(node)) becomeIdentity(node, first);
      sources.set(node.name, first);
    }
  }
  nodes.redirect(sources);
}

/** Turns a node into one that only gives another node's output a name. */
export function becomeIdentity(node: NodeDef, source: Output): void {
  become(node, 'Identity', [source], { T: node.attr.T ?? {} });
}

/**
 * Removes branches decided by a constant: the branch not taken, and the operations that split and join.
 *
 * @param decided returns the value of a constant condition
 * @returns whether there were any
 */
export function removeDecided(nodes: Nodes, decided: (output: Output) => boolean | undefined): boolean {
  const sources = new Map<Output, Output>();
  const deadOutputs = new Set<Output>();
  for (const { name, op, input } of nodes.all) {
    const choice = op === 'Switch' ? decided(input[1]!) : undefined;
    if (choice === undefined) continue;
    sources.set(outputOf(name, Number(choice)), input[0]!);
    deadOutputs.add(outputOf(name, Number(!choice)));
  }
  if (deadOutputs.size === 0) return false;
  const deadNodes = new Set<string>();
  const isDead = (output: Output) => deadOutputs.has(output) || deadNodes.has(nodeOf(output));
  for (let before = -1; before < deadNodes.size; ) {
    before = deadNodes.size;
    for (const { name, op, input } of nodes.all)
      if (op === 'Merge' ? input.every(isDead) : input.some(isDead)) deadNodes.add(name);
  }
  for (const node of nodes.all) {
    const alive = node.input.filter((input) => !isDead(input));
    if (node.op !== 'Merge' || alive.length !== 1) continue;
    if (nodes.isKept(node)) becomeIdentity(node, alive[0]!);
    sources.set(node.name, alive[0]!);
  }
  nodes.redirect(sources);
  return true;
}
