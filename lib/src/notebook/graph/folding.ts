/**
 * Simplifies crowded scopes: operations that belong together, or repeated structures, are folded into nodes that can be
 * opened.
 */
import { type Draft, draft } from './draft';
import { isVariable } from './operationTypes';

/** Numbers of children from which a scope is long, hard to read, or hopeless. */
const LONG = 12;
const CROWD = 40;
const MASS = 80;

/** More children than this are folded by their order, if there is no other structure. */
const MANY = 150;

/** The minimum number of similar nodes to fold. */
const SERIES = 5;
/** The minimum number of a layer's operations to fold. */
const FAMILY = 3;

/** A scope with a single operation is drawn as that operation, under the scope's name. */
export function unwrap(node: Draft): Draft {
  node.children = node.children.map(unwrap);
  const [only] = node.children;
  if (!only || node.children.length > 1 || only.children.length > 0 || node.kind === 'device') return node;
  only.label = node.label;
  only.parent = node.parent;
  return only;
}

/** Folds the contents of a scope, after those of the scopes inside it. */
export function fold(scope: Draft): void {
  scope.children.forEach(fold);
  if (scope.children.some(({ kind }) => kind === 'device')) return;
  const blocks = (child: Draft) => (isScope(child) ? `${withoutNumber(child)} ${signatureOf(child)}` : undefined);
  if (scope.children.length >= LONG) {
    group(scope, SERIES, blocks, severalOf);
    group(scope, FAMILY, familyOf, layerOf);
  }
  if (scope.children.length >= CROWD)
    group(scope, SERIES, (child) => (isScope(child) ? undefined : child.operations[0]?.type), severalOf);
  if (scope.children.length >= MASS)
    group(scope, SERIES, (child) => (isScope(child) ? withoutNumber(child) : undefined), severalOf);
  for (const long of [scope, ...scope.children]) if (long.children.length > MANY) divide(long);
}

/** Folds consecutive children. */
function divide(scope: Draft): void {
  const size = Math.ceil(Math.sqrt(scope.children.length));
  const places = new Map(scope.children.map((child, i) => [child, Math.floor(i / size)]));
  group(
    scope,
    2,
    (child) => String(places.get(child)),
    (members) => `${members[0]!.label} … ${members.at(-1)!.label}`,
  );
}

const isScope = ({ children }: Draft) => children.length > 0;
const withoutNumber = ({ label }: Draft) => label.replace(/_?\d+$/, '');

/** The contents of a scope as a text, which is the same for blocks with the same structure. */
const signatureOf = (node: Draft): string =>
  isScope(node) ? `(${node.children.map(signatureOf).join()})` : (node.operations[0]?.type ?? '');

const severalOf = (members: readonly Draft[]) => {
  const [first] = members as [Draft];
  return `${members.length} × ${isScope(first) ? withoutNumber(first) : first.operations[0]?.type}`;
};

/** The first word of a name: the layer of operations such as `hidden1_weights`, `hidden1_bias` and `hidden1_act`. */
const familyOf = ({ label }: Draft) => /^([^_]+)_[a-z]/i.exec(label)?.[1];

const hasVariable = (node: Draft): boolean => node.operations.some(isVariableHere) || node.children.some(hasVariable);
const isVariableHere = ({ type }: Draft['operations'][number]) => isVariable(type);

const layerOf = (members: readonly Draft[]) => (members.some(hasVariable) ? familyOf(members[0]!) : undefined);

/**
 * Groups children with the same key into one node in place of the first one, if there are enough of them and they get a
 * label.
 */
function group(
  scope: Draft,
  enough: number,
  keyOf: (child: Draft) => string | undefined,
  labelOf: (members: readonly Draft[]) => string | undefined,
): void {
  const groups = new Map<string, Draft[]>();
  for (const child of scope.children) {
    const key = keyOf(child);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), child]);
  }
  for (const members of groups.values()) {
    const [first] = members as [Draft];
    const label = members.length < enough || members.length === scope.children.length ? undefined : labelOf(members);
    if (label === undefined) continue;
    const folded = draft(`${scope.id}(${label} ${first.label})/`, label, label, scope);
    folded.children = members;
    for (const member of members) member.parent = folded;
    scope.children = scope.children.flatMap((child) =>
      child === first ? [folded] : child.parent === scope ? [child] : [],
    );
  }
}
