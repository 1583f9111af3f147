/** By whose rules a module of a project imports others, and is imported. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { description } from '../projectFiles';

/** What loads the compiler, which few files need; where this is false, none does. */
const mayHaveSyntax = (source: string) => /^\s*(import|export)\b|\bimport\.meta\b|\bawait\b/m.test(source);
const syntax = () => require('./moduleSyntax') as typeof import('./moduleSyntax');

/**
 * - `ecmascript`: by Node's for `import`, where `default` of a CommonJS module is all that it exports.
 * - `commonjs`: by those for `require`.
 * - `compiled`: by the compiler's for what it makes CommonJS of, where `default` of a module that was compiled is its own. So the project
 *   itself has it, when it is compiled.
 */
export type ModuleFormat = 'ecmascript' | 'commonjs' | 'compiled';

/** What the packages of folders say of their `type`, as far as it is known. */
export type PackageTypes = Map<string, unknown>;

/** The format of a file of TypeScript or JavaScript, or of declarations; undefined for what is neither. */
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
