/** Adds the chain of importers, up to the cell, to the errors of modules that fail to load. */
import path from 'node:path';
import { inspect } from 'node:util';
import type { ImportRequest } from '../language/names';
import { TypeScriptError } from '../language/typeScriptError';

/** Loads the compiler on demand. */
const modules = () => require('../language/module') as typeof import('../language/module');

const kernelFolder = path.join(__dirname, '..') + path.sep;

/** The original stacks: a module that keeps failing throws the same error to every importer. */
const own = new WeakMap<Error, string>();

/**
 * Runs a step of an import.
 *
 * @param importer the importing module or cell
 * @throws {Error} when `work` does: the same error, with the place of the import appended to its stack
 */
export function importing<T>(request: ImportRequest, importer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw request.line > 0 ? importedAt(error, request, importer) : error;
  }
}

/**
 * Validates import attributes like Node: `with { type: 'json' }` is allowed for JSON only, and no others exist.
 *
 * @param file undefined for Node's built-in modules
 * @throws {TypeError} when they are invalid
 */
export function checkAttributes({ id, attributes = {} }: ImportRequest, file?: string): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'type' || value !== 'json')
      throw Object.assign(new TypeError(`Import attribute "${name}" with value "${value}" is not supported`), {
        code: 'ERR_IMPORT_ATTRIBUTE_UNSUPPORTED',
      });
    if (!file?.endsWith('.json'))
      throw Object.assign(new TypeError(`Module "${id}" is not of type "json"`), {
        code: 'ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE',
      });
  }
}

/** The stack line of the code that called the kernel. */
export function callSite(): string | undefined {
  const lines = String(new Error().stack).split('\n').slice(1);
  return lines.find((line) => !isOurs(line));
}

/** Adds the place of an `import()` to an error's stack. */
export function calledAt(error: unknown, site: string | undefined): unknown {
  const place = site?.replace(/^\s+at (.*\()?|\)$/g, '');
  if (place === undefined) return error;
  if (error instanceof TypeScriptError)
    return new TypeScriptError(error.message, `${error.report}\n    imported at ${place}`);
  if (error instanceof Error && !error.stack?.includes(place)) error.stack = `${error.stack}\n    at ${place}`;
  return error;
}

/** Whether a stack line is internal to the kernel or Node. */
const isOurs = (line: string) => line.includes(kernelFolder) || /^\s+at .*\(?node:internal/.test(line);

function importedAt(error: unknown, { id, line, column }: ImportRequest, importer: string): unknown {
  const place = `${importer}:${line}:${column}`;
  if (error instanceof TypeScriptError) {
    const file = path.isAbsolute(importer) ? path.relative(process.cwd(), importer) : importer;
    return new TypeScriptError(error.message, `${error.report}\n    imported at ${file}:${line}:${column}`);
  }
  const told = asError(error, id);
  const lines = String(told.stack).split('\n');
  told.stack = [...lines.filter((text) => !isOurs(text)), `    at ${place}`].join('\n');
  return told;
}

/** Wraps a thrown value that isn't an error. */
export function asError(error: unknown, id: string): Error {
  if (error instanceof Error || Object.prototype.toString.call(error) === '[object Error]') return error as Error;
  return new Error(`the module '${id}' threw ${inspect(error, { depth: 2 })}`);
}

/**
 * Prepares an error of an ECMAScript module loaded by Node: drops earlier importers from its stack and adds the place
 * of a syntax error.
 */
export function withOwnPlace(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const known = own.get(error);
  if (known !== undefined) {
    error.stack = known;
    return error;
  }
  if (error instanceof SyntaxError) {
    const place = modules().syntaxPlace(file);
    if (place) error.stack = String(error.stack).replace(/(\n\s+at |$)/, `\n    at ${place}$1`);
  }
  own.set(error, String(error.stack));
  return error;
}
