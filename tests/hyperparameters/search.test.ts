/** Searches with worker processes. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../lib/shared/folderLock.cjs';
import type * as hyperparameters from '../../lib/src/hyperparameters';
import { HParamsPluginData, HParamsStatus } from '../../lib/src/protos';
import { readEvents, readHParams, readScalars } from '../../lib/src/tf/summary';
import { compileSearch, temporaryFolder, trialsModule } from './library';

const require = createRequire(__filename);
let root: string;
let search: typeof hyperparameters.search;
let space: typeof hyperparameters.space;
let readResults: typeof hyperparameters.readResults;
beforeAll(async () => {
  root = temporaryFolder();
  ({ search, space, readResults } = require(await compileSearch(root)));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

let resultDir: string;
beforeEach(() => {
  resultDir = fs.mkdtempSync(path.join(root, 'run-'));
});

/** A search of 5 + 3 + … trials that takes milliseconds. */
const quick = () => ({
  algorithm: 'hyperband' as const,
  space: { x: space.uniform(0, 1), how: 'well' },
  metric: 'score',
  maxIterations: 9,
  nbProcess: 2,
  seed: 1,
  resultDir,
  trial: { module: trialsModule },
});

interface Call {
  trial: number;
  from: number;
  to: number;
  pid: number;
}
const calls = (folder = resultDir) =>
  fs
    .readFileSync(path.join(folder, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);

describe('a search', () => {
  it('finds the best trial, and never trains an iteration twice', async () => {
    const results = await search(quick());
    expect(results.complete).toBe(true);
    expect(results.trials).toHaveLength(9 + 3 + 3);
    const best = results.best!;
    expect(best.iteration).toBe(9);
    expect(best.value).toBe(Math.max(...results.trials.map(({ value }) => value!)));
    expect(Math.abs(best.config.x - 0.3)).toBeLessThan(0.2);
    const promoted = calls().filter(({ from }) => from > 0);
    expect(promoted).toHaveLength(3 + 1 + 1);
    for (const { trial, from, to } of promoted) {
      expect([from, to]).toSatisfy(([a, b]: number[]) => b === 3 * a!);
      expect(results.trials[trial]!.reports.map(({ iteration }) => iteration)).toEqual(
        Array.from({ length: results.trials[trial]!.iteration }, (_, i) => i + 1),
      );
    }
  });

  it('is the same whatever the number of processes', async () => {
    const outcome = ({ trials }: Awaited<ReturnType<typeof search>>) =>
      trials.map(({ id, config, seed, iteration, value }) => ({ id, config, seed, iteration, value }));
    const alone = await search({ ...quick(), nbProcess: 1 });
    const together = await search({ ...quick(), nbProcess: 3, resultDir: path.join(resultDir, 'together') });
    expect(outcome(together)).toEqual(outcome(alone));
    expect(new Set(calls(path.join(resultDir, 'together')).map(({ pid }) => pid)).size).toBe(3);
    expect(new Set(together.trials.map(({ config, seed }) => `${config} ${seed}`)).size).toBe(15);
  });

  it('tries the same configurations with asynchronous halving, and trains at random ones to the end', async () => {
    const asha = await search({ ...quick(), algorithm: 'asha', trials: 9 });
    const random = await search({
      ...quick(),
      algorithm: 'random',
      trials: 9,
      resultDir: path.join(resultDir, 'random'),
    });
    expect(asha.trials.map(({ config }) => config)).toEqual(random.trials.map(({ config }) => config));
    expect(random.trials.every(({ iteration }) => iteration === 9)).toBe(true);
    expect(asha.trials.filter(({ iteration }) => iteration === 1).length).toBeGreaterThan(2);
    expect(asha.best?.iteration).toBe(9);
  });

  it('takes a trial from an ES module, too', async () => {
    const module = path.join(resultDir, 'trial.mjs');
    fs.writeFileSync(module, `export { runTrial as train } from ${JSON.stringify(trialsModule)};`);
    const options = { ...quick(), algorithm: 'random' as const, trials: 2 };
    expect((await search({ ...options, trial: { module, name: 'train' } })).best?.iteration).toBe(9);
  });

  it('takes a function, which trains in this process, and can be stopped and resumed', async () => {
    const controller = new AbortController();
    const iterations: number[] = [];
    const options = {
      ...quick(),
      nbProcess: 1,
      trial: async (trial: hyperparameters.TrialContext<{ x: number }>): Promise<hyperparameters.TrialOutcome> => {
        if (trial.config.x > 0.9) throw new Error('too far');
        if (trial.signal.aborted) return { metrics: {}, iteration: 0 };
        iterations.push(trial.iterations);
        trial.report(trial.iterations, { score: trial.config.x });
        return { metrics: { score: trial.config.x }, iteration: trial.iterations };
      },
    };
    const stopped = await search({
      ...options,
      signal: controller.signal,
      onEvent: (event) => event.type === 'trialFinished' && event.trial === 4 && controller.abort(),
    });
    expect(stopped).toMatchObject({ complete: false, trials: { length: 5 } });
    const results = await search({ ...options, resume: true });
    expect(results.trials.filter(({ config }) => config.x > 0.9).map(({ error }) => error)).toContain('too far');
    expect(results.best!.config.x).toBeLessThanOrEqual(0.9);
    expect(iterations).toHaveLength(results.trials.flatMap(({ evaluations }) => evaluations).length);
  });

  it('seeks the least where that is best', async () => {
    const results = await search({ ...quick(), mode: 'min', algorithm: 'random', trials: 5, maxIterations: 1 });
    expect(results.best!.value).toBe(Math.min(...results.trials.map(({ value }) => value!)));
  });

  it('tells what happens, with one thread a process, and keeps what each trial prints', async () => {
    const events: hyperparameters.SearchEvent[] = [];
    const results = await search({ ...quick(), onEvent: (event) => events.push(event) });
    expect(events[0]).toEqual({ type: 'searchStarted', trials: 15, resumed: 0, seed: 1 });
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect([count('trialStarted'), count('trialFinished'), count('trialFailed')]).toEqual([20, 20, 0]);
    const last = events.filter((event) => event.type === 'trialFinished' && event.best).at(-1);
    expect(last).toMatchObject({ value: results.best!.value });
    expect(results.trials[0]!.metrics.threads).toBe(1);
    const { id, seed } = results.best!;
    const log = fs.readFileSync(path.join(resultDir, 'trials', `${String(id).padStart(4, '0')}.log`), 'utf8');
    expect(log.split('\n')).toContain(`from 0 to ${results.best!.evaluations[0]!.iteration} with seed ${seed}`);
    expect(log.split('\n')).toHaveLength(results.best!.evaluations.length + 1);
  });

  it('ends with an error of whoever listens, and its processes with it', async () => {
    const listening = search({
      ...quick(),
      onEvent({ type }) {
        if (type === 'report') throw new Error('nobody wants to know');
      },
    });
    await expect(listening).rejects.toThrow('nobody wants to know');
    expect(calls().filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});

describe('a trial that fails', () => {
  it.each([
    ['throws', 'the loss is NaN'],
    ['exits', 'its process ended with exit code 3'],
    ['loses itself', 'it has diverged: its loss is Infinity'],
    ['hangs', 'said nothing for 2 s, and was ended'],
    ['returns early', 'returned after 0 of 3 iterations'],
    ['has no metric', "returned no metric 'score', but loss"],
  ])('because it %s is recorded, and the search goes on', async (how, error) => {
    const results = await search({
      ...quick(),
      algorithm: 'random',
      maxIterations: 3,
      trials: 6,
      space: { x: space.uniform(0, 1), how: space.choice(['well', how]) },
      trialTimeout: how === 'hangs' ? 2 : undefined,
      trial: { module: trialsModule, name: 'fails' },
    });
    const failed = results.trials.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(results.trials.filter((t) => t.config.how === how).map(({ id }) => id));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(6);
    for (const trial of failed) expect(trial.error).toBe(error);
    expect(results.best?.config.how).toBe('well');
    expect(results.complete).toBe(true);
  });

  it('after it was the best is that no more, in no table, and is told of at the end', async () => {
    const lines: string[] = [];
    const results = await search({
      ...quick(),
      space: { x: space.uniform(0, 1), how: space.choice(['well', 'fails later']) },
      trial: { module: trialsModule, name: 'fails' },
      log: (line) => lines.push(line),
    });
    const failed = results.trials.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(results.best!.config.how).toBe('well');
    expect(failed.every(({ value, metrics }) => value === undefined && Object.keys(metrics).length === 0)).toBe(true);
    expect(lines).toEqual([`${failed.length} of 15 trials failed; the first, trial ${failed[0]!.id}: the loss is NaN`]);
    const table = fs.readFileSync(path.join(resultDir, 'results.csv'), 'utf8');
    expect(table).toMatch(new RegExp(`^${failed[0]!.id},failed,\\d+,,,`, 'm'));
  });

  it('because it diverges is never the best', async () => {
    const results = await search({
      ...quick(),
      space: { x: space.uniform(0, 1), how: space.choice(['well', 'diverges']) },
      trial: { module: trialsModule, name: 'fails' },
    });
    expect(results.best!.config.how).toBe('well');
    const diverged = results.trials.filter(({ error }) => error === 'it has diverged: its score is NaN');
    expect(diverged.length).toBeGreaterThan(0);
  });
});

describe('a search whose environment fails', () => {
  const options = () => ({
    ...quick(),
    space: { x: space.uniform(0, 1), how: space.choice(['well', 'has no room']) },
    trial: { module: trialsModule, name: 'fails' },
  });
  const outcome = ({ trials }: { trials: readonly { status: string; value?: number }[] }) =>
    trials.map(({ status, value }) => ({ status, value }));
  const failures = () => fs.readFileSync(path.join(resultDir, 'journal.jsonl'), 'utf8').match(/"type":"failed"/g);

  it('stops, records no failure, and comes to the same results when it is resumed', async () => {
    await expect(search(options())).rejects.toMatchObject({ name: 'ResourceExhaustedError' });
    await expect(search({ ...options(), resume: true })).rejects.toThrow('could not save');
    expect(failures()).toBe(null);
    fs.writeFileSync(path.join(resultDir, 'room'), '');
    const results = await search({ ...options(), resume: true });
    expect(results.complete).toBe(true);
    const whole = path.join(resultDir, 'whole');
    fs.mkdirSync(whole);
    fs.writeFileSync(path.join(whole, 'room'), '');
    expect(outcome(results)).toEqual(outcome(await search({ ...options(), resultDir: whole })));
  });

  it('so that a process is killed stops, too', async () => {
    const killed = { ...options(), space: { x: space.uniform(0, 1), how: 'is killed' } };
    await expect(search(killed)).rejects.toThrow('its process ended with signal SIGKILL, as it does where there is no');
    expect(failures()).toBe(null);
  });

  it.runIf(fs.existsSync('/dev/full'))('so that what a trial prints can not be kept stops, too', async () => {
    fs.mkdirSync(path.join(resultDir, 'trials'));
    fs.symlinkSync('/dev/full', path.join(resultDir, 'trials', '0000.log'));
    await expect(search(quick())).rejects.toThrow(/could not write to the log .*0000\.log: ENOSPC/);
    fs.rmSync(path.join(resultDir, 'trials', '0000.log'));
    expect(await search({ ...quick(), resume: true })).toMatchObject({ complete: true, trials: { length: 15 } });
  });

  it('in this process stops likewise', async () => {
    const trial = async () => {
      throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    };
    await expect(search({ ...quick(), nbProcess: 1, trial })).rejects.toThrow('EMFILE');
    expect(failures()).toBe(null);
  });
});

describe('a search that is stopped', () => {
  it('saves its state, ends its processes, and goes on where it was', async () => {
    const controller = new AbortController();
    const slow = { ...quick(), space: { x: space.uniform(0, 1), ms: 20 }, eta: 2, mode: 'min' as const };
    const stopped = await search({
      ...slow,
      signal: controller.signal,
      onEvent: ({ type }) => type === 'trialFinished' && setTimeout(() => controller.abort(), 10),
    });
    expect(stopped.complete).toBe(false);
    expect(calls().filter(({ pid }) => isAlive(pid))).toEqual([]);
    const results = await search({ ...slow, seed: undefined, eta: undefined, mode: undefined, resume: true });
    expect(results.complete).toBe(true);
    const whole = await search({ ...quick(), eta: 2, mode: 'min', resultDir: path.join(resultDir, 'whole') });
    const values = ({ trials }: { trials: readonly { value?: number }[] }) => trials.map(({ value }) => value);
    expect(values(results)).toEqual(values(whole));
    const trained = fs.readFileSync(path.join(resultDir, 'trials', '0000', 'trained'), 'utf8');
    expect(trained.split('\n')).toHaveLength(results.trials[0]!.iteration + 1);
  });

  it('ends a trial that does not listen', async () => {
    const controller = new AbortController();
    const running = search({
      ...quick(),
      nbProcess: 1,
      trial: { module: trialsModule, name: 'isDeaf' },
      stopTimeout: 0.3,
      signal: controller.signal,
    });
    const file = path.join(resultDir, 'trials', '0000', 'pid');
    await expect.poll(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8'), { timeout: 20_000 }).toMatch(/\d/);
    controller.abort();
    expect((await running).trials).toMatchObject([{ id: 0, status: 'unfinished', iteration: 0 }]);
    expect(isAlive(Number(fs.readFileSync(file, 'utf8')))).toBe(false);
  });

  it('does nothing when it is resumed after its end', async () => {
    const results = await search(quick());
    const count = calls().length;
    expect(await search({ ...quick(), seed: undefined, resume: true })).toEqual(results);
    expect(calls()).toHaveLength(count);
  });
});

describe('what a search leaves', () => {
  it('is read back from its folder, and is a table for other programs', async () => {
    const results = await search({ ...quick(), space: { x: space.uniform(0, 1), deep: { name: 'a, "b"' } } });
    expect(readResults(resultDir)).toEqual(results);
    expect(JSON.parse(fs.readFileSync(path.join(resultDir, 'results.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(results)),
    );
    const [header, first, ...others] = fs.readFileSync(path.join(resultDir, 'results.csv'), 'utf8').split('\r\n');
    expect(header).toBe('trial,status,iteration,score,threads,x,deep.name,seconds,seed,error');
    const { value, config, iteration, seed } = results.trials[0]!;
    expect(first).toMatch(new RegExp(`^0,finished,${iteration},${value},1,${config.x},"a, ""b""",[\\d.]+,${seed},$`));
    expect(others).toHaveLength(15);
  });

  it("is runs for TensorBoard's HParams page", async () => {
    const results = await search({
      ...quick(),
      space: { x: space.uniform(0, 1), how: space.choice(['well', 'throws']) },
      trial: { module: trialsModule, name: 'fails' },
    });
    const folder = path.join(resultDir, 'hparams');
    expect(fs.readdirSync(folder)).toHaveLength(results.trials.length); // and nothing that stands for all searches there are
    for (const { id, config, status, reports } of results.trials) {
      const run = path.join(folder, String(id).padStart(4, '0'));
      expect(await readHParams(run)).toEqual(config);
      const [start, end] = await hparamsOf(run);
      expect(start!.sessionStartInfo!.groupName).toBe(`trial ${path.basename(run)}`);
      const expected = status === 'finished' ? HParamsStatus.SUCCESS : HParamsStatus.FAILURE;
      expect(end!.sessionEndInfo!.status).toBe(expected);
      const scores = (await readScalars(run)).get('score') ?? [];
      expect(scores.map(({ step, value }) => [step, value])).toEqual(
        reports.map(({ iteration, metrics }) => [iteration, Math.fround(metrics.score!)]),
      );
    }
  });
});

/** What the event files of a folder have for the HParams page. */
async function hparamsOf(folder: string): Promise<HParamsPluginData[]> {
  const events = await readEvents(folder).toArray();
  const values = events.flatMap(({ summary }) => summary?.value ?? []);
  return values.flatMap(({ metadata }) =>
    metadata?.pluginData ? HParamsPluginData.decode(metadata.pluginData.content) : [],
  );
}

/** The file of a module that isn't there: beside this one, where nothing else makes files. */
const missing = path.join(__dirname, 'missing.js');

describe('a search is refused', () => {
  it.each([
    [{ trials: 3 }, 'how many trials hyperband makes follows from its iterations: leave trials out'],
    [
      { trial: async () => ({ metrics: {}, iteration: 1 }) },
      'a function trains trials in this process only: name a module for 2',
    ],
    [{ stopTimeout: 0 }, 'expected stopTimeout to be a positive number of seconds, got 0'],
    [{ nbProcess: 0 }, 'expected nbProcess to be a whole number from 1 on, got 0'],
    [{ algorithm: 'grid' as 'random' }, "option 'algorithm' is one of 'random', 'hyperband', 'asha', not 'grid'"],
    [{ algorithm: undefined as never }, 'a search needs an algorithm'],
    [{ mode: 'best' as 'max' }, "option 'mode' is one of 'max', 'min', not 'best'"],
    [{ maxIterations: 0.5 }, 'expected maxIterations to be a whole number from 1 on, got 0.5'],
    [{ trial: { module: missing } }, `there is no module ${missing} to train trials`],
    [{ resume: true }, 'there is no search in'],
  ])('with %j', async (options, message) => {
    await expect(search({ ...quick(), ...options })).rejects.toThrow(message);
    expect(fs.readdirSync(resultDir)).not.toContain('journal.jsonl');
  });

  it.each([
    ['trials.cjs', 'nothing', "trials.cjs can't be loaded: it exports no function 'nothing'"],
    ['library.ts', 'compileSearch', "library.ts can't be loaded: "],
  ])('with a module %s that has no function %s to train trials', async (file, name, message) => {
    const trial = { module: path.join(__dirname, file), name };
    await expect(search({ ...quick(), trial })).rejects.toThrow(message);
  });

  it('where there is one already, or one of other settings, or one that runs', async () => {
    const running = search(quick());
    await expect(search({ ...quick(), resume: true })).rejects.toThrow(
      `${resultDir} is in use by a search, in this process`,
    );
    await running;
    await expect(search(quick())).rejects.toThrow('there is a search in');
    await expect(search({ ...quick(), resume: true, seed: 2 })).rejects.toThrow(
      'the search to resume has seed 1, not 2: its trials would not compare',
    );
  });
});
