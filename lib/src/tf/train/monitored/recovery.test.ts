/** Trainings on TensorFlow servers that are killed meanwhile. */
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeadlineExceededError } from '../../../runtime/errors';
import { freeAddresses } from '../../../testing/freePorts';
import { keepLogLines } from '../../../testing/logLines';
import { repetitions } from '../../../testing/repetitions';
import { type Program, type ServerProcess, startServer } from '../../../testing/serverProcess';
import { Graph } from '../../graph/graph';
import type { Operation } from '../../graph/operation';
import { Variable } from '../../ops/variables';
import { FileWriterCache } from '../../summary/fileWriterCache';
import { replicaDeviceSetter, Server } from '..';
import { getOrCreateGlobalStep } from '../globalStep';
import type { MonitoredSession } from './monitoredSession';
import { MonitoredTrainingSession, type MonitoredTrainingSessionOptions } from './monitoredTrainingSession';

const lines = keepLogLines();
const started: Program[] = [];
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.kill()));
  await FileWriterCache.clear();
  fs.rmSync(folder, { recursive: true });
});

type Cluster = { ps: string[]; worker: string[] };

async function serve(cluster: Cluster, job: string, task = 0): Promise<ServerProcess> {
  const server = await startServer(cluster, job, task);
  started.push(server);
  return server;
}

/** The graph of a task: variables on the parameter server, and an operation that counts. */
function build(cluster: Cluster, task: number) {
  const graph = new Graph();
  const setter = replicaDeviceSetter({ cluster, workerDevice: `/job:worker/task:${task}` });
  return graph.asDefault(() =>
    graph.device(setter, () => {
      const globalStep = getOrCreateGlobalStep();
      const total = new Variable(0, { name: 'total' });
      const trainOp = graph.controlDependencies([total.assignAdd(2)], () => globalStep.assignAdd(1)).op;
      return { graph, globalStep, total, trainOp };
    }),
  );
}

