import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { JSDOM } from 'jsdom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../../shared/folderLock.cjs';
import { Summary } from '../../protos';
import { DeadlineExceededError, UnavailableError } from '../../runtime/errors';
import { jupyterDisplay, type MimeBundle, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { FileWriter } from '../../tf/summary';
import { findTensorBoard } from './command';
import { tensorboard } from './tensorboard';

/** A program that answers as TensorBoard does, and notes how it was called and that it ended. */
const fake = `#!/usr/bin/env node
const fs = require('fs'), path = require('path'), os = require('os');
const args = process.argv.slice(2), option = (name) => args[args.indexOf(name) + 1] ?? '';
const logdir = option('--logdir'), port = Number(option('--port')), prefix = args.includes('--path_prefix') ? option('--path_prefix') : '';
fs.writeFileSync(process.env.NOTES, JSON.stringify({ pid: process.pid, args }));
if (process.env.CRASH) { console.error(process.env.CRASH); process.exit(3); }
if (process.env.SILENT) setInterval(() => {}, 1000);
else require('http').createServer((request, response) => {
  response.statusCode = request.url === prefix + '/data/environment' ? 200 : 404;
  response.end(JSON.stringify({ data_location: logdir }));
}).on('error', (error) => { console.error(error.message); process.exit(4); }).listen(port, '127.0.0.1', () => {
  const folder = path.join(os.tmpdir(), '.tensorboard-info');
  fs.mkdirSync(folder, { recursive: true });
  const cache_key = Buffer.from(JSON.stringify({ working_directory: process.cwd() })).toString('base64');
  fs.writeFileSync(path.join(folder, 'pid-' + process.pid + '.info'), JSON.stringify({ pid: process.pid, port, logdir, path_prefix: prefix, cache_key }));
});
`;

let folder: string;
let notes: string;
const pids: number[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tensorboard-test-'));
  const command = path.join(folder, 'tensorboard');
  notes = path.join(folder, 'notes.json');
  await writeFile(command, fake);
  await chmod(command, 0o755);
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('NOTES', notes);
  vi.stubEnv('TF_MECHANICS_TENSORBOARD', command);
});

