/** Determines by which rules a project's module imports others and is imported. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { description } from '../projectFiles';

/** A cheap test that avoids loading the compiler: if false, the text has no module syntax. */
const mayHaveSyntax = (source: string) => /^\s*(import|export)\b|\bimport\.meta\b|\bawait\b/m.test(source);
const syntax = () => require('./moduleSyntax') as typeof import('./moduleSyntax');

/**
 * - `ecmascript`: Node's rules for `import`; the `default` of a CommonJS module is its whole `exports`.
 * - `commonjs`: the rules for `require`.
 * - `compiled`: TypeScript's interop rules for code compiled to CommonJS; the `default` of a compiled module is its own
 *   `default`, as in the project's own build.
 */
export type ModuleFormat = 'ecmascript' | 'commonjs' | 'compiled';

/** The `type` of packages, cached by folder. */
export type PackageTypes = Map<string, unknown>;

/** The format of a TypeScript, JavaScript or declaration file; undefined for others. */
export function moduleFormat(file: string, types: PackageTypes = new Map()): ModuleFormat | undefined {
  const [, declares, kind, language] = /(\.d)?\.([cm]?)([jt]s)x?$/.exec(file) ?? [];
  if (!language) return undefined;
  if (kind) return kind === 'm' ? 'ecmascript' : 'commonjs';
  const folder = path.dirname(file);
  if (!types.has(folder)) types.set(folder, description(file).type);
  const type = types.get(folder);
  if (type === 'module') return 'ecmascript';
  if (language === 'ts' && !declares) return type === 'commonjs' ? 'compiled' : 'ecmascript';
  if (type === 'commonjs') return 'commonjs';
  const script = declares ? file.replace(/\.d\.ts$/, '.js') : file;
  const source = existsSync(script) ? readFileSync(script, 'utf8') : '';
  return mayHaveSyntax(source) && syntax().hasModuleSyntax(source, script) ? 'ecmascript' : 'commonjs';
}
