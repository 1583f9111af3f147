/** Models that are trained by processes of this machine, as the tasks of a cluster. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { format } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { tf } from '../../lib/src';
import type { cli as Cli, ModelClass } from '../../lib/src/cli/cli';
import { freeAddresses } from '../../lib/src/testing/freePorts';
import { repetitions } from '../../lib/src/testing/repetitions';
import { giveOfflineDigits } from '../processes/offlineData';
import { LocalTraining } from './localTraining';

const { cli: here } = require('../../lib/dist/cli/cli.js') as { cli: typeof Cli };
require('../../lib/dist/library.js')('models/registry'); // as the program has it
const { Three } = require('./three.cjs') as { Three: ModelClass };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cluster-'));
  await giveOfflineDigits(path.join(folder, 'data'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const own = ['--models', path.join(__dirname, 'three.cjs')];
const local = ['--cluster', 'local'];

/** Trains, and does something meanwhile. No process may be left then. */
async function train(words: readonly string[], meanwhile: (training: LocalTraining) => Promise<void> = async () => {}) {
  const training = new LocalTraining(folder, words, { TMPDIR: folder });
  try {
    await meanwhile(training);
    const code = await training.ended();
    await training.leavesNothing();
    return { code, stdout: training.stdout, stderr: training.stderr };
  } finally {
    await training.end();
  }
}

/** Runs another command to its end, in this process, which saves the second that a process takes to start. */
async function cli(...words: string[]) {
  const said: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0),
    vi.spyOn(console, 'log').mockImplementation((...values) => said.push(format(...values), '\n')),
  ];
  const before = process.cwd();
  process.chdir(folder);
  try {
    return { status: await here({ name: 'tf-mechanics' }, words), stdout: said.join('') };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

/** A training of one process, of 50 steps, that others begin from. */
async function trained(): Promise<string> {
  if (!existsSync(path.join(folder, 'trained')))
    expect((await cli('train', ...own, '--result-dir', 'trained', '--max-iter', '50')).status).toBe(0);
  return 'trained';
}

const configOf = (run: string) => JSON.parse(readFileSync(path.join(folder, run, 'config.json'), 'utf8'));

it('trains the network of the article to what one process does, while a worker is killed', {
  timeout: 600_000,
}, async () => {
  const kills = repetitions(1, 20);
  const { code, stdout, stderr } = await train(
    [...local, '--result-dir', 'whole', '--random-seed', '1', '--max-iter', `${repetitions(600, 8000)}`],
    async (training) => {
      for (let kill = 1; kill <= kills; kill++) {
        await training.said('Step 0');
        await setTimeout(repetitions(500, 3000) * Math.random());
        training.kill('worker 1');
        await training.said(`worker 1 was ended by signal SIGKILL`);
        await training.said(`started again (${kill} of at most`);
      }
    },
  );
  expect([code, stderr]).toEqual([0, '']);
  const [, validation, test] = [...stdout.matchAll(/Precision @ 1: (\d\.\d+)/g)]
    .slice(-3)
    .map(([, value]) => Number(value));
  for (const precision of [validation!, test!]) {
    expect(precision).toBeGreaterThanOrEqual(repetitions(0.75, 0.88));
    expect(precision).toBeLessThanOrEqual(repetitions(0.92, 0.97));
  }
  // The folder is that of any run, with the chief's events and nobody else's.
  const files = readdirSync(path.join(folder, 'whole'));
  expect(files.filter((name) => name.includes('tfevents'))).toHaveLength(1);
  expect(readdirSync(folder).filter((name) => name.startsWith('tf-mechanics-worker-'))).toEqual([]);
  const { modelName, config, cluster } = configOf('whole');
  expect([modelName, config.randomSeed]).toEqual(['fully_connected', 1]);
  expect(cluster).toEqual({
    jobs: { ps: [expect.any(String)], worker: [expect.any(String), expect.any(String)] },
    synchronous: false,
  });
  const steps: number[] = [];
  for await (const { step, summary } of tf.train.summaryIterator(path.join(folder, 'whole')))
    if (summary?.value.length) steps.push(Number(step));
  expect(steps).toEqual([...steps].sort((one, other) => one - other));
  const evaluated = await cli('evaluate', '--result-dir', 'whole', '--json');
  // A worker that had begun its last step before the end may have ended it after that.
  expect(Math.abs(JSON.parse(evaluated.stdout).test.precision - test!)).toBeLessThanOrEqual(0.02);
});

const ways = [
  ['in step', ['--sync', '--awaits']],
  ['by themselves', []],
] as const;

it.each(ways.slice(0, repetitions(1, 2)))(
  'goes on %s where a parameter server, the chief or a worker was killed',
  { timeout: 900_000 },
  async (how, flags) => {
    const kills = repetitions(1, 5);
    const run = `lost-${flags.length}`;
    const words = ['--max-iter', `${kills * (how === 'in step' ? 500 : 1500)}`, '--save-every', '100'];
    const { code, stdout, stderr } = await train(
      [...local, ...own, '--result-dir', run, ...words, ...flags],
      async (training) => {
        for (let kill = 1; kill <= kills; kill++) {
          await training.progresses();
          await training.progresses(); // the first hundred steps are saved before the second
          training.kill('ps 0');
          await training.said(
            new RegExp(
              `(After step \\d+, a server of the cluster was lost(.|\n)*Going on from step \\d+, with(.|\n)*){${kill}}`,
            ),
          );
          await training.progresses();
          training.kill('worker 0');
          await training.said(new RegExp(`worker 0 at .* started again \\(${kill} of at most`));
          await training.progresses();
          training.kill('worker 1');
          await training.said(new RegExp(`worker 1 at .* started again \\(${kill} of at most`));
        }
      },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(`^Summaries and checkpoints are in ${run} \\(the last is model\\.ckpt-\\d+\\)$`, 'm'),
    );
  },
);

it('saves at Ctrl-C, says how one goes on, and goes on, in a cluster or without', { timeout: 120_000 }, async () => {
  const words = ['--result-dir', 'stopped', '--random-seed', '3', '--max-iter', '100000', '--workers', '1'];
  const { code, stdout } = await train([...local, ...own, ...words], async (training) => {
    await training.progresses();
    training.interrupt();
  });
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Stopped after step \d+; saved stopped\/model\.ckpt-\d+$/m);
  expect(stdout).toMatch(/^Go on with: .* train --result-dir stopped --cluster local --workers 1$/m);
  const step = Number(/Stopped after step (\d+)/.exec(stdout)![1]);
  const alone = await cli('train', ...own, '--result-dir', 'stopped', '--max-iter', `${step + 10}`);
  expect(alone.stdout).toContain(`Going on from stopped/model.ckpt-${step}`);
  expect(alone.status).toBe(0);
  expect(configOf('stopped').cluster).toBeUndefined();
});

