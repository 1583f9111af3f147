/** Errors of modules that fail when they are imported: of each is told who imported it, up to the cell. */
import path from 'node:path';
import { inspect } from 'node:util';
import type { ImportRequest } from '../language/names';
import { TypeScriptError } from '../language/typeScriptError';

/** What loads the compiler. */
const modules = () => require('../language/module') as typeof import('../language/module');

const kernelFolder = path.join(__dirname, '..') + path.sep;

/** The stacks of errors as modules threw them: one that stays broken throws the same error to all that import it. */
const own = new WeakMap<Error, string>();

/**
 * Does a part of an import.
 *
 * @param importer the module or the cell that imports
 * @throws {Error} when `work` throws: the same, with the place of the import at the end of its stack
 */
export function importing<T>(request: ImportRequest, importer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw request.line > 0 ? importedAt(error, request, importer) : error;
  }
}

/**
 * Refuses attributes as Node does: what is imported `with { type: 'json' }` has to be JSON, and there are no others.
 *
 * @param file undefined for a module of Node's own
 * @throws {TypeError} when they say something else
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

/** Where the code is that called the kernel. */
export function callSite(): string | undefined {
  const lines = String(new Error().stack).split('\n').slice(1);
  return lines.find((line) => !isOurs(line));
}

/** An error of `import()`, with the place of that in its stack. */
export function calledAt(error: unknown, site: string | undefined): unknown {
  const place = site?.replace(/^\s+at (.*\()?|\)$/g, '');
  if (place === undefined) return error;
  if (error instanceof TypeScriptError)
    return new TypeScriptError(error.message, `${error.report}\n    imported at ${place}`);
  if (error instanceof Error && !error.stack?.includes(place)) error.stack = `${error.stack}\n    at ${place}`;
  return error;
}

/** Whether a line of a stack is of no use to a reader. */
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

/** An error for whatever a module threw. */
export function asError(error: unknown, id: string): Error {
  if (error instanceof Error || Object.prototype.toString.call(error) === '[object Error]') return error as Error;
  return new Error(`the module '${id}' threw ${inspect(error, { depth: 2 })}`);
}

/** An error of an ECMAScript module, which Node loads: without those who imported it before, and with the place of wrong syntax. */
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
