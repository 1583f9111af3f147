/** The layers of the library: which modules may import which, and which files import each other in cycles. See docs/architecture.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { describe, expect, it } from 'vitest';
import { ts } from './cellTypeScript';

const root = path.join(__dirname, '..', 'lib', 'src');

/** The layers, from top to bottom: a module imports only from layers below its own. */
const FLOORS = [
  'index',
  'cli',
  'exercises',
  'models',
  'mnist',
  'notebook',
  'hyperparameters',
  'tf',
  'tf/tfjs',
  'tf/savedModel',
  'tf/graphUtil',
  'tf/train',
  'tf/summary',
  'tf/gradients',
  'tf/session',
  'tf/ops',
  'tf/graph',
  'data',
  'protos',
  'runtime',
];

/** Files that import each other while they are loaded, and why. None of them uses another before all are there. */
const CIRCLES: Record<string, string> = {
  'tf/gradients/fusedBatchNorm tf/gradients/gradients tf/gradients/registry tf/gradients/table':
    "the second derivative of batch normalization is the gradient of its first one's graph, which gradients() walks",
  'tf/ops/array tf/ops/creation tf/ops/elementwise/binary tf/ops/elementwise/cast tf/ops/indexedSlices tf/ops/indexing/indices tf/ops/indexing/segments tf/ops/indexing/slicing tf/ops/joining':
    'IndexedSlices are operands of builders, and made dense by builders',
};

const files = readdirSync(root, { recursive: true })
  .map((file) => String(file).replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^testing\//.test(file));
const known = new Set(files);

/** What a file imports of the library: everything, and what it needs to be loaded. */
interface Imports {
  readonly all: readonly string[];
  readonly loaded: readonly string[];
}

function importsOf(file: string): Imports {
  const all: string[] = [];
  const loaded: string[] = [];
  const found = (specifier: string, isLoaded: boolean) => {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const candidates = [target, `${target}.ts`, `${target}/index.ts`, target.replace(/\.js$/, '.ts')];
    const imported = candidates.find((candidate) => known.has(candidate));
    if (imported === undefined) return;
    all.push(imported);
    if (isLoaded) loaded.push(imported);
  };
  const visit = (node: TypeScript.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
      found((node.moduleSpecifier as TypeScript.StringLiteral).text, !isTypeOnly(node));
    const [called] = ts.isCallExpression(node) ? node.arguments : [];
    const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if (isImport && called && ts.isStringLiteral(called)) found(called.text, false); // when it is called
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true));
  return { all, loaded };
}

function isTypeOnly(node: TypeScript.ImportDeclaration | TypeScript.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const { isTypeOnly: whole, exportClause } = node;
    return whole || (!!exportClause && ts.isNamedExports(exportClause) && exportClause.elements.every(typed));
  }
  const { importClause: clause } = node;
  if (!clause || clause.isTypeOnly) return !!clause;
  const { name, namedBindings } = clause;
  return !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every(typed);
}
const typed = (element: TypeScript.ImportSpecifier | TypeScript.ExportSpecifier) => element.isTypeOnly;

/** The room that a file stands in. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (!file.includes('/')) return 'index';
  return first === 'tf' && !second.endsWith('.ts') ? `tf/${second}` : first;
}

/** Groups of files each of which reaches the others, by Tarjan's algorithm. */
function circlesOf(imports: ReadonlyMap<string, Imports>): string[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[] = [];
  const visit = (file: string): number => {
    const place = order.size;
    order.set(file, place);
    lowest.set(file, place);
    stack.push(file);
    for (const other of imports.get(file)?.loaded ?? []) {
      const low = order.has(other) ? (stack.includes(other) ? order.get(other)! : place) : visit(other);
      lowest.set(file, Math.min(lowest.get(file)!, low));
    }
    if (lowest.get(file) === place) {
      const group = stack.splice(stack.indexOf(file)).map((member) => member.replace(/\.ts$/, ''));
      if (group.length > 1) circles.push(group.sort().join(' '));
    }
    return lowest.get(file)!;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles.sort();
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe('the library', () => {
  it('has rooms on known floors, and each imports what stands below it', () => {
    const arrows = files.flatMap((file) => imports.get(file)!.all.map((other) => [file, other] as const));
    expect(arrows.length).toBeGreaterThan(1000);
    const floor = (file: string) => FLOORS.indexOf(roomOf(file));
    expect(files.filter((file) => floor(file) < 0)).toEqual([]);
    const upward = arrows.filter(([file, other]) => floor(other) < floor(file));
    expect(upward.map((arrow) => arrow.join(' → '))).toEqual([]);
  });

  it('goes in circles where that has a reason, and nowhere else', () => {
    expect(circlesOf(imports)).toEqual(Object.keys(CIRCLES).sort());
  });
});
