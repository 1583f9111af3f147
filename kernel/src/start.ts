/** What the kernel's process does once it listens to signals: begins a compiler, and answers. */
import path from 'node:path';
import { readConnection } from './channels/connection';
import type { InterruptFlag } from './interpreter/interruption';
import { CompilerProcess } from './language/compilerProcess';
import { enterWorkingDirectory } from './notebookFolder';

/**
 * Starts the kernel of a connection file.
 *
 * @param exit ends the process
 * @returns what carries out a requested interrupt
 * @throws {Error} when the file is no connection file, and when the notebook's folder asks for a working directory that isn't there
 */
export function start(file: string, interrupts: InterruptFlag, exit: (code: number) => never): () => void {
  const library = path.dirname(require.resolve('tf-mechanics/package.json'));
  const name = process.env.TF_MECHANICS_KERNEL_NAME;
  const connection = readConnection(file); // a path from the folder that the process was started in
  enterWorkingDirectory();
  const packages = { 'tf-mechanics': library };
  // Before all else is loaded: a first cell waits longest for the compiler.
  const language = new CompilerProcess(process.cwd(), packages);
  const { Kernel } = require('./kernel') as typeof import('./kernel');
  const kernel = new Kernel(
    connection,
    { interrupts, language, packages, resources: name && `kernelspecs/${name}` },
    exit,
  );
  return () => kernel.interrupt();
}
