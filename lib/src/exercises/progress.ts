/** Stores which exercises are solved in a small file in the notebook's folder. */
import * as v from 'valibot';
import { NotFoundError } from '../runtime/errors';
import { readText, replaceFileSync } from '../runtime/files';

/** The file's name. */
export const PROGRESS_FILE = '.exercises.json';

const Kept = v.object({ solved: v.array(v.string()) });

/**
 * The ids of the solved exercises in the working directory. An unreadable file is reported in one line and replaced by
 * an empty one.
 *
 * @throws {TensorFlowError} when the file can't be accessed or replaced
 */
export function solved(): ReadonlySet<string> {
  try {
    return new Set(v.parse(Kept, JSON.parse(readText(PROGRESS_FILE))).solved);
  } catch (error) {
    if (error instanceof NotFoundError) return new Set();
    if (!(error instanceof SyntaxError || error instanceof v.ValiError)) throw error;
    console.warn(`${PROGRESS_FILE} is damaged: which exercises were solved is forgotten, and begins anew`);
    keep([]);
    return new Set();
  }
}

/**
 * Records a solved exercise.
 *
 * @throws {TensorFlowError} when the file can't be written
 */
export function keepSolved(id: string): void {
  const before = solved();
  if (!before.has(id)) keep([...before, id]);
}

const keep = (ids: readonly string[]) => replaceFileSync(PROGRESS_FILE, `${JSON.stringify({ solved: ids })}\n`);
