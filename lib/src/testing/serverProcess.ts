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

/** A program that runs. */
export interface Program {
  /** The first line that it printed. */
  readonly line: string;
  readonly process: ChildProcess;
  /** Ends it as nothing can be kept from ending, and resolves when it has. */
  kill(): Promise<void>;
}

/** A server that runs. */
export interface ServerProcess extends Program {
  readonly target: string;
}

/** Starts a program, which prints a line when it is ready; one that reads its input to the end ends with this process at the latest. */
export async function startProgram(
  command: string,
  words: readonly string[],
  stderr: 'inherit' | 'pipe' = 'inherit',
): Promise<Program> {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', stderr] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return {
    line: String(line).trim(),
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Starts a task of a cluster; it ends with this process at the latest. */
export async function startServer(
  cluster: Record<string, readonly string[]>,
  job = Object.keys(cluster)[0]!,
  task = 0,
): Promise<ServerProcess> {
  const started = await startProgram(process.execPath, ['-e', program, JSON.stringify([cluster, job, task])]);
  return { ...started, target: started.line };
}
