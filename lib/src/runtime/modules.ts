/** Loads modules at run time by path. */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importFile } from '../../shared/imports.cjs';
import { checkText } from './arguments';
import { messageOf } from './errorContext';
import { FailedPreconditionError, NotFoundError } from './errors';

/** The extensions that may be omitted from a module's name. */
const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The file of a module, given by its path or `file:` URL, of which the extension or `/index.js` may be omitted.
 * Relative paths are resolved against the working directory.
 *
 * @throws {NotFoundError} when there is none
 */
export function moduleFile(module: string | URL): string {
  const text = module instanceof URL ? module.href : module;
  checkText('the path of a module', text);
  const file = text.startsWith('file:') ? fileURLToPath(text) : path.resolve(text);
  const candidates = [
    file,
    ...ENDINGS.map((ending) => file + ending),
    ...ENDINGS.map((e) => path.join(file, `index${e}`)),
  ];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile()) ?? mainOf(file);
  if (found === undefined) throw new NotFoundError(`there is no module ${file}`);
  return found;
}

/** The main file in the `package.json` of a folder. */
function mainOf(folder: string): string | undefined {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve(folder);
  } catch {
    return undefined;
  }
}

/**
 * The exports of a CommonJS or ES module, including exports of a CommonJS module whose names Node can't detect.
 *
 * @throws {FailedPreconditionError} when it can't be loaded, with the reason in one line
 */
export async function loadModule(file: string): Promise<Record<string, unknown>> {
  try {
    const loaded = await importFile(pathToFileURL(file).href);
    const inner = loaded.default;
    return typeof inner === 'object' && inner !== null ? { ...inner, ...loaded } : { ...loaded };
  } catch (error) {
    throw new FailedPreconditionError(whyNot(file, error));
  }
}

/** Why a file can't be loaded, in one line, with the line of the program if that is known. */
export function whyNot(file: string, error: unknown): string {
  const [message = ''] = messageOf(error).split('\n');
  const place = placeOf(error);
  return `${file} can't be loaded: ${message}${place ? ` (${place})` : ''}${hint(error)}`;
}

/** The first location in the stack of an error that belongs to the user's files. */
function placeOf(error: unknown): string | undefined {
  const { stack = '', message } = error instanceof Error ? error : { message: '' };
  const lines = stack.replace(message, '').split('\n');
  const places = lines.flatMap(
    (line) => /^(?:.*\(|\s*at (?:async )?)?(?:file:\/\/)?(\/[^():]+:\d+)/.exec(line)?.[1] ?? [],
  );
  return places.find((place) => !place.startsWith(path.join(__dirname, '..')));
}

/** A hint for TypeScript that this Node doesn't support. */
function hint(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (code !== 'ERR_UNKNOWN_FILE_EXTENSION' || !/"\.[mc]?ts"/.test(message ?? '')) return '';
  return `; Node.js ${process.versions.node} takes no TypeScript: compile it, run Node.js 22.18 or later, or a loader such as node --import tsx`;
}
