/** One shared writer per folder. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { checkPath } from '../../runtime/arguments';
import { FileWriter } from './fileWriter';

const writers = new Map<string, FileWriter>();

/**
 * The writers of this program, one per folder, so that everything that writes to a folder, such as hooks and their
 * session, uses the same event file.
 *
 * @example
 * const writer = tf.summary.FileWriterCache.get('summaries/run1');
 * writer === tf.summary.FileWriterCache.get('summaries/run1'); // true
 */
export const FileWriterCache = {
  /**
   * The writer of a folder. It is created if there is none, or if its file is gone.
   *
   * @throws {TensorFlowError} when the folder or its event file can't be created
   */
  get(logdir: string): FileWriter {
    checkPath('the folder of event files', logdir);
    const folder = path.resolve(logdir);
    const known = writers.get(folder);
    if (known && existsSync(known.path)) {
      known.reopen(); // in case it was closed
      return known;
    }
    const writer = new FileWriter(logdir);
    writers.set(folder, writer);
    return writer;
  },

  /** Closes all writers, and forgets them. */
  async clear(): Promise<void> {
    const all = [...writers.values()];
    writers.clear();
    await Promise.all(all.map((writer) => writer.close()));
  },
};
