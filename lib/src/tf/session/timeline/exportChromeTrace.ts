/** Traced steps as files. */
import { checkObject } from '../../../runtime/arguments';
import { replaceFile } from '../../../runtime/files';
import type { RunMetadata } from '../config';
import { Timeline } from './timeline';

/**
 * A traced step as the JSON that Chrome's `chrome://tracing` and https://ui.perfetto.dev open, written to a file where one is given.
 *
 * @param runMetadata what `session.run` filled with `traceLevel: 'FULL_TRACE'`
 * @returns the JSON
 * @throws {InvalidArgumentError} when the run wasn't traced
 * @throws {TensorFlowError} when the file can't be written
 * @example
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * await tf.timeline.exportChromeTrace(runMetadata, 'step99.json');
 */
export async function exportChromeTrace(runMetadata: RunMetadata, file?: string): Promise<string> {
  checkObject('metadata of a run', runMetadata);
  const trace = new Timeline(runMetadata.stepStats).generateChromeTraceFormat();
  if (file !== undefined) await replaceFile(file, Buffer.from(trace));
  return trace;
}
