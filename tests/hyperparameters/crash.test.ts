/** Whatever moment a search is killed at, it goes on, and loses and repeats no trial that had finished. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAlive } from '../../lib/shared/folderLock.cjs';
import type * as hyperparameters from '../../lib/src/hyperparameters';
import { repetitions } from '../../lib/src/testing/repetitions';
import { compileSearch, temporaryFolder, trialsModule } from './library';

const require = createRequire(__filename);
let root: string;
let library: string;
beforeAll(async () => {
  root = temporaryFolder();
  library = await compileSearch(root);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

interface JournalLine {
  type: string;
  trial: number;
  iterations: number;
}

const lines = <T>(file: string): T[] => {
  if (!fs.existsSync(file)) return [];
  const whole = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as T);
};
const finishedIn = (folder: string) =>
  lines<JournalLine>(path.join(folder, 'journal.jsonl'))
    .filter(({ type }) => type === 'finished')
    .map(({ trial, iterations }) => `${trial}:${iterations}`);
const callsIn = (folder: string) =>
  lines<{ trial: number; to: number }>(path.join(folder, 'calls')).map(({ trial, to }) => `${trial}:${to}`);

it.each(['hyperband', 'asha', 'random'])('%s goes on where it was killed', { timeout: 120_000 }, async (algorithm) => {
  const run = (folder: string) =>
    spawn(process.execPath, ['-e', PROGRAM, library, folder, trialsModule, algorithm], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const resultDir = path.join(root, algorithm);
  /** What had finished when it was killed, and how many calls there had been. */
  const kills: { finished: string[]; calls: number }[] = [];
  while (kills.length < repetitions(3, 20)) {
    const child = run(resultDir);
    const exit = once(child, 'exit');
    // While trials run, or, every other time, perhaps before.
    if (kills.length % 2 === 0) await Promise.race([once(child.stdout, 'data'), exit]);
    await setTimeout(300 * Math.random());
    child.kill('SIGKILL');
    const [code] = await exit;
    if (code === 0) break;
    kills.push({ finished: finishedIn(resultDir), calls: callsIn(resultDir).length });
  }
  expect(kills.length).toBeGreaterThan(0);
  expect(await once(run(resultDir), 'exit')).toEqual([0, null]);

  const finished = finishedIn(resultDir);
  expect(new Set(finished).size).toBe(finished.length);
  for (const kill of kills) {
    expect(finished).toEqual(expect.arrayContaining(kill.finished));
    const later = callsIn(resultDir).slice(kill.calls);
    expect(later.filter((job) => kill.finished.includes(job))).toEqual([]);
  }
  const { readResults } = require(library) as typeof hyperparameters;
  const results = readResults(resultDir);
  expect(results.complete).toBe(true);
  for (const { resultDir: folder, status, iteration } of results.trials) {
    expect(status).toBe('finished');
    // Each iteration once, in order, though processes were killed within.
    const all = Array.from({ length: iteration }, (_, i) => i + 1);
    expect(lines<number>(path.join(folder, 'trained'))).toEqual(all);
  }
  if (algorithm === 'asha') return; // which trials are promoted is a matter of time
  const whole = path.join(root, `${algorithm}-whole`);
  expect(await once(run(whole), 'exit')).toEqual([0, null]);
  const outcome = (folder: string) =>
    readResults(folder).trials.map(({ id, config, seed, iteration, value }) => [id, config, seed, iteration, value]);
  expect(outcome(resultDir)).toEqual(outcome(whole));
  expect(finished.sort()).toEqual(finishedIn(whole).sort());
});

it('leaves no process behind, even where a trial never lets go of its thread', async () => {
  const resultDir = path.join(root, 'deaf');
  const child = spawn(process.execPath, ['-e', PROGRAM, library, resultDir, trialsModule, 'random', 'isDeaf'], {
    stdio: 'ignore',
  });
  const pidFiles = ['0000', '0001'].map((name) => path.join(resultDir, 'trials', name, 'pid'));
  while (!pidFiles.every((file) => fs.existsSync(file) && fs.readFileSync(file, 'utf8'))) await setTimeout(20);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  const pids = pidFiles.map((file) => Number(fs.readFileSync(file, 'utf8')));
  await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 5000 }).toEqual([]);
});

/** Begins or resumes a search. */
const PROGRAM = `
  const [library, resultDir, module, algorithm, name = 'runTrial'] = process.argv.slice(1);
  const fs = require('node:fs');
  const { search, space } = require(library);
  search({
    algorithm,
    space: { x: space.uniform(0, 1), ms: space.integer(10, 40) },
    metric: 'score',
    maxIterations: algorithm === 'random' ? 3 : 9,
    ...(algorithm === 'hyperband' ? {} : { trials: 18 }),
    nbProcess: 2,
    seed: 5,
    resultDir,
    resume: fs.existsSync(resultDir + '/journal.jsonl') && fs.statSync(resultDir + '/journal.jsonl').size > 0,
    trial: { module, name },
    onEvent: ({ type }) => type === 'searchStarted' && console.log('begun'),
  });
`;
