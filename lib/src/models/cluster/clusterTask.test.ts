import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTask, learnerNumber, learnersOf, readCluster, taskOfTfConfig } from './clusterTask';

const cluster = { ps: ['a:2222'], worker: ['b:2222', '127.0.0.1:2223', '[::1]:2224'] };
const config = (task: unknown, jobs: unknown = cluster) => JSON.stringify({ cluster: jobs, task });

describe('taskOfTfConfig', () => {
  it('reads what operators write, whatever else they say', () => {
    const text = JSON.stringify({ cluster, task: { type: 'worker', index: 1 }, environment: 'cloud' });
    expect(taskOfTfConfig(text)).toEqual({ cluster, jobName: 'worker', taskIndex: 1 });
    expect(taskOfTfConfig(config({ type: 'ps' }))).toEqual({ cluster, jobName: 'ps', taskIndex: 0 });
  });

  it('leaves evaluators out of the cluster, as estimators do', () => {
    const jobs = { chief: ['c:1'], ...cluster, evaluator: ['e:1'] };
    expect(taskOfTfConfig(config({ type: 'chief', index: 0 }, jobs))?.cluster).toEqual({ chief: ['c:1'], ...cluster });
  });

  it.each([undefined, '', ' ', '{}', '{"environment":"cloud"}', '{"cluster":{"worker":["a:1"]}}', '{"cluster":{}}'])(
    'makes no cluster of %j',
    (text) => expect(taskOfTfConfig(text)).toBeUndefined(),
  );

  it.each<[string, RegExp]>([
    ['{cluster}', /^TF_CONFIG: expected JSON, found /],
    ['[]', /^TF_CONFIG: expected an object, got \[\]$/],
    [
      config(undefined),
      /^TF_CONFIG: expected task to say which of the cluster's this process is, such as .*undefined$/,
    ],
    [config({ index: 0 }), /^TF_CONFIG: expected task to say which/],
    [
      config({ type: 'evaluator' }),
      /^TF_CONFIG: the task is an evaluator, .*: the chief evaluates, so leave the job out$/,
    ],
    [
      config({ type: 'wroker' }),
      /^TF_CONFIG: expected task\.type to be a job of the cluster, one of ps, worker, got 'wroker'$/,
    ],
    [
      config({ type: 'worker', index: 3 }),
      /^TF_CONFIG: expected task\.index to be that of a task of worker, 0 to 2, got 3$/,
    ],
    [config({ type: 'ps', index: '0' }), /^TF_CONFIG: expected task\.index to be that of a task of ps, 0, got '0'$/],
    [
      config({ type: 'ps' }, 'a:1,b:2'),
      /^TF_CONFIG: expected cluster to be an object of jobs, such as .*, got 'a:1,b:2'$/,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1'], workers: ['b:2'] }),
      /^TF_CONFIG: there is no job cluster\.workers: .*; did you mean worker\?$/,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1', 'c:1'], worker: 'b:2' }),
      /^TF_CONFIG: expected cluster\.worker to be the addresses of its tasks, .* got 'b:2'$/,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1'], worker: ['b'] }),
      /^TF_CONFIG: expected cluster\.worker\[0\] to be an address, such as .*, got 'b'$/,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1'], worker: ['b:70000'] }),
      /^TF_CONFIG: expected cluster\.worker\[0\] to be an address/,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1'], worker: ['a:1'] }),
      /^TF_CONFIG: cluster\.ps\[0\] and cluster\.worker\[0\] have one address, a:1: /,
    ],
    [
      config({ type: 'ps' }, { ps: ['a:1', 'b:1'] }),
      /^TF_CONFIG: expected cluster\.worker, the addresses .*, got none$/,
    ],
    [
      config({ type: 'worker' }, { worker: ['a:1', 'b:1'] }),
      /^TF_CONFIG: expected cluster\.ps, the addresses .*, got none$/,
    ],
    [
      config({ type: 'worker' }, { ...cluster, chief: ['x:1', 'y:1'] }),
      /^TF_CONFIG: expected one chief, got 2: the others are workers$/,
    ],
    ...['b:02222222', '1.2.3:2222', 'b_-:2222', '[::g]:2222', 'b@c:2222', 'b:0'].map((address): [string, RegExp] => [
      config({ type: 'ps' }, { ps: ['a:1'], worker: [address] }),
      /^TF_CONFIG: expected cluster\.worker\[0\] to be an address, such as /,
    ]),
  ])('refuses %s in one sentence', (text, message) => expect(() => taskOfTfConfig(text)).toThrow(message));
});

describe('readCluster', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cluster-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const name = path.join(folder, 'cluster.json');
    writeFileSync(name, text);
    return name;
  };

  it('reads jobs alone, and a whole TF_CONFIG', () => {
    expect(readCluster(file(JSON.stringify(cluster)))).toEqual(cluster);
    expect(readCluster(file(config({ type: 'ps' })))).toEqual(cluster);
  });

  it('names the file and the key that is wrong', () => {
    const name = file('{"ps":["a:1"],"wrker":["b:1"]}');
    expect(() => readCluster(name)).toThrow(
      `${name}: there is no job wrker: a cluster's are ps and worker, and chief for one task; did you mean worker?`,
    );
    expect(() => readCluster(path.join(folder, 'none.json'))).toThrow(/none\.json/);
    expect(() => checkTask(name, { cluster, jobName: 'ps', taskIndex: 1 }, ['--job-name', '--task-index'])).toThrow(
      `${name}: expected --task-index to be that of a task of ps, 0, got 1`,
    );
  });
});

describe('learnersOf', () => {
  it('numbers the tasks that learn from the chief on', () => {
    const whole = { worker: ['b:1', 'c:1'], ps: ['p:1'], chief: ['a:1'] };
    expect(learnersOf(whole).map(({ jobName, taskIndex }) => jobName + taskIndex)).toEqual([
      'chief0',
      'worker0',
      'worker1',
    ]);
    expect(learnerNumber({ cluster: whole, jobName: 'worker', taskIndex: 1 })).toBe(2);
    expect(learnerNumber({ cluster, jobName: 'worker', taskIndex: 0 })).toBe(0);
    expect(learnerNumber({ cluster, jobName: 'ps', taskIndex: 0 })).toBe(-1);
  });
});
