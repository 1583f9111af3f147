/** Stores which exercises are solved in a small file in the notebook's folder. */
import * as v from 'valibot';
import { NotFoundError } from '../runtime/errors';
import { readText, replaceFileSync } from '../runtime/files';

/** The file's name. */
export const PROGRESS_FILE = '.exercises.json';

const Kept = v.object({ solved: v.array(v.string()) });

/**
 * The ids of the exercises that were solved in the working folder. A file that can't be read is told in one line and replaced by an empty
 * one.
 *
 * @throws {TensorFlowError} when the file is there and may not be read, or can't be replaced
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
 * Keeps that an exercise is solved.
 *
 * @throws {TensorFlowError} when it can't be written
 */
export function keepSolved(id: string): void {
  const before = solved();
  if (!before.has(id)) keep([...before, id]);
}

const keep = (ids: readonly string[]) => replaceFileSync(PROGRESS_FILE, `${JSON.stringify({ solved: ids })}\n`);
