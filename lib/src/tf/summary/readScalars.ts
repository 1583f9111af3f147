/** Picks the scalars out of event files. */
import { type ReadSummariesOptions, readSummaries, type SummaryEvent, type SummaryKinds } from './readSummaries';

/** One value of a scalar summary. */
export type ScalarEvent = SummaryEvent & SummaryKinds['scalars'];

/**
 * The scalars of a run, by tag, in the order of their steps; see `readSummaries`.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} If there is no such file or folder, or no event file in the folder.
 * @throws {DataLossError} With `strict`: if a file is damaged.
 * @example
 * const scalars = await tf.summary.readScalars('summaries/run1');
 * scalars.get('loss')?.at(-1)?.value;
 */
export function readScalars(fileOrFolder: string, options?: ReadSummariesOptions): Promise<Map<string, ScalarEvent[]>> {
  return readSummaries(fileOrFolder, 'scalars', options);
}
