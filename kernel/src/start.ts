/** Starts the kernel once its process handles signals: starts a compiler process and answers requests. */
import path from 'node:path';
import { readConnection } from './channels/connection';
import type { InterruptFlag } from './interpreter/interruption';
import { CompilerProcess } from './language/compilerProcess';
import { enterWorkingDirectory } from './notebookFolder';

/**
 * Starts the kernel of a connection file.
 *
 * @param exit ends the process
 * @returns a function that carries out a requested interrupt
 * @throws {Error} when the connection file is invalid, or the notebook's working directory doesn't exist
 */
export function start(file: string, interrupts: InterruptFlag, exit: (code: number) => never): () => void {
  const library = path.dirname(require.resolve('tf-mechanics/package.json'));
  const name = process.env.TF_MECHANICS_KERNEL_NAME;
  const connection = readConnection(file); // relative to the folder in which the process started
  enterWorkingDirectory();
  const packages = { 'tf-mechanics': library };
  // Before loading anything else: the first cell mainly waits for the compiler.
  const language = new CompilerProcess(process.cwd(), packages);
  const { Kernel } = require('./kernel') as typeof import('./kernel');
  const kernel = new Kernel(
    connection,
    { interrupts, language, packages, resources: name && `kernelspecs/${name}` },
    exit,
  );
  return () => kernel.interrupt();
}
