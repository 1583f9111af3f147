/** TensorBoard inside a notebook. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { findTensorBoard } from './command';
import { findRunning } from './instances';
import { freePort, type Server, startServer } from './server';

/** How TensorBoard is started and shown. */
export interface TensorBoardOptions {
  /**
   * Where it listens, on 127.0.0.1.
   *
   * @defaultValue any free port
   */
  port?: number;
  /**
   * The height of the frame, in pixels.
   *
   * @defaultValue `800`
   */
  height?: number;
  /**
   * The address under which the browser reaches it, with `{port}` in it: `/user/me/proxy/{port}/`.
   *
   * @defaultValue what the environment variable `TF_MECHANICS_TENSORBOARD_URL` says, else `http://127.0.0.1:{port}/`
   */
  baseUrl?: string;
  /**
   * How long it may take to answer, in milliseconds.
   *
   * @defaultValue `60_000`
   */
  timeout?: number;
}

/** A TensorBoard: what a notebook shows as a frame when it is a cell's last expression. */
export interface TensorBoard extends Displayable {
  /** The address for a browser; undefined where TensorBoard isn't installed. */
  readonly url: string | undefined;
  /** Where it listens on 127.0.0.1; undefined where TensorBoard isn't installed. */
  readonly port: number | undefined;
  /** The folder that it shows. */
  readonly logdir: string;
  /** Ends it, if this process has started it; fulfilled when it has ended. */
  stop(): Promise<void>;
  /** Does what `stop` does, at the end of a block that began with `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Those of this process that run or are being started, by what was asked for. */
const ours = new Map<string, Promise<Server>>();

/**
 * Shows the runs in a folder in TensorBoard, inline: starts one, or takes one that shows the same folder already. One that
 * it has started ends with this process, however that ends.
 *
 * Where the browser isn't on this machine, JupyterHub's proxy (the package `jupyter-server-proxy`) leads to it: with a
 * `baseUrl` of `/user/me/proxy/{port}/`, which leaves the prefix out when it asks TensorBoard, and of
 * `/user/me/proxy/absolute/{port}/`, which doesn't, so that TensorBoard is started with `--path_prefix`.
 *
 * Where TensorBoard isn't installed it says how to get it, and shows the scalars as a figure.
 *
 * @param logdir a run's folder, or one that has runs in it; it needn't exist yet, which is then said
 * @throws {InvalidArgumentError} when it is no folder
 * @throws {UnavailableError} when TensorBoard doesn't start, with what it says: for example that its port is taken
 * @throws {DeadlineExceededError} when it doesn't answer in time
 *
 * @example
 * await tensorboard('../summaries');
 */
export async function tensorboard(logdir: string, options: TensorBoardOptions = {}): Promise<TensorBoard> {
  const {
    port,
    height = 800,
    baseUrl = defaultBaseUrl(),
    timeout = 60_000,
  } = onlyOptions(options, { port: 'number', height: 'number', baseUrl: 'string', timeout: 'number' });
  if (!baseUrl.includes('{port}'))
    throw new InvalidArgumentError(`baseUrl has {port} where the port belongs: '/proxy/{port}/', got '${baseUrl}'`);
  const folder = path.resolve(logdir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new InvalidArgumentError(`TensorBoard shows the runs of a folder, and ${logdir} is none`);
  const command = findTensorBoard();
  if (command === undefined) return new MissingTensorBoard(folder);

  const pathPrefix = (port: number) => pathPrefixOf(baseUrl.replaceAll('{port}', `${port}`));
  const start = async (): Promise<Server> => {
    const running = await findRunning({ logdir: folder, pathPrefix, port });
    if (running !== undefined) return { port: running, stop: async () => {}, ended: Promise.resolve() };
    const chosen = port ?? (await freePort());
    return startServer(command, { logdir: folder, port: chosen, pathPrefix: pathPrefix(chosen), timeout });
  };

  const key = JSON.stringify([folder, baseUrl, port]);
  let server = ours.get(key);
  if (server === undefined) {
    server = start();
    ours.set(key, server);
    // One that has ended, wasn't ours or didn't start is looked for anew the next time.
    const forget = () => ours.delete(key);
    server.then(({ ended }) => ended.then(forget), forget);
  }
  const { port: found, stop } = await server;
  return new RunningTensorBoard(folder, found, baseUrl.replaceAll('{port}', `${found}`), height, stop);
}

/** The address for a browser of a TensorBoard that runs and shows a folder; undefined where there is none. */
export async function runningUrl(logdir: string): Promise<string | undefined> {
  const baseUrl = defaultBaseUrl();
  const pathPrefix = (port: number) => pathPrefixOf(baseUrl.replaceAll('{port}', `${port}`));
  const port = await findRunning({ logdir: path.resolve(logdir), pathPrefix });
  return port === undefined ? undefined : baseUrl.replaceAll('{port}', `${port}`);
}

const defaultBaseUrl = () => process.env.TF_MECHANICS_TENSORBOARD_URL || 'http://127.0.0.1:{port}/';

/** The path under which TensorBoard itself is asked: nothing but where a proxy passes on the whole path. */
function pathPrefixOf(url: string): string {
  const { pathname } = new URL(url, 'http://localhost');
  return pathname.includes('/proxy/absolute/') ? pathname.replace(/\/$/, '') : '';
}

/**
 * Puts the frame below the link, once TensorBoard answers: in a notebook that is opened later it doesn't, and the link is all there is
 * until the cell is run again.
 *
 * TensorBoard needs the browser's storage, which a frame has only when it is of the page's own host: in a page of `localhost`
 * that is not `127.0.0.1`, though it is the same machine.
 */
function frameScript(id: string, height: number): string {
  return `<script>for (const e of document.querySelectorAll('#${id}')) if (!e.dataset.begun) {
e.dataset.begun = 1;
const a = e.querySelector('a'), f = document.createElement('iframe');
if (location.hostname === 'localhost') a.href = a.href.replace('//127.0.0.1:', '//localhost:');
f.title = 'TensorBoard';
f.style.cssText = 'width:100%;height:${height}px;border:1px solid #d5dae1;border-radius:4px';
f.src = a.href;
const words = e.querySelector('span');
fetch(a.href, { mode: 'no-cors' }).then(() => words.replaceWith(f), () => { words.textContent = 'has ended. Run the cell again to see it.'; });
}</script>`;
}

/** A folder as seen from the notebook's. */
const readable = (folder: string) => path.relative(process.cwd(), folder) || '.';

class RunningTensorBoard implements TensorBoard {
  constructor(
    readonly logdir: string,
    readonly port: number,
    readonly url: string,
    readonly height: number,
    readonly stop: () => Promise<void>,
  ) {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  [jupyterDisplay](): MimeBundle {
    const url = escapeHtml(this.url);
    const link = `<a href="${url}" target="_blank" rel="noopener">TensorBoard on ${escapeHtml(readable(this.logdir))}</a>`;
    const id = `tensorboard-${this.port}`;
    const words = `${this.#missing}<span>(ends with the notebook's kernel)</span>`; // where no script finds out whether it has
    const html = `<div id="${id}">${link} ${words}</div>${frameScript(id, Number(this.height))}`;
    return { 'text/plain': this.toString(), 'text/html': html };
  }

  toString(): string {
    return `TensorBoard on ${readable(this.logdir)}: ${this.url}${this.#missing}`;
  }

  /** What is to be said of a folder that may have been mistyped. */
  get #missing(): string {
    return existsSync(this.logdir) ? '' : ' (there is no such folder yet)';
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** What is shown instead. */
class MissingTensorBoard implements TensorBoard {
  readonly url = undefined;
  readonly port = undefined;

  constructor(readonly logdir: string) {}

  async stop(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  async [jupyterDisplay](): Promise<MimeBundle> {
    const hint = escapeHtml(this.toString());
    try {
      const { scalars } = await import('../plot/scalars.js');
      const figure = await scalars(this.logdir);
      const bundle = await figure[jupyterDisplay]();
      return { 'text/plain': this.toString(), 'text/html': `<div>${hint}</div>${bundle['text/html'] ?? ''}` };
    } catch (error) {
      // Before the first event is written there is nothing to show.
      if (!(error instanceof NotFoundError)) throw error;
      return { 'text/plain': this.toString(), 'text/html': `<div>${hint}</div>` };
    }
  }

  toString(): string {
    return 'TensorBoard is not installed: `npm start` in the repository sets it up, or `pip install tensorboard`.';
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
