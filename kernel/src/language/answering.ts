/** Answers what the kernel's process asks the compiler's. */
import { setNotebookFolder } from '../notebookFolder';
import type { CompilerFailure, CompilerStart, FromCompiler, Requests, ToCompiler } from './messages';
import { requestsTo } from './requests';
import { TypeScriptError } from './typeScriptError';

/** Has a compiler answer each request, in their order. */
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
  // One that can't be told any more has nobody who would hear it.
  process.send?.(message, undefined, undefined, () => {});
}
