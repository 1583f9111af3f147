/** A JupyterLab as `npm start` runs it, on a copy of the notebooks, and a browser that shows it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../../../scripts/start/ports.mjs';
import { jupyterLab, type Server } from '../../../scripts/start/servers.mjs';
import { shortened } from '../../notebooks/shorter';
import { giveOfflineDigits } from '../../processes/offlineData';
import { keepErrors, launchChromium, missingChromium } from '../chromium';
import { LabNotebook } from './labNotebook';

const root = path.join(__dirname, '..', '..', '..');

/** What keeps JupyterLab from being tried here, if anything does. */
export function whatIsMissing(): string | undefined {
  const hasLab = existsSync(path.join(root, '.venv', 'bin', 'jupyter-lab'));
  return missingChromium() ?? (hasLab ? undefined : 'there is no JupyterLab in .venv');
}

/** The user's settings, by the files in which JupyterLab keeps them. */
const settings = {
  // All cells are in the page, not only those that are in view.
  '@jupyterlab/notebook-extension/tracker.jupyterlab-settings': { windowingMode: 'none' },
};

/** The server and the browser, until `end`. */
export class Lab {
  /** What went wrong in the pages: errors that nobody caught, and what was logged as one. */
  readonly errors: string[] = [];
  readonly #folder: string;
  readonly #server: Server;
  readonly #process: ChildProcess;
  readonly #browser: Browser;
  /** The page that has JupyterLab, once a notebook is open. To load it takes as long as most of what is tried in a notebook, so all have the same. */
  #page: Page | undefined;

  private constructor(folder: string, server: Server, process: ChildProcess, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#process = process;
    this.#browser = browser;
  }

  /** @param whole whether notebooks train as long as they do for their readers */
  static async start({ whole = false } = {}): Promise<Lab> {
    const folder = mkdtempSync(path.join(tmpdir(), 'lab-'));
    await fill(folder, whole);
    const server = jupyterLab(await freePort(18_888), [
      `--ServerApp.root_dir=${path.join(folder, 'notebooks')}`,
      '--LabApp.expose_app_in_browser=True', // as `jupyterapp`
    ]);
    const started = startServer(server, folder); // while the browser starts, too
    const browser = await launchChromium();
    const lab = new Lab(folder, server, started, browser);
    try {
      await lab.#answers();
    } catch (error) {
      await lab.end();
      throw error;
    }
    return lab;
  }

  /** Writes a notebook of cells that have not run. */
  write(name: string, sources: readonly string[]): void {
    const cells = sources.map((source, i) => ({
      cell_type: 'code',
      execution_count: null,
      id: `cell-${i}`,
      metadata: {},
      outputs: [],
      source,
    }));
    const kernelspec = { display_name: 'TypeScript (tf-mechanics)', language: 'typescript', name: 'tf-mechanics' };
    const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(path.join(this.#folder, 'notebooks', name), JSON.stringify(notebook));
  }

  /** Opens a notebook, beside which nothing else is open once the one before has been left. */
  async open(name: string): Promise<LabNotebook> {
    const isFirst = this.#page === undefined;
    this.#page ??= await this.#newPage();
    await this.#page.setViewportSize({ width: 1400, height: 1000 });
    const { origin, search } = new URL(this.#server.address);
    const notebook = new LabNotebook(this.#page);
    if (isFirst) await this.#page.goto(`${origin}/lab/workspaces/tests/tree/${name}${search}`);
    else await notebook.open(name);
    await notebook.ready();
    return notebook;
  }

  async #newPage(): Promise<Page> {
    const page = await this.#browser.newPage();
    page.setDefaultTimeout(120_000); // other tests run at the same time
    keepErrors(page, this.errors);
    return page;
  }

  /** Leaves a notebook, and ends its kernel. What its page says to that is nothing that went wrong. */
  async leave(notebook: LabNotebook): Promise<void> {
    await notebook.close();
    this.errors.length = 0;
  }

  /** Ends the browser and the server, which ends its kernels. */
  async end(): Promise<void> {
    await this.#browser.close();
    if (isAlive(this.#process)) {
      const ended = once(this.#process, 'exit');
      this.#process.kill();
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const { probe, log } = this.#server;
    while (isAlive(this.#process)) {
      const response = await fetch(probe).catch(() => undefined); // not listening yet
      if (response?.ok) return;
      await sleep(50);
    }
    throw new Error(`JupyterLab has ended; ${log} says why`);
  }
}

/** Copies the notebooks, with what they find beside them; every day they train for less long. */
async function fill(folder: string, whole: boolean): Promise<void> {
  const notebooks = path.join(folder, 'notebooks');
  cpSync(path.join(root, 'notebooks'), notebooks, { recursive: true });
  for (const name of whole ? [] : readdirSync(notebooks).filter((name) => name.endsWith('.ipynb')))
    writeFileSync(path.join(notebooks, name), shortened(name, readFileSync(path.join(notebooks, name), 'utf8')));
  mkdirSync(path.join(folder, 'summaries'));
  // Without these files the notebooks take the offline subset of MNIST.
  if (existsSync(path.join(root, 'data', 'train-images-idx3-ubyte.gz')))
    symlinkSync(path.join(root, 'data'), path.join(folder, 'data'));
  else await giveOfflineDigits(path.join(folder, 'data'));
  for (const [file, content] of Object.entries(settings)) {
    const target = path.join(folder, 'config', 'lab', 'user-settings', file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify(content));
  }
}

function startServer({ command, args, env, log }: Server, folder: string): ChildProcess {
  mkdirSync(path.dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  // Nothing of the user's: no settings, no trust, no layout, no history.
  const own = {
    JUPYTER_DATA_DIR: path.join(folder, 'jupyter'),
    JUPYTER_CONFIG_DIR: path.join(folder, 'config'),
    XDG_STATE_HOME: path.join(folder, 'state'),
  };
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env, ...own },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  process.once('exit', () => child.kill()); // where the tests end before their time
  return child;
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;
