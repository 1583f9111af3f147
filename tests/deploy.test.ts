/** What `deploy/` says: files that parse, and command lines that the program takes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { cli as Cli } from '../lib/src/cli/cli';

const compiled = path.join(__dirname, '..', 'lib', 'dist', 'cli');
const { cli } = require(path.join(compiled, 'cli.js')) as { cli: typeof Cli };
require(path.join(compiled, '..', 'library.js'))('models/registry'); // as main.js has it

const deploy = path.join(__dirname, '..', 'deploy');
const read = (name: string) => readFileSync(path.join(deploy, name), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** Whether the program takes these words; it does nothing with them. */
async function isTaken(words: readonly string[]): Promise<boolean> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    return (await cli({ name: 'tf-mechanics' }, [...words, '--dry-run'])) === 0;
  } finally {
    log.mockRestore();
  }
}

it('is short, and says what of it was never tried', () => {
  for (const name of readdirSync(deploy)) {
    expect(read(name).trimEnd().split('\n').length, name).toBeLessThanOrEqual(40);
    expect(read(name), name).toContain('# Untried: ');
  }
});

it('has Compose start tasks that are those of its cluster', async () => {
  const { services, configs, networks } = parse(read('compose.yaml'), { merge: true });
  const cluster = JSON.parse(configs.cluster.content) as Record<string, string[]>;
  expect(Object.values(cluster).flat().sort()).toEqual(['chief:2222', 'ps:2222', 'worker:2222']);
  expect(Object.keys(services)).toEqual(expect.arrayContaining(['ps', 'chief', 'worker', 'tensorboard']));
  const file = path.join(folder, 'cluster.json');
  writeFileSync(file, configs.cluster.content);
  for (const name of ['ps', 'chief', 'worker']) {
    const { command, configs, ports, networks: reached } = services[name];
    const words = (command as string).replace(configs[0].target, file).split(' ');
    expect([await isTaken(words), name]).toEqual([true, name]);
    const [job, task] = ['--job-name', '--task-index'].map((flag) => words[words.indexOf(flag) + 1]);
    expect(cluster[job!]![Number(words.includes('--task-index') ? task : 0)]).toBe(`${name}:2222`);
    // Nobody but the cluster reaches its servers.
    expect([ports, reached.map((network: string) => networks[network].internal)]).toEqual([undefined, [true]]);
  }
});

it('has Kubernetes start pods that read what the operator tells them', async () => {
  const { metadata, spec } = parse(read('tfjob.yaml'));
  const replicas = Object.entries<{ replicas: number; template: { spec: { containers: Container[] } } }>(
    spec.tfReplicaSpecs,
  );
  const addressesOf = (job: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${metadata.name}-${job}-${i}.default.svc:2222`);
  const cluster = Object.fromEntries(
    replicas.map(([type, { replicas: count }]) => [type.toLowerCase(), addressesOf(type.toLowerCase(), count)]),
  );
  expect(Object.keys(cluster).sort()).toEqual(['chief', 'ps', 'worker']);
  for (const [type, { template }] of replicas) {
    const [container] = template.spec.containers;
    expect(container!.name).toBe('tensorflow'); // the operator knows it by this
    vi.stubEnv(
      'TF_CONFIG',
      JSON.stringify({ cluster, task: { type: type.toLowerCase(), index: 0 }, environment: 'cloud' }),
    );
    expect([await isTaken(container!.args), type]).toEqual([true, type]);
  }
});

interface Container {
  readonly name: string;
  readonly args: readonly string[];
}
