import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { processIsAlive } from './atomic.mjs';
import { CommandError, excerpt, run } from './command.mjs';

const node = (script) => run(process.execPath, ['-e', script]);

describe('run', () => {
  it('gives what the program wrote to both its outputs', async () => {
    expect(await node("process.stdout.write('a'); process.stderr.write('b')")).toHaveLength(2);
  });

  it('fails with the exit code and the output of a program that failed', async () => {
    const failure = await node("console.log('why'); process.exit(3)").catch((error) => error);
    expect(failure).toBeInstanceOf(CommandError);
    expect(failure.message).toContain('exit code 3');
    expect(excerpt(failure, 'test.log')).toBe('why');
  });

  it('fails with ENOENT where there is no such program', async () => {
    await expect(run('no-such-program', [])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('interruptibly', () => {
  it.each(['SIGINT', 'SIGTERM'])('on %s ends the program with what it started, then itself', async (signal) => {
    // The program starts another, which ignores the polite signal, and both would run for a minute.
    const stubborn = "process.on('SIGTERM', () => {}); console.log(process.pid); setTimeout(() => {}, 60000)";
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' }); setTimeout(() => {}, 60000)`;
    const script = `
      import { interruptibly, run } from ${JSON.stringify(new URL('command.mjs', import.meta.url).href)};
      try {
        await interruptibly(() => run(process.execPath, ['-e', ${JSON.stringify(program)}], { visible: true }));
      } catch (error) {
        process.exitCode = error.exitCode;
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [line] = await once(child.stderr, 'data');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    // Soon, not at once: a process counts as alive until the system has taken note of its end.
    await vi.waitFor(() => expect(processIsAlive(Number(line.toString()))).toBe(false), { timeout: 10_000 });
  });
});
