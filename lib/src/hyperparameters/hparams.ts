/** Writes the trials of a search for TensorBoard's HParams page. */
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { HParamsStatus } from '../protos';
import { FileWriter } from '../tf/summary/eventFiles';
import { hparamsEndValue, hparamsValue } from '../tf/summary/hparams';
import { flatConfig } from './flatConfig';
import { trialName } from './records';
import type { SearchResults, TrialResult } from './results';
import { learningCurve } from './results';

const statuses = { finished: HParamsStatus.SUCCESS, failed: HParamsStatus.FAILURE, unfinished: HParamsStatus.RUNNING };

/**
 * Writes (or replaces) the folder `hparams` of a search: a run for each trial with its hyperparameters, metrics, and
 * outcome.
 */
export async function writeHParams(results: SearchResults): Promise<void> {
  const folder = path.join(results.resultDir, 'hparams');
  await rm(folder, { recursive: true, force: true });
  for (const trial of results.trials)
    await write(path.join(folder, trialName(trial.id)), (writer) => writeTrial(writer, trial));
}

async function write(folder: string, add: (writer: FileWriter) => void): Promise<void> {
  const writer = new FileWriter(folder);
  add(writer);
  await writer.close();
}

function writeTrial(writer: FileWriter, trial: TrialResult): void {
  const { id, config, status, evaluations, seconds } = trial;
  const end = evaluations.at(-1)?.time ?? Date.now() / 1000;
  writer.addSummary({ value: [hparamsValue(flatConfig(config), { group: `trial ${trialName(id)}` }, end - seconds)] });
  // A failed trial has no comparable metrics.
  for (const { iteration, metrics } of status === 'failed' ? [] : learningCurve(trial))
    for (const [name, value] of Object.entries(metrics)) writer.scalar(name, value, iteration);
  writer.addSummary({ value: [hparamsEndValue(end, statuses[status])] });
}
