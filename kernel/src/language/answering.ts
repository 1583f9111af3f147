/** Handles the kernel's requests in the compiler process. */
import { setNotebookFolder } from '../notebookFolder';
import type { CompilerFailure, CompilerStart, FromCompiler, Requests, ToCompiler } from './messages';
import { requestsTo } from './requests';
import { TypeScriptError } from './typeScriptError';

/** Makes a compiler answer requests in order. */
export function answerRequests({ notebook, directory, packages }: CompilerStart): void {
  setNotebookFolder(notebook);
  const requests = requestsTo(directory, packages);
  process.on('message', (request: ToCompiler) => {
    try {
      const known = requests[request.name];
      const ask = known as (...parameters: unknown[]) => ReturnType<Requests[typeof request.name]>;
      tell({ kind: 'answer', id: request.id, value: ask(...request.parameters) });
    } catch (error) {
      tell({ kind: 'failure', id: request.id, error: failure(error as Error) });
    }
  });
}

function failure(error: Error): CompilerFailure {
  const { message, stack } = error;
  return { message, stack, report: error instanceof TypeScriptError ? error.report : undefined };
}

function tell(message: FromCompiler): void {
  // If the kernel has gone, the error has no receiver.
  process.send?.(message, undefined, undefined, () => {});
}
