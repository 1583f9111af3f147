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

/** Options of starting and displaying TensorBoard. */
export interface TensorBoardOptions {
  /**
   * The port on 127.0.0.1.
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
   * The URL under which the browser reaches it, containing `{port}`: `/user/me/proxy/{port}/`.
   *
   * @defaultValue the environment variable `TF_MECHANICS_TENSORBOARD_URL`, or else `http://127.0.0.1:{port}/`
   */
  baseUrl?: string;
  /**
   * How long it may take to respond, in milliseconds.
   *
   * @defaultValue `60_000`
   */
  timeout?: number;
}

/** A TensorBoard, which a notebook displays as a frame if it is a cell's last expression. */
export interface TensorBoard extends Displayable {
  /** The URL for a browser; undefined if TensorBoard isn't installed. */
  readonly url: string | undefined;
  /** Its port on 127.0.0.1; undefined if TensorBoard isn't installed. */
  readonly port: number | undefined;
  /** The folder that it serves. */
  readonly logdir: string;
  /** Ends it, if this process has started it; resolves when it has ended. */
  stop(): Promise<void>;
  /** Calls `stop` at the end of a block that contains `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The TensorBoards of this process that are running or starting, by their options. */
const ours = new Map<string, Promise<Server>>();

/**
 * Shows the runs in a folder in TensorBoard, inline: starts one, or uses one that already serves the same folder. If it
 * was started here, it ends with this process, however that ends.
 *
 * If the browser is on another machine, use JupyterHub's proxy (the package `jupyter-server-proxy`): a `baseUrl` of
 * `/user/me/proxy/{port}/`, which removes the prefix before asking TensorBoard, or of
 * `/user/me/proxy/absolute/{port}/`, which doesn't, so that TensorBoard is started with `--path_prefix`.
 *
 * If TensorBoard isn't installed, this says how to install it, and shows the scalars as a figure.
 *
 * @param logdir a run's folder, or one that contains runs; it may not exist yet, which is then reported
 * @throws {InvalidArgumentError} when it is not a folder
 * @throws {UnavailableError} when TensorBoard doesn't start, with its output: for example that its port is taken
 * @throws {DeadlineExceededError} when it doesn't respond in time
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
    // If it has ended, wasn't ours or didn't start, the next call searches again.
    const forget = () => ours.delete(key);
    server.then(({ ended }) => ended.then(forget), forget);
  }
  const { port: found, stop } = await server;
  return new RunningTensorBoard(folder, found, baseUrl.replaceAll('{port}', `${found}`), height, stop);
}

/** The URL of a running TensorBoard that serves a folder; undefined if there is none. */
export async function runningUrl(logdir: string): Promise<string | undefined> {
  const baseUrl = defaultBaseUrl();
  const pathPrefix = (port: number) => pathPrefixOf(baseUrl.replaceAll('{port}', `${port}`));
  const port = await findRunning({ logdir: path.resolve(logdir), pathPrefix });
  return port === undefined ? undefined : baseUrl.replaceAll('{port}', `${port}`);
}

const defaultBaseUrl = () => process.env.TF_MECHANICS_TENSORBOARD_URL || 'http://127.0.0.1:{port}/';

/** The path prefix of TensorBoard itself: empty unless a proxy passes on the whole path. */
function pathPrefixOf(url: string): string {
  const { pathname } = new URL(url, 'http://localhost');
  return pathname.includes('/proxy/absolute/') ? pathname.replace(/\/$/, '') : '';
}

/**
 * Adds the frame below the link, once TensorBoard responds: in a notebook that is opened later it doesn't, and only the
 * link is shown until the cell is run again.
 *
 * TensorBoard needs the browser's storage, which a frame has only on the page's own host: in a page of `localhost`,
 * `127.0.0.1` is another host, although it is the same machine.
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

/** A folder relative to the notebook's. */
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
    const words = `${this.#missing}<span>(ends with the notebook's kernel)</span>`; // for pages without scripts, which can't find out whether it has ended
    const html = `<div id="${id}">${link} ${words}</div>${frameScript(id, Number(this.height))}`;
    return { 'text/plain': this.toString(), 'text/html': html };
  }

  toString(): string {
    return `TensorBoard on ${readable(this.logdir)}: ${this.url}${this.#missing}`;
  }

  /** A note about a folder that may be misspelled. */
  get #missing(): string {
    return existsSync(this.logdir) ? '' : ' (there is no such folder yet)';
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** What is displayed instead. */
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
      // Before the first event is written, there is nothing to show.
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
