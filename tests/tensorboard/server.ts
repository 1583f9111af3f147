/** A TensorBoard of its own for a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export class TensorBoardServer {
  /** The address of its pages. */
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Starts TensorBoard for a folder, at a port that it finds, and waits until it has read the folder. */
  static async start(python: string, logdir: string, { fast = true } = {}): Promise<TensorBoardServer> {
    const main = 'from tensorboard.main import run_main; run_main()';
    const options = [
      '--logdir',
      logdir,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--load_fast',
      String(fast),
      '--samples_per_plugin',
      'images=100,audio=100',
    ];
    const server = spawn(python, ['-c', main, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    process.once('exit', () => server.kill()); // where the tests end before their time
    const url = await new Promise<string>((resolve, reject) => {
      let printed = '';
      const read = (chunk: Buffer) => {
        printed += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed);
        if (found) resolve(found[0]);
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.on('exit', () => reject(new Error(`TensorBoard did not start:\n${printed}`)));
    });
    return new TensorBoardServer(server, url);
  }

  /** What TensorBoard answers at `data/plugin/…`, once it is no error and not empty: it reads the folder in the background. */
  async get(route: string, query: Record<string, string | number> = {}, body?: object): Promise<Response> {
    const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const url = `${this.url}data/${route}?${parameters}`;
    const init = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    };
    for (let left = 40; ; left--) {
      const response = await fetch(url, init);
      const text = response.ok ? await response.clone().text() : '';
      if (!['', '{}', '[]'].includes(text.trim())) return response;
      if (left === 0) throw new Error(`TensorBoard answers ${response.status} at ${url}: ${await response.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** {@link get}, as JSON. */
  async json<T = unknown>(...parameters: Parameters<TensorBoardServer['get']>): Promise<T> {
    return (await (await this.get(...parameters)).json()) as T;
  }

  /** {@link get}, as bytes. */
  async bytes(...parameters: Parameters<TensorBoardServer['get']>): Promise<Buffer> {
    return Buffer.from(await (await this.get(...parameters)).arrayBuffer());
  }

  /** Ends TensorBoard, and the server of its data with it. */
  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
