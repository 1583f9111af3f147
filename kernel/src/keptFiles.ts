/**
 * Compile caches of large modules in the user's cache folder. The library stores its files there with the same
 * functions.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type * as CompiledCode from '../../lib/shared/compiledCode.cjs';
import type * as KeptFiles from '../../lib/shared/keptFiles.cjs';

const shared = path.join(path.dirname(require.resolve('tf-mechanics/package.json')), 'shared');
export const { placeFor, prune, touch } = require(path.join(shared, 'keptFiles.cjs')) as typeof KeptFiles;
const { requireKept } = require(path.join(shared, 'compiledCode.cjs')) as typeof CompiledCode;

/** After so many milliseconds, the functions that a module needs at startup have been compiled. */
const BEGUN = 10_000;

/** `require` of a large module, using the code cache of an earlier process; without one, this process creates it. */
export function requireLarge(file: string): unknown {
  const { size, mtimeMs } = statSync(file);
  const { exports, keep } = requireKept(file, `${size} ${mtimeMs}`);
  if (keep) setTimeout(keep, BEGUN).unref();
  return exports;
}
