/** TensorFlow servers in processes of their own, for tests of what happens when one ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const library = path.join(__dirname, '..', '..', 'dist');

const program = `
  const { tf } = require(${JSON.stringify(library)});
  const [cluster, jobName, taskIndex] = JSON.parse(process.argv[1]);
  const server = new tf.train.Server({ cluster, jobName, taskIndex });
  console.log(server.target);
  process.stdin.resume().on('end', () => process.exit());
`;

/** A server that runs. */
export interface ServerProcess {
  readonly target: string;
  readonly process: ChildProcess;
  /** Ends it as nothing can be kept from ending, and resolves when it has. */
  kill(): Promise<void>;
}

/** Starts a task of a cluster; it ends with this process at the latest. */
export async function startServer(
  cluster: Record<string, readonly string[]>,
  job = Object.keys(cluster)[0]!,
  task = 0,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['-e', program, JSON.stringify([cluster, job, task])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [target] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    target: String(target).trim(),
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
