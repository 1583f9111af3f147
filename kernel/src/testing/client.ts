/** A client of the Jupyter protocol, for tests: starts the kernel in a process of its own and speaks to it over ZeroMQ. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';
import { freePorts } from '../../../lib/src/testing/freePorts';
import { addressOf, type Connection } from '../channels/connection';
import { type Header, Wire } from '../channels/wire';
import { deferred } from '../deferred';

/** A message as a test looks at it. */
export interface Received {
  readonly type: string;
  readonly parent: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the kernel says
  readonly content: any;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

/** What came of a cell. */
export interface CellRun {
  /** The content of `execute_reply`. */
  readonly reply: Received['content'];
  /** What was published meanwhile but for the states. */
  readonly messages: readonly Received[];
  /** All that was printed. */
  readonly stdout: string;
  readonly stderr: string;
  /** The text form of the result. */
  readonly result: string | undefined;
}

export interface KernelStart {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where it listens; otherwise at free ports. */
  readonly connection?: Connection;
  /** The program of the kernel; otherwise what was compiled here. */
  readonly main?: string;
  /** The connection file that it is given; otherwise one of that connection. */
  readonly file?: string;
  /** What starts another kernel than this one, of a connection file. */
  readonly command?: (file: string) => readonly string[];
}

/** How often it tries whether the kernel listens by now, in milliseconds. */
const RECONNECT = 5;

const KERNEL = path.join(__dirname, '..', '..', 'dist', 'main.js');

export class KernelClient {
  readonly process: ChildProcess;
  readonly connection: Connection;
  readonly #wire: Wire;
  /** A folder of its own. */
  readonly folder: string;
  /** What its process has written to stderr. */
  errors = '';
  readonly #shell: Dealer;
  readonly #control = new Dealer({ linger: 0, reconnectInterval: RECONNECT });
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: RECONNECT });
  readonly #heartbeat = new Request({ linger: 0 });
  readonly #stdin: Dealer;
  /** Answers what cells ask; undefined leaves it unanswered. */
  onInput: (question: { prompt: string; password: boolean }) => string | undefined = () => undefined;
  readonly #listeners = new Set<(message: Received) => void>();
  readonly #replies = new Map<string, { resolve: (message: Received) => void; reject: (error: Error) => void }>();
  readonly exited: Promise<number | string>;

  /** Starts a kernel in a folder and waits until it answers. */
  static async start(options: KernelStart = {}): Promise<KernelClient> {
    const client = await KernelClient.launch(options);
    await client.request('control', 'kernel_info_request', {});
    return client;
  }

  /** Starts a kernel's process; it may take a moment until it answers. */
  static async launch({ connection, ...options }: KernelStart = {}): Promise<KernelClient> {
    return new KernelClient(connection ?? (await freeConnection()), options);
  }

  private constructor(
    connection: Connection,
    {
      cwd = process.cwd(),
      env = {},
      main = KERNEL,
      file,
      command = (file) => [process.execPath, main, file],
    }: KernelStart,
  ) {
    this.connection = connection;
    this.#wire = new Wire(connection.key);
    this.folder = mkdtempSync(path.join(tmpdir(), 'kernel-'));
    const own = path.join(this.folder, 'connection.json');
    writeFileSync(own, JSON.stringify({ ...connection, signature_scheme: 'hmac-sha256', kernel_name: '' }));
    const [program = '', ...parameters] = command(file ?? own);
    this.process = spawn(program, parameters, {
      cwd,
      env: { ...process.env, XDG_STATE_HOME: this.folder, JPY_PARENT_PID: String(process.pid), ...env },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    this.process.stderr?.on('data', (text) => {
      this.errors += text;
    });
    this.exited = new Promise((resolve) => this.process.on('close', (code, signal) => resolve(code ?? signal ?? '')));
    void this.exited.then((code) => {
      const ended = new Error(`the kernel has ended (${code}) ${this.errors}`);
      for (const { reject } of this.#replies.values()) reject(ended);
    });
    // By their identity a kernel knows that both are the same front end's.
    const routingId = randomUUID();
    this.#shell = new Dealer({ linger: 0, reconnectInterval: RECONNECT, routingId });
    this.#stdin = new Dealer({ linger: 0, reconnectInterval: RECONNECT, routingId });
    this.#stdin.connect(addressOf(connection, connection.stdin_port));
    this.#shell.connect(addressOf(connection, connection.shell_port));
    this.#control.connect(addressOf(connection, connection.control_port));
    this.#iopub.connect(addressOf(connection, connection.iopub_port));
    this.#heartbeat.connect(addressOf(connection, connection.hb_port));
    this.#iopub.subscribe();
    for (const socket of [this.#shell, this.#control, this.#iopub]) void this.#listen(socket);
    void this.#answer();
  }

  /** Calls back for every message that is published. */
  onMessage(listener: (message: Received) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a request; gives the reply. */
  async request(channel: 'shell' | 'control', type: string, content: Record<string, unknown>): Promise<Received> {
    const { reply } = await this.send(channel, type, content);
    return reply;
  }

  /** Sends a request; gives its id and the promise of its reply. */
  async send(
    channel: 'shell' | 'control',
    type: string,
    content: Record<string, unknown>,
    buffers: readonly Uint8Array[] = [],
  ): Promise<{ id: string; reply: Promise<Received> }> {
    const json = JSON.stringify(content);
    const parts = this.#wire.encode({ identities: [], type, parent: undefined, content: json, buffers });
    const id = (JSON.parse(String(parts[2])) as Header).msg_id;
    const reply = new Promise<Received>((resolve, reject) => this.#replies.set(id, { resolve, reject }));
    reply.catch(() => {}); // whoever waits for it is told; nobody may
    await (channel === 'shell' ? this.#shell : this.#control).send(parts as Buffer[]);
    return { id, reply };
  }

  /** Sends the parts of a message as they are. */
  async sendParts(channel: 'shell' | 'control', parts: readonly (Uint8Array | string)[]): Promise<void> {
    await (channel === 'shell' ? this.#shell : this.#control).send([...parts] as Buffer[]);
  }

  /** The parts of a message of these four, with the connection's signature. */
  sign(parts: readonly (Uint8Array | string)[]): (Uint8Array | string)[] {
    const hmac = createHmac('sha256', this.connection.key);
    for (const part of parts) hmac.update(part);
    return ['<IDS|MSG>', hmac.digest('hex'), ...parts];
  }

  /** Runs a cell to its end. */
  async run(code: string, options: Record<string, unknown> = {}): Promise<CellRun> {
    return (await this.begin(code, options)).done;
  }

  /** Runs a cell; `until` waits for something that it publishes, and fails when the cell ends without it. */
  async begin(code: string, options: Record<string, unknown> = {}) {
    const early: Received[] = []; // what is there before the cell's name is known
    const published: Received[] = [];
    const waiting = new Set<() => void>();
    let id = '';
    const { promise: idled, resolve: idle } = deferred<void>();
    const receive = (message: Received) => {
      if (!id) return early.push(message);
      if (message.parent !== id) return;
      if (message.type === 'status' && message.content.execution_state === 'idle') idle();
      if (message.type !== 'status') published.push(message);
      for (const check of waiting) check();
    };
    const stop = this.onMessage(receive);
    const sent = await this.send('shell', 'execute_request', {
      code,
      silent: false,
      store_history: true,
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
    id = sent.id;
    early.forEach(receive);
    const printed = (name: string) =>
      published
        .flatMap(({ type, content }) => (type === 'stream' && content.name === name ? [content.text] : []))
        .join('');
    const until = (isThere: (run: { stdout: string; messages: readonly Received[] }) => boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!isThere({ stdout: printed('stdout'), messages: published })) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        done.then(({ reply, stdout, stderr }) => {
          const said = `${stdout}\n${stderr}\n${(reply.traceback ?? []).join('\n')}`;
          if (waiting.has(check))
            reject(new Error(`The cell ended (${reply.status}) before what was waited for:\n${said}`));
        }, reject);
      });
    const done = Promise.all([sent.reply, idled]).then(([reply]): CellRun => {
      stop();
      const result = published.find(({ type }) => type === 'execute_result');
      return {
        reply: reply.content,
        messages: published,
        stdout: printed('stdout'),
        stderr: printed('stderr'),
        result: result?.content.data['text/plain'],
      };
    });
    done.catch(() => {});
    return { id, until, reply: sent.reply, done, messages: published };
  }

  async interrupt(): Promise<void> {
    await this.request('control', 'interrupt_request', {});
  }

  /** Sends a heartbeat; resolves when it comes back. */
  async beat(): Promise<void> {
    await this.#heartbeat.send('beat');
    await this.#heartbeat.receive();
  }

  async shutDown(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.send('control', 'shutdown_request', { restart: false });
      await this.exited;
    }
    for (const socket of [this.#shell, this.#control, this.#iopub, this.#stdin, this.#heartbeat]) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answer(): Promise<void> {
    for await (const parts of this.#stdin) {
      const [, header, , , content] = parts
        .slice(parts.findIndex((part) => part.toString() === '<IDS|MSG>') + 1)
        .map(String);
      const value = this.onInput(JSON.parse(content!));
      if (value !== undefined) await this.sendInput(value, JSON.parse(header!));
    }
  }

  /** Sends what somebody has typed. */
  async sendInput(value: unknown, parent?: Header): Promise<void> {
    const content = JSON.stringify({ value });
    await this.#stdin.send(this.#wire.encode({ identities: [], type: 'input_reply', parent, content }) as Buffer[]);
  }

  async #listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const parts of socket) {
      const at = parts.findIndex((part) => part.toString() === '<IDS|MSG>');
      const [, header, parent, metadata, content] = parts.slice(at + 1, at + 6).map(String);
      const message: Received = {
        type: (JSON.parse(header!) as Header).msg_type,
        parent: (JSON.parse(parent!) as Partial<Header>).msg_id ?? '',
        content: JSON.parse(content!),
        metadata: JSON.parse(metadata!),
        buffers: parts.slice(at + 6),
      };
      if (socket === this.#iopub) for (const listener of this.#listeners) listener(message);
      else {
        this.#replies.get(message.parent)?.resolve(message);
        this.#replies.delete(message.parent);
      }
    }
  }
}

async function freeConnection(): Promise<Connection> {
  const [shell_port, iopub_port, control_port, stdin_port, hb_port] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const ports = { shell_port, iopub_port, control_port, stdin_port, hb_port };
  return { transport: 'tcp', ip: '127.0.0.1', key: randomUUID(), ...ports };
}
