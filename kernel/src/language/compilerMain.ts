/**
 * The compiler's process, one beside each kernel: `node compilerMain.js <start, as JSON>`. What takes time is in it alone, so the kernel answers while
 * the compiler is being loaded, and its own memory has none of it. It ends with the kernel.
 */
import { setNotebookFolder } from '../notebookFolder';
import { beginSnapshot } from '../snapshot/snapshot';
import type { CompilerFailure, CompilerStart, FromCompiler, Requests, ToCompiler } from './messages';

/** After so many milliseconds the kernel has been made ready for what is likely asked for. */
const BEGUN = 20_000;

// Before anything that takes a moment: the kernel may be gone by then.
process.on('disconnect', () => process.exit(0));

const { notebook, directory, packages } = JSON.parse(process.argv[2] ?? '') as CompilerStart;
setNotebookFolder(notebook);
tell({ kind: 'begun' });

const { requestsTo } = require('./requests') as typeof import('./requests');
const { TypeScriptError } = require('./typeScriptError') as typeof import('./typeScriptError');
const requests = requestsTo(directory, packages);
setTimeout(beginSnapshot, BEGUN).unref();

process.on('message', (request: ToCompiler) => {
  try {
    const known = requests[request.name];
    const ask = known as (...parameters: unknown[]) => ReturnType<Requests[typeof request.name]>;
    tell({ kind: 'answer', id: request.id, value: ask(...request.parameters) });
  } catch (error) {
    tell({ kind: 'failure', id: request.id, error: failure(error as Error) });
  }
});

function failure(error: Error): CompilerFailure {
  const { message, stack } = error;
  return { message, stack, report: error instanceof TypeScriptError ? error.report : undefined };
}

function tell(message: FromCompiler): void {
  // One that can't be told any more has nobody who would hear it.
  process.send?.(message, undefined, undefined, () => {});
}