it('is stopped by Ctrl-C also before it has begun', { timeout: 150_000 }, async () => {
  const { code, stdout, stderr } = await train([...local, ...own, '--result-dir', 'unbegun'], async (training) => {
    await training.said('Cluster: ');
    training.interrupt();
  });
  expect([code, stdout.split('\n').length, stderr]).toEqual([130, 3, '']);
});

it.each(['chief', 'worker'].slice(0, repetitions(1, 2)))(
  'is stopped while, as the %s of a cluster that is to begin from another run, it waits',
  {
    timeout: 150_000,
  },
  async (job) => {
    const [ps, chief, worker] = await freeAddresses(3);
    writeFileSync(path.join(folder, 'alone.json'), JSON.stringify({ ps: [ps], chief: [chief], worker: [worker] }));
    const words = [
      '--cluster',
      'alone.json',
      '--job-name',
      job,
      ...own,
      '--from',
      await trained(),
      '--result-dir',
      'nothing',
    ];
    const { code, stdout, stderr } = await train(words, async (training) => {
      await training.said(`${job} 0 of a cluster`);
      training.interrupt();
    });
    expect([code, stdout.split('\n').length, stderr]).toEqual([130, 2, '']);
  },
);

it('goes on from its own checkpoint where a chief that began from another run is started again', {
  timeout: 150_000,
}, async () => {
  const first = await trained();
  const [ps, worker] = await freeAddresses(2);
  writeFileSync(path.join(folder, 'two.json'), JSON.stringify({ ps: [ps], worker: [worker] }));
  const task = ['--cluster', 'two.json', ...own, '--job-name'];
  const server = new LocalTraining(folder, [...task, 'ps']);
  const chief = async (steps: number) => {
    const words = ['--from', first, '--result-dir', 'jumped', '--max-iter', `${steps}`];
    const { code, stdout, stderr } = await train([...task, 'worker', ...words]);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  try {
    expect(await chief(100)).toContain(`Going on from ${first}/model.ckpt-50\n`);
    expect(await chief(120)).toContain('Going on from jumped/model.ckpt-100\n');
    expect(configOf('jumped').from).toBe(`${first}/model.ckpt-50`);
  } finally {
    await server.end();
  }
});

it('goes on with what the parameter servers have where a chief is killed that began from another run', {
  timeout: 150_000,
}, async () => {
  const before = await trained();
  const words = [
    '--from',
    before,
    '--result-dir',
    'unsaved',
    '--max-iter',
    '100000',
    '--save-every',
    '100000',
    '--workers',
    '1',
  ];
  const { code, stdout } = await train([...local, ...own, ...words], async (training) => {
    await training.said('Going on from ');
    training.kill('worker 0');
    await training.said(/worker 0 at .* started again(.|\n)*Session: /);
    training.interrupt();
  });
  expect([code, stdout.match(/^Going on from .*$/gm)]).toEqual([130, [`Going on from ${before}/model.ckpt-50`]]);
});

it('ends with the one that began it', { timeout: 150_000 }, async () => {
  const training = new LocalTraining(folder, [
    ...local,
    ...own,
    '--result-dir',
    'orphans',
    '--max-iter',
    '100000',
    '--workers',
    '1',
  ]);
  try {
    await training.progresses();
    training.kill9();
    await training.leavesNothing();
  } finally {
    await training.end();
  }
});

it('ends when a task fails, with its last words', { timeout: 150_000 }, async () => {
  const { code, stderr } = await train([...local, ...own, '--result-dir', 'failing', '--fails']);
  expect([code, stderr]).toEqual([1, 'error: worker 1 ended with exit code 1: there is no three\n']);
});

it('is one task of a cluster whose others somebody else starts, by flags or by TF_CONFIG', {
  timeout: 150_000,
}, async () => {
  const [chiefAt, workerAt, psAt] = await freeAddresses(3);
  const cluster = { chief: [chiefAt], worker: [workerAt], ps: [psAt] };
  writeFileSync(path.join(folder, 'cluster.json'), JSON.stringify(cluster));
  const words = [...own, '--result-dir', 'real', '--max-iter', '200'];
  const task = (type: string) => ({ TF_CONFIG: JSON.stringify({ cluster, task: { type, index: 0 } }) });
  const ps = new LocalTraining(folder, ['--cluster', 'cluster.json', '--job-name', 'ps', ...own]);
  const chief = new LocalTraining(folder, words, task('chief'));
  const worker = new LocalTraining(folder, words, task('worker'));
  try {
    expect([await chief.ended(), chief.stderr]).toEqual([0, '']);
    expect([await worker.ended(), worker.stderr]).toEqual([0, '']);
    ps.interrupt();
    expect([await ps.ended(), ps.stdout, ps.stderr]).toEqual([
      0,
      `ps 0 of a cluster of 1 chief, 1 worker, 1 ps: grpc://${cluster.ps[0]}\n`,
      '',
    ]);
    expect(chief.stdout).toMatch(/^Summaries and checkpoints are in real/m);
    expect(configOf('real').cluster.jobs).toEqual(cluster);
  } finally {
    await Promise.all([ps, chief, worker].map((training) => training.end()));
  }
});

it('refuses what makes no cluster in one sentence', async () => {
  const file = path.join(folder, 'wrong.json');
  writeFileSync(file, '{"ps":["a:1"],"worker":"b:1"}');
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const wrong = async (...words: string[]) => {
    expect(await here({ name: 'three', models: [Three] }, ['train', ...words])).toBeGreaterThan(0);
    return error.mock.calls.splice(0).join();
  };
  try {
    expect(await wrong('--cluster', file, '--job-name', 'ps')).toBe(
      `error: ${file}: expected worker to be the addresses of its tasks, such as ["a:2222"], got 'b:1'`,
    );
    const needs = (flag: string, needed: string) => `error: option '${flag}' needs ${needed} (see --help)`;
    expect(await wrong('--cluster', file)).toBe(needs('--cluster <file>', '--job-name <name>'));
    expect(await wrong('--workers', '2')).toBe(needs('--workers <number>', '--cluster local'));
    expect(await wrong(...local, '--workers', '0')).toContain('It must be a whole number of 1 or more.');
    // Its processes would have to load the models.
    expect(await wrong(...local)).toMatch(/^error: the processes of a cluster do not know the models of this one: /);
  } finally {
    error.mockRestore();
  }
});

it('is nothing that a search becomes by a TF_CONFIG that stands about', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('TF_CONFIG', 'nothing of a cluster');
  try {
    expect(
      await here({ name: 'three', models: [Three] }, ['search', '--trials', '1', '--algorithm', 'random', '--dry-run']),
    ).toBe(0);
    expect(JSON.parse(log.mock.calls[0]![0])).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
    log.mockRestore();
  }
});
