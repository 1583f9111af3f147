/**
 * Names of checkpoints that `RestoreV2` takes as they are. It takes them for patterns first, as a shell does, so that what lies in
 * `lr=0.1[wide]` is looked for in `lr=0.1w`; `SaveV2` doesn't.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { withContext } from '../../runtime/errorContext';
import { fileError } from '../../runtime/files';
import { checkpointFiles } from './checkpointFiles';

/** What stands for something else in a pattern. */
const SPECIAL = /[*?[\\]/;

/** A name for a checkpoint, and what is to be called when it was used. */
export interface LiteralPrefix {
  readonly prefix: string;
  readonly free: () => void;
  /** An error of the runtime, which speaks of what the checkpoint is called. */
  readonly explain: <E>(error: E) => E;
}

/**
 * A name without special characters for the checkpoint with this prefix: its own, or that of links to its files.
 *
 * @throws {TensorFlowError} when no links can be made
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

/** The folder for temporary files, or if that is a pattern too, the usual one. */
function plainTemporaryFolder(): string {
  return SPECIAL.test(os.tmpdir()) && process.platform !== 'win32' ? '/tmp' : os.tmpdir();
}

function link(target: string, name: string): void {
  try {
    fs.symlinkSync(target, name);
  } catch {
    fs.copyFileSync(target, name); // not everybody may make links on Windows
  }
}
