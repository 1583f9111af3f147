/** Searches whose trials run on TensorFlow servers, which may go away. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type * as Library from '../../lib/src';
import { freeAddresses } from '../../lib/src/testing/freePorts';
import { type ServerProcess, startServer } from '../../lib/src/testing/serverProcess';

// As it was compiled: its worker processes are plain Node's.
const { hyperparameters, models, tf } = require(path.join(__dirname, '../../lib/dist')) as typeof Library;

const folder = mkdtempSync(path.join(tmpdir(), 'targets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const servers: ServerProcess[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

async function serve(address?: string): Promise<ServerProcess> {
  servers.push(await startServer({ worker: [address ?? (await freeAddresses(1))[0]!] }));
  return servers.at(-1)!;
}

const { space } = hyperparameters;

/** Nets of several sizes, whose variables have the same names. */
const options = (name: string) =>
  ({
    algorithm: 'random',
    space: {
      modelName: 'fully_connected',
      hidden1: space.choice([8, 16, 24]),
      lr: space.logUniform(0.01, 0.1),
      fakeData: true,
      batchSize: 10,
    },
    metric: 'loss',
    mode: 'min',
    maxIterations: 30,
    trials: 4,
    seed: 3,
    resultDir: path.join(folder, name),
    trial: models.trials,
    log: () => {},
  }) as const;

const valuesOf = ({ trials }: Library.hyperparameters.SearchResults) => trials.map(({ id, value }) => [id, value]);

const journalOf = (name: string): { type: string; target?: string }[] =>
  readFileSync(path.join(folder, name, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a search on servers', () => {
  it('finds what it finds without, tries elsewhere what a server takes with it, and keeps everything here', async () => {
    const trial = (context: Parameters<typeof models.runTrial>[0]) => models.runTrial({ ...context, log: () => {} });
    const here = await hyperparameters.search({ ...options('here'), trial });
    const [a, b] = [await serve(), await serve()];
    const lost: string[] = [];
    let killed: Promise<void> | undefined;
    const there = await hyperparameters.search({
      ...options('there'),
      targets: [a.target, b.target],
      onEvent(event) {
        if (event.type === 'report' && event.trial === 1) killed ??= b.kill();
        if (event.type === 'targetLost') lost.push(event.target);
      },
    });
    await killed;
    expect(there.trials.map(({ status }) => status)).toEqual(Array(4).fill('finished'));
    for (const [i, [, value]] of valuesOf(there).entries()) expect(value).toBeCloseTo(here.trials[i]!.value!, 5);
    expect(lost).toEqual([b.target]);
    const journal = journalOf('there');
    expect(journal.filter(({ type }) => type === 'lost')).toMatchObject([{ target: b.target }]);
    expect(new Set(journal.flatMap(({ target }) => target ?? []))).toEqual(new Set([a.target, b.target]));
    const checkpoint = path.join(folder, 'there/trials/0001/model.ckpt-30');
    expect(tf.train.listVariables(checkpoint).length).toBeGreaterThan(5);
  });

  it('waits for its servers as long as it is to, and goes on when it is resumed', async () => {
    const [address] = (await freeAddresses(1)) as [string];
    const targets = [`grpc://${address}`];
    const { search } = hyperparameters;
    const gone = search({ ...options('gone'), trials: 1, targets, targetTimeout: 0.3 });
    await expect(gone).rejects.toThrow(tf.errors.UnavailableError);
    await expect(gone).rejects.toThrow(`none of the targets of the search has answered for 0.3 s: ${targets[0]}`);
    const resumed = search({ ...options('gone'), trials: 1, targets, resume: true });
    await serve(address);
    expect((await resumed).trials).toMatchObject([{ status: 'finished' }]);
  });

  it('can be stopped while it waits', async () => {
    const targets = [`grpc://${(await freeAddresses(1))[0]}`];
    const controller = new AbortController();
    const stopped = hyperparameters.search({ ...options('stopped'), targets, signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    expect((await stopped).trials.every(({ status }) => status !== 'finished')).toBe(true);
  });

  it('has a function of this process told where, and gives up a trial that ends its servers', async () => {
    const told: (string | undefined)[] = [];
    const server = await serve();
    const results = await hyperparameters.search({
      ...options('function'),
      trials: 1,
      targets: [server.target],
      trial: async ({ target }) => {
        told.push(target);
        throw new tf.errors.UnavailableError('away');
      },
    });
    expect(told).toEqual(Array(3).fill(server.target));
    expect(results.trials).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/^its server went away 3 times.*away$/) },
    ]);
  });

  it.each([
    [[], 'one at least'],
    [['127.0.0.1:2222'], 'grpc://HOST:PORT'],
    [['grpc://a:1', 'grpc://a:1'], 'named twice'],
    ['grpc://a:1' as never, "option 'targets' is an array"],
  ])('refuses the targets %j', async (targets, message) => {
    await expect(hyperparameters.search({ ...options('refused'), targets })).rejects.toThrow(message);
  });
});
