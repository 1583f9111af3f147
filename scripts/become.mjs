/** Turns this process into another program. */
import Module from 'node:module';
import { inRoot } from './setup/paths.mjs';

/**
 * Continues as `node <file> <args>` in this process: with a single process, Ctrl-C and the exit code need no
 * forwarding.
 */
export function become(file, args) {
  process.argv = [process.execPath, inRoot(file), ...args];
  Module.runMain();
}