afterEach(async () => {
  setNotebookHost(undefined);
  if (existsSync(notes)) pids.push((await noted()).pid);
  for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const noted = async (): Promise<{ pid: number; args: string[] }> => JSON.parse(await readFile(notes, 'utf8'));

async function writeScalar(run: string): Promise<void> {
  const writer = new FileWriter(run);
  writer.addSummary(Summary.encode({ value: [{ tag: 'loss', simpleValue: 1.5 }] }), 1);
  await writer.close();
}

async function until(condition: () => boolean, seconds = 10): Promise<void> {
  for (let i = 0; i < seconds * 20 && !condition(); i++) await sleep(50);
  expect(condition()).toBe(true);
}

/** A program of its own that shows `logs` in TensorBoard, says so, and does what `then` says. */
function program(then: string): ChildProcess {
  const file = path.join(folder, 'program.cjs');
  buildSync({
    stdin: {
      contents: `import { tensorboard } from ${JSON.stringify(path.join(__dirname, 'tensorboard.ts'))};
        tensorboard('logs').then(() => { console.log('ready'); ${then} });`,
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    packages: 'external',
    outfile: file,
    logLevel: 'error',
    // Only shown where TensorBoard isn't installed.
    external: ['./plot/scalars.js'],
  });
  const started = spawn(process.execPath, [file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  pids.push(started.pid!);
  return started;
}

/** The page of a notebook with an output, after its script has run. */
async function page(bundle: MimeBundle, { host = '127.0.0.1', answers = true } = {}): Promise<Document> {
  const { window } = new JSDOM(bundle['text/html'] as string, {
    url: `http://${host}:8888/lab`,
    runScripts: 'dangerously',
    beforeParse(window) {
      window.fetch = () => (answers ? Promise.resolve(new Response()) : Promise.reject(new Error('refused')));
    },
  });
  await setImmediate();
  return window.document;
}

describe('tensorboard', () => {
  it('starts one on a free port of this machine only, and shows it in a frame with a link beside it', async () => {
    await mkdir(path.join(folder, 'logs'));
    const board = await tensorboard(path.join(folder, 'logs'), { height: 500 });
    const { args } = await noted();
    expect(args.join(' ')).toBe(
      `--host 127.0.0.1 --port ${board.port} --logdir ${path.join(folder, 'logs')} --reload_interval 2`,
    );
    expect(board.url).toBe(`http://127.0.0.1:${board.port}/`);
    const bundle = await board[jupyterDisplay]();
    expect(bundle['text/html']).toContain(`<a href="${board.url}"`);
    const document = await page(bundle);
    const frame = document.querySelector('iframe');
    expect(document.querySelector('div')?.textContent?.trim()).toMatch(/^TensorBoard on \S+$/);
    expect([frame?.src, frame?.style.height]).toEqual([board.url, '500px']);
    expect(bundle['text/plain']).toContain(board.url);
    const { pid } = await noted();
    await board[Symbol.asyncDispose]();
    await until(() => !isAlive(pid));
    expect((await tensorboard(path.join(folder, 'logs'))).url).toBeDefined();
    expect((await noted()).pid).not.toBe(pid);
  });

  it('says of a folder that is not there that it is not', async () => {
    const board = await tensorboard(path.join(folder, 'lgos'));
    const document = await page(await board[jupyterDisplay]());
    expect(document.querySelector('div')?.textContent).toMatch(
      /TensorBoard on \S+lgos\s+\(there is no such folder yet\)/,
    );
  });

  it('is of the host of the page, for browsers give no storage to a frame of another one', async () => {
    const board = await tensorboard(folder);
    const bundle = await board[jupyterDisplay]();
    for (const host of ['localhost', '127.0.0.1']) {
      const document = await page(bundle, { host });
      expect(document.querySelector('iframe')?.src).toBe(`http://${host}:${board.port}/`);
      expect(document.querySelector('a')?.href).toBe(`http://${host}:${board.port}/`);
    }
  });

  it('shows itself again where a later cell evaluates it', async () => {
    const board = await tensorboard(folder);
    const { pid } = await noted();
    const [first, second] = [await board[jupyterDisplay](), await board[jupyterDisplay]()];
    for (const shown of [first, second]) {
      const document = await page(shown, { answers: true });
      expect(document.querySelector('iframe')?.src).toBe(`http://127.0.0.1:${board.port}/`);
    }
    expect((await noted()).pid).toBe(pid);
  });

  it('is a link without a frame in a notebook that is opened after it has ended', async () => {
    const board = await tensorboard(folder);
    const document = await page(await board[jupyterDisplay](), { answers: false });
    expect(document.querySelector('iframe')).toBeNull();
    expect(document.body.textContent).toMatch(/^TensorBoard on .* has ended\. Run the cell again to see it\./);
  });

  it('is a link that says how long it leads anywhere, where scripts do not run', async () => {
    const board = await tensorboard(folder);
    const { window } = new JSDOM((await board[jupyterDisplay]())['text/html'] as string);
    expect(window.document.querySelector('div')?.textContent).toMatch(
      /^TensorBoard on .* \(ends with the notebook's kernel\)$/,
    );
  });

  it('takes the one that shows the folder already, whoever started it', async () => {
    const first = await tensorboard(path.join(folder, 'logs'));
    const { pid } = await noted();
    expect((await tensorboard(path.join(folder, 'logs'))).port).toBe(first.port);
    vi.resetModules();
    const { tensorboard: ofAnother } = await import('./tensorboard.js');
    const second = await ofAnother(path.join(folder, 'logs'));
    expect(second.port).toBe(first.port);
    expect((await noted()).pid).toBe(pid);
    await second.stop();
    await sleep(200);
    expect(isAlive(pid)).toBe(true);
    const other = await tensorboard(path.join(folder, 'other'));
    expect(other.port).not.toBe(first.port);
    await first.stop();
    await other.stop();
    await until(() => !isAlive(pid));
  });

  it('starts one when two cells ask at once', async () => {
    const [a, b] = await Promise.all([tensorboard(folder), tensorboard(folder)]);
    expect(a.port).toBe(b.port);
  });

  it('starts a new one after the old one was killed', async () => {
    const first = await tensorboard(folder);
    const { pid } = await noted();
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    await sleep(200);
    await tensorboard(folder);
    expect((await noted()).pid).not.toBe(pid);
    await first.stop();
  });

  it('works behind a proxy, whether that passes the path on or not', async () => {
    const relative = await tensorboard(folder, { baseUrl: '/user/me/proxy/{port}/' });
    expect(relative.url).toBe(`/user/me/proxy/${relative.port}/`);
    expect((await noted()).args).not.toContain('--path_prefix');
    pids.push((await noted()).pid);
    vi.stubEnv('TF_MECHANICS_TENSORBOARD_URL', 'https://hub.org/me/proxy/absolute/{port}/');
    const absolute = await tensorboard(folder);
    expect(absolute.url).toBe(`https://hub.org/me/proxy/absolute/${absolute.port}/`);
    expect((await noted()).args.slice(-2)).toEqual(['--path_prefix', `/me/proxy/absolute/${absolute.port}`]);
    await expect(tensorboard(folder, { baseUrl: '/proxy/6006/' })).rejects.toThrow(
      "baseUrl has {port} where the port belongs: '/proxy/{port}/', got '/proxy/6006/'",
    );
  });

  it('shows what TensorBoard says when it ends at its start', async () => {
    vi.stubEnv('CRASH', 'no such module');
    await expect(tensorboard(folder)).rejects.toThrow(UnavailableError);
    await expect(tensorboard(folder)).rejects.toThrow(/TensorBoard has ended \(.*\):\nno such module/);
  });

  it('shows what TensorBoard says when its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address()! as { port: number };
    await expect(tensorboard(folder, { port })).rejects.toThrow(/EADDRINUSE/);
    server.close();
  });

  it("does not take another folder's TensorBoard for its own", async () => {
    const { port } = await tensorboard(folder);
    pids.push((await noted()).pid);
    await expect(tensorboard(path.join(folder, 'logs'), { port })).rejects.toThrow(UnavailableError);
  });

  it('says how to get it where it is not installed, and shows the scalars in a figure', async () => {
    const logs = path.join(folder, 'logs');
    vi.doMock('./command', () => ({ findTensorBoard: () => undefined }));
    vi.resetModules();
    const { tensorboard: without } = await import('./tensorboard.js');
    vi.doUnmock('./command');
    const board = await without(logs);
    expect(board).toMatchObject({ url: undefined, port: undefined, logdir: logs });
    const before = await board[jupyterDisplay]();
    expect(before['text/html']).toContain('`npm start` in the repository sets it up, or `pip install tensorboard`');
    await writeScalar(path.join(logs, 'run1'));
    const html = (await board[jupyterDisplay]())['text/html'] as string;
    expect(html).toContain('pip install tensorboard');
    expect(html).toMatch(/<img src="data:image\/png/);
  });

  it('gives up, and ends it, when it does not answer in time', async () => {
    vi.stubEnv('SILENT', '1');
    await expect(tensorboard(folder, { timeout: 2_000 })).rejects.toThrow(DeadlineExceededError);
    const { pid } = await noted();
    await until(() => !isAlive(pid));
  });

  it('says that the command cannot be started', async () => {
    vi.stubEnv('TF_MECHANICS_TENSORBOARD', path.join(folder, 'missing'));
    await expect(tensorboard(folder)).rejects.toThrow(/TensorBoard has ended .*missing.*\n.*ENOENT/);
  });

  it('stops waiting when the cell is interrupted', async () => {
    vi.stubEnv('SILENT', '1');
    const controller = new AbortController();
    setNotebookHost({ signal: controller.signal, onExit() {} } as Partial<NotebookHost> as NotebookHost);
    const waiting = tensorboard(folder);
    setTimeout(() => controller.abort(new Error('interrupted')), 300);
    await expect(waiting).rejects.toThrow('interrupted');
  });

  it('ends with its kernel', async () => {
    const callbacks: (() => void)[] = [];
    setNotebookHost({ onExit: (callback) => callbacks.push(callback) } as Partial<NotebookHost> as NotebookHost);
    await tensorboard(folder);
    const { pid } = await noted();
    for (const callback of callbacks) callback();
    await until(() => !isAlive(pid));
  });

  it('ends with a kernel that is killed', async () => {
    const kernel = program('setInterval(() => {}, 1000)');
    await new Promise((resolve) => kernel.stdout?.once('data', resolve));
    const { pid } = await noted();
    expect(isAlive(pid)).toBe(true);
    kernel.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('goes on when its kernel is interrupted, as Jupyter does it: by a signal to the group', async () => {
    const kernel = program("process.on('SIGINT', () => console.log('interrupted')); setInterval(() => {}, 1000)");
    await new Promise((resolve) => kernel.stdout?.once('data', resolve));
    await sleep(100);
    process.kill(-kernel.pid!, 'SIGINT');
    await new Promise((resolve) => kernel.stdout?.once('data', resolve));
    const { pid, args } = await noted();
    await sleep(300);
    const answer = await fetch(`http://127.0.0.1:${args[3]}/data/environment`);
    expect(answer.status).toBe(200);
    kernel.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('does not keep a program alive', async () => {
    const run = program('');
    expect(await new Promise((resolve) => run.once('close', resolve))).toBe(0);
    const { pid } = await noted();
    await until(() => !isAlive(pid));
  });
});

describe('findTensorBoard', () => {
  it('takes what the environment says, else the one of a .venv in a folder around', async () => {
    expect(findTensorBoard()).toBe(path.join(folder, 'tensorboard'));
    vi.stubEnv('TF_MECHANICS_TENSORBOARD', '');
    const inVenv = path.join(await realpath(folder), '.venv', 'bin');
    await mkdir(inVenv, { recursive: true });
    await mkdir(path.join(folder, 'notebooks'));
    await rename(path.join(folder, 'tensorboard'), path.join(inVenv, 'tensorboard'));
    const before = process.cwd();
    process.chdir(path.join(folder, 'notebooks'));
    try {
      expect(findTensorBoard()).toBe(path.join(inVenv, 'tensorboard'));
    } finally {
      process.chdir(before);
    }
  });
});

const installed = (() => {
  vi.stubEnv('TF_MECHANICS_TENSORBOARD', '');
  const found = findTensorBoard();
  vi.unstubAllEnvs();
  return found;
})();

// Without `npm start` there is none: the fake above is all that is tested.
describe.skipIf(installed === undefined)('the real TensorBoard', () => {
  it('shows a run, and is found again', async () => {
    vi.stubEnv('TF_MECHANICS_TENSORBOARD', installed);
    const logs = path.join(folder, 'logs');
    await writeScalar(path.join(logs, 'run1'));
    const board = await tensorboard(logs);
    await until(() => existsSync(path.join(folder, '.tensorboard-info')));
    vi.resetModules();
    const { tensorboard: ofAnother } = await import('./tensorboard.js');
    expect((await ofAnother(logs)).port).toBe(board.port);
    const runs = await (await fetch(`http://127.0.0.1:${board.port}/data/runs`)).json();
    expect(runs).toEqual(['run1']);
    await board.stop();
    let answers = true;
    for (let i = 0; i < 100 && answers; i++) {
      answers = await fetch(`http://127.0.0.1:${board.port}/`).then(
        () => true,
        () => false,
      );
      await sleep(100);
    }
    expect(answers).toBe(false);
  });
});
