/** However a program ends, its event files are readable; whatever was flushed is in them, and unless it was killed, everything. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../testing/repetitions';
import { readEvents } from './readEvents';

let root: string;
/** The library as JavaScript, for a process of its own. */
let library: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'writer-crash-'));
  library = path.join(root, 'lib', 'dist', 'index.cjs');
  const entryPoints = [path.join(__dirname, 'eventFiles.ts')];
  buildSync({ entryPoints, outfile: library, bundle: true, packages: 'external', platform: 'node', format: 'cjs' });
  fs.symlinkSync(path.join(__dirname, '..', '..', '..', 'protos'), path.join(root, 'protos'));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** Runs a program that has `FileWriter` and the name of a folder. */
function start(program: string, folder: string) {
  const source = `
    const [library, folder] = process.argv.slice(1);
    const { FileWriter } = require(library);
    ${program}
  `;
  const env = { ...process.env, NODE_PATH: path.join(__dirname, '../../../../node_modules') };
  const child = spawn(process.execPath, ['-e', source, library, folder], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, exit: once(child, 'close') };
}

/** The steps of the events of each file in a folder; nothing but the end of a file may be missing. */
async function stepsIn(folder: string): Promise<number[][]> {
  const files = fs.readdirSync(folder).map(async (name) => {
    const events = readEvents(path.join(folder, name));
    const [version, ...others] = await events.toArray();
    expect(version?.fileVersion).toBe('brain.Event:2');
    expect(events.damage.every(({ kind }) => kind === 'truncated')).toBe(true);
    return others.map(({ step }) => step);
  });
  return Promise.all(files);
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('everything is written', () => {
  it.each([
    ['a program comes to its end', '', 0],
    ['process.exit is called', 'process.exit(3);', 3],
    ['an error is caught by no one', "throw new Error('uncaught');", 1],
    ['an error is caught by no one later', "setTimeout(() => { throw new Error('uncaught'); }, 5);", 1],
    ['a promise is rejected', "Promise.reject(new Error('rejected'));", 1],
    [
      'a program exits while it writes',
      'for (const each of writers) each.flush(); setImmediate(() => process.exit(0));',
      0,
    ],
  ])('when %s', async (_, ending, code) => {
    const folder = fs.mkdtempSync(path.join(root, 'run-'));
    const program = `
      const writers = [new FileWriter(folder), new FileWriter(folder, { maxQueue: 1e9 })];
      for (let step = 1; step <= 5007; step++) for (const each of writers) each.scalar('loss', 1 / step, step);
      ${ending}
    `;
    expect(await start(program, folder).exit).toEqual([code, null]);
    expect(await stepsIn(folder)).toEqual([upTo(5007), upTo(5007)]);
  });

  it('except what cannot be, about which the program complains as it ends', async () => {
    const folder = fs.mkdtempSync(path.join(root, 'run-'));
    const program = `
      const writer = new FileWriter(folder, { maxQueue: 1e9 });
      writer.scalar('loss', 1, 1);
      require('node:fs').rmSync(folder, { recursive: true });
    `;
    const { child, exit } = start(program, folder);
    let printed = '';
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    expect(await exit).toEqual([0, null]);
    expect(printed).toMatch(/^cannot write .*: it was removed\n$/);
  });
});

describe('a program that is killed', () => {
  const kills = repetitions(8, 96);
  const atATime = 4;
  /** Flushes now and then, and says up to which step; in between the writer writes by itself. */
  const program = `
    (async () => {
      const writer = new FileWriter(folder);
      for (let step = 1; ; step++) {
        writer.addSummary({ value: [{ tag: 'x'.repeat(step % 50), simpleValue: step }] }, step);
        if (step % 17 === 0) await new Promise(setImmediate);
        if (step % 101 !== 0) continue;
        await writer.flush();
        require('node:fs').writeSync(1, step + '\\n');
      }
    })();
  `;

  /** Kills the program at a random moment after its first flush; gives the last step that it said was flushed. */
  async function killed(folder: string): Promise<number> {
    const { child, exit } = start(program, folder);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await Promise.race([once(child.stdout, 'data'), exit]);
    await new Promise((resolve) => setTimeout(resolve, 100 * Math.random()));
    child.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
    return Number(said.split('\n').at(-2));
  }

  it(`leaves whole files behind, ${kills} times, with everything that was flushed`, async () => {
    for (let round = 0; round < kills / atATime; round++) {
      const folders = Array.from({ length: atATime }, () => fs.mkdtempSync(path.join(root, 'killed-')));
      const flushed = await Promise.all(folders.map(killed));
      for (const [i, folder] of folders.entries()) {
        const [steps, ...others] = await stepsIn(folder);
        expect(others).toEqual([]);
        expect(flushed[i]).toBeGreaterThanOrEqual(101);
        expect(steps!.length).toBeGreaterThanOrEqual(flushed[i]!);
        expect(steps).toEqual(upTo(steps!.length));
      }
    }
  });
});