/** A chief in a process of its own, which trains until it is killed; `said` is what it said until it began. */
async function startChief(cluster: Cluster): Promise<Program & { said: string }> {
  const program = `
    const { tf } = require(${JSON.stringify(path.join(__dirname, '../../../../dist'))});
    const [cluster, checkpointDir] = JSON.parse(process.argv[1]);
    const server = new tf.train.Server({ cluster, jobName: 'worker', taskIndex: 0 });
    const trainOp = tf.device(tf.train.replicaDeviceSetter({ cluster, workerDevice: '/job:worker/task:0' }), () => {
      const globalStep = tf.train.getOrCreateGlobalStep();
      const total = new tf.Variable(0, { name: 'total' });
      return tf.controlDependencies([total.assignAdd(2)], () => globalStep.assignAdd(1)).op;
    });
    (async () => {
      const options = { checkpointDir, saveCheckpointSteps: 5, saveSummariesSteps: null, maxWaitSecs: 60 };
      const session = await tf.train.MonitoredTrainingSession({ master: server.target, ...options });
      console.log('begun');
      for (;;) await session.run(trainOp);
    })().catch((error) => { console.log('begun', error); process.exitCode = 1; });
    process.stdin.resume().on('end', () => process.exit());`;
  const child = spawn(process.execPath, ['-e', program, JSON.stringify([cluster, folder])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const chief = { line: 'begun', process: child, kill, said: '' };
  started.push(chief);
  for await (const chunk of on(child.stdout, 'data')) {
    chief.said += String(chunk);
    if (chief.said.includes('begun')) break;
  }
  child.stdout.resume();
  return chief;
}

/** A chief on a server in this process. */
function chiefOf(built: ReturnType<typeof build>, server: Server, options: MonitoredTrainingSessionOptions = {}) {
  return MonitoredTrainingSession({
    graph: built.graph,
    master: server.target,
    checkpointDir: folder,
    saveCheckpointSteps: 5,
    saveSummariesSteps: null,
    maxWaitSecs: 60,
    ...options,
  });
}

it('goes on from the checkpoint, chief and worker, whenever the parameter server is killed and started again', async () => {
  const [ps, ...workers] = (await freeAddresses(3)) as [string, string, string];
  const cluster = { ps: [ps], worker: workers };
  let parameters = await serve(cluster, 'ps');
  await using first = new Server({ cluster, jobName: 'worker', taskIndex: 0 });
  await using second = new Server({ cluster, jobName: 'worker', taskIndex: 1 });
  const [chiefs, other] = [build(cluster, 0), build(cluster, 1)];
  const waiting = MonitoredTrainingSession({
    graph: other.graph,
    master: second.target,
    isChief: false,
    maxWaitSecs: 60,
  });
  await vi.waitFor(() => expect(lines.join('\n')).toContain('variables without a value: global_step, total'), 30_000);
  let created = 0;
  const hooks = [{ afterCreateSession: () => void created++ }];
  await using chief = await chiefOf(chiefs, first, { hooks });
  await using worker = await waiting;

  let goesOn = true;
  const train = async (session: MonitoredSession, trainOp: Operation) => {
    while (goesOn) await session.run(trainOp);
  };
  const training = Promise.all([train(chief, chiefs.trainOp), train(worker, other.trainOp)]);
  const step = async () => Number(await chief.run(chiefs.globalStep));
  const kills = repetitions(1, 10);
  for (let kill = 0; kill < kills; kill++) {
    const begun = await step();
    await vi.waitFor(async () => expect(await step()).toBeGreaterThan(begun + 6), 30_000);
    await new Promise((resolve) => setTimeout(resolve, 20 * Math.random()));
    await parameters.kill();
    parameters = await serve(cluster, 'ps');
  }
  const begun = await step();
  await vi.waitFor(async () => expect(await step()).toBeGreaterThan(begun + 6), 30_000);
  goesOn = false;
  await training;
  expect(created).toBeGreaterThanOrEqual(kills + 1);
  expect(lines.join('\n')).toMatch(/Restoring parameters from .*model.ckpt-\d+/);
  // The two are counted in one run, and a checkpoint may be of the moment between them.
  const [steps, total] = await worker.run([other.globalStep, other.total]);
  expect(Math.abs(2 * Number(steps) - total)).toBeLessThanOrEqual(4 * (created + 1));
}, 240_000);

it('says what it waits for, and gives up after maxWaitSecs, when the parameter server stays away', async () => {
  const [ps, worker] = (await freeAddresses(2)) as [string, string];
  const cluster = { ps: [ps], worker: [worker] };
  await using server = new Server({ cluster, jobName: 'worker' });
  const begin = performance.now();
  await expect(chiefOf(build(cluster, 0), server, { maxWaitSecs: 1 })).rejects.toThrow(DeadlineExceededError);
  const first = await serve(cluster, 'ps');
  const built = build(cluster, 0);
  await using session = await chiefOf(built, server, { maxWaitSecs: 1.5 });
  await session.run(built.trainOp);
  await first.kill();
  await expect(session.run(built.trainOp)).rejects.toThrow(/wasn't ready after 1.5 s: .*(ps|answer|reach)/);
  expect(performance.now() - begin).toBeLessThan(50_000);
  expect(lines.join('\n')).toMatch(/the session is made anew/);
});

it('lets workers go on while the chief is away, which goes on from its checkpoint when it is started again', async () => {
  const [ps, ...workers] = (await freeAddresses(3)) as [string, string, string];
  const cluster = { ps: [ps], worker: workers };
  await serve(cluster, 'ps');
  await using server = new Server({ cluster, jobName: 'worker', taskIndex: 1 });
  const { graph, trainOp, globalStep } = build(cluster, 1);
  const chief = await startChief(cluster);
  await using worker = await MonitoredTrainingSession({
    graph,
    master: server.target,
    isChief: false,
    maxWaitSecs: 60,
  });
  const step = async () => Number(await worker.run(globalStep));
  await vi.waitFor(async () => expect(await step()).toBeGreaterThan(10), 30_000);
  await chief.kill();
  const [before] = [await step(), await worker.run(trainOp)];
  expect(await step()).toBeGreaterThan(before);
  const again = await startChief(cluster);
  expect(again.said).toMatch(/Restoring parameters from .*model.ckpt-\d+/);
  const restored = await step();
  await vi.waitFor(async () => expect(await step()).toBeGreaterThan(restored), 30_000);
});
