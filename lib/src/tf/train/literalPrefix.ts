/**
 * Checkpoint names that `RestoreV2` takes literally. It interprets names as shell patterns first, so that
 * `lr=0.1[wide]` would refer to `lr=0.1w`; `SaveV2` doesn't.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { withContext } from '../../runtime/errorContext';
import { fileError } from '../../runtime/files';
import { checkpointFiles } from './checkpointFiles';

/** Characters with a special meaning in patterns. */
const SPECIAL = /[*?[\\]/;

/** A name for a checkpoint, and what to call after it was used. */
export interface LiteralPrefix {
  readonly prefix: string;
  readonly free: () => void;
  /** Replaces the temporary name in a runtime error by the checkpoint's own. */
  readonly explain: <E>(error: E) => E;
}

/**
 * A name without special characters for the checkpoint with this prefix: its own, or that of links to its files.
 *
 * @throws {TensorFlowError} when no links can be created
 */
export function literalPrefix(prefix: string): LiteralPrefix {
  if (!SPECIAL.test(prefix)) return { prefix, free: () => {}, explain: (error) => error };
  let free = () => {};
  try {
    const folder = fs.mkdtempSync(path.join(plainTemporaryFolder(), 'tf-mechanics-'));
    free = () => fs.rmSync(folder, { recursive: true, force: true });
    const linked = path.join(folder, 'checkpoint');
    const files = checkpointFiles(prefix);
    for (const file of files.length > 0 ? files : [prefix])
      link(path.resolve(file), linked + file.slice(prefix.length));
    return { prefix: linked, free, explain: (error) => withContext(error, (text) => text.replaceAll(linked, prefix)) };
  } catch (error) {
    free();
    throw fileError(`could not make links to the checkpoint '${prefix}', whose name is a pattern`, error);
  }
}

/** The folder for temporary files or, if that contains special characters, the usual one. */
function plainTemporaryFolder(): string {
  return SPECIAL.test(os.tmpdir()) && process.platform !== 'win32' ? '/tmp' : os.tmpdir();
}

function link(target: string, name: string): void {
  try {
    fs.symlinkSync(target, name);
  } catch {
    fs.copyFileSync(target, name); // not every user may create links on Windows
  }
}
