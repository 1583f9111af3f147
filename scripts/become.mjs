/** Turns this process into another program. */
import Module from 'node:module';
import { inRoot } from './setup/paths.mjs';

/**
 * Goes on as `node <file> <args>` would, in this process: one process gets Ctrl-C once and has one exit code, so there is
 * nothing to pass on.
 */
export function become(file, args) {
  process.argv = [process.execPath, inRoot(file), ...args];
  Module.runMain();
}
