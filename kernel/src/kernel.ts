/** The kernel: answers requests of Jupyter's protocol with an interpreter. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Channels, type Request } from './channels/channels';
import type { Connection } from './channels/connection';
import { MAX_BUFFERS, MAX_CONTENT, PROTOCOL_VERSION } from './channels/wire';
import { fromCodePoints, toCodePoints } from './codePoints';
import { Comms } from './comms/comms';
import { answerWidgetControl } from './comms/widgetControl';
import { History, historyFile } from './history';
import type { CellInput, CellOutput } from './interpreter/cell';
import type { Interpreter, InterpreterOptions, Outcome } from './interpreter/interpreter';
import { encodable } from './interpreter/result';
import { mayAskForHelp } from './language/help';
import { translatedParameters } from './language/parameters';

/** The version of TypeScript, read without loading it. */
const { version: LANGUAGE_VERSION } = require('typescript-6.0/package.json') as { version: string };

/** The content of `kernel_info_reply`. */
export const kernelInfo = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'tf-mechanics',
  implementation_version: '0.1.0',
  language_info: {
    name: 'typescript',
    version: LANGUAGE_VERSION,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    codemirror_mode: { name: 'javascript', typescript: true, mode: 'typescript' },
    pygments_lexer: 'typescript',
    nbconvert_exporter: 'script',
  },
  supported_features: [],
  banner: `TypeScript (tf-mechanics), Node ${process.version}`,
  help_links: [
    { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    { text: 'TensorBoard', url: 'https://www.tensorflow.org/tensorboard/get_started' },
  ],
};

/** Milliseconds after a failed cell within which arriving requests were sent before the failure could be known. */
const ABORT_WINDOW = 20;

/** Milliseconds without a cell after which the kernel preloads what may be needed next. */
const IDLE = 200;
/** Milliseconds without a cell that count as a pause. */
const PAUSE = 1_000;

type Content = Record<string, unknown>;
/** Resolves when a request is completely done; undefined if it already is. */
type Rest = Promise<unknown> | undefined;

export type KernelOptions = InterpreterOptions & Required<Pick<InterpreterOptions, 'interrupts'>>;

export class Kernel {
  readonly #channels: Channels;
  readonly #interpreter: Interpreter;
  readonly #comms: Comms;
  readonly #exit: (code: number) => void;
  #queue: Request[] = [];
  #working = false;
  #pause: NodeJS.Timeout | undefined;
  /** The executing cell. */
  #running: Request | undefined;
  #count = 0;
  readonly #history = new History(historyFile());
  /** The cell that began last. */
  #lastCell: Request | undefined;

  /** @param exit ends the process */
  constructor(connection: Connection, options: KernelOptions, exit: (code: number) => void) {
    this.#exit = exit;
    // First, so that the sockets answer while TypeScript loads; nothing imported here loads it.
    this.#channels = new Channels({
      connection,
      interrupts: options.interrupts.flag.buffer as SharedArrayBuffer,
      kernelInfo,
      onRequest: (request) => this.#receive(request),
      onInterrupt: () => this.interrupt(),
      onError: (error) => {
        process.stderr.write(`the kernel ends: ${error.message}\n`);
        exit(1);
      },
    });
    this.#comms = new Comms({
      publish: (parent, type, content, extras) => this.#channels.publish(parent, type, content, extras),
      parent: () => this.#lastCell?.header,
      isAttended: () => this.#lastCell !== undefined && isAttended(this.#lastCell),
    });
    answerWidgetControl(this.#comms);
    const { Interpreter } = require('./interpreter/interpreter') as typeof import('./interpreter/interpreter');
    this.#interpreter = new Interpreter({ ...options, comms: this.#comms });
    this.#warmUpWhenIdle();
  }

  /** Preloads the library while no cell is executing. */
  #warmUpWhenIdle(steps = this.#interpreter.warmUp('tf-mechanics'), wait = IDLE): void {
    setTimeout(async () => {
      try {
        if (this.#working) this.#warmUpWhenIdle(steps);
        else if (!(await steps.next()).done) this.#warmUpWhenIdle(steps, 0);
      } catch {
        // the compiler failed, which the next cell reports
      }
    }, wait).unref();
  }

  /** Carries out a requested interrupt. */
  interrupt(): void {
    this.#interpreter.interrupt();
  }

  /** Cells run one after the other; all other requests are answered at once, even while a cell awaits something. */
  #receive(request: Request): void {
    if (request.header.msg_type === 'execute_request') {
      this.#queue.push(request);
      if (!this.#working) void this.#work();
    } else void this.#handle(request, () => this.#answer(request));
  }

  async #work(): Promise<void> {
    this.#working = true;
    clearTimeout(this.#pause);
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
      const next = request;
      this.#running = next;
      let rest: Rest;
      const execute = async () => {
        ({ rest } = await this.#execute(next));
      };
      await this.#handle(next, execute, () => rest);
    }
    this.#running = undefined;
    this.#working = false;
    this.#pause = setTimeout(() => this.#interpreter.pause(), PAUSE).unref();
  }

  /** @param rest the work left after `work`, which sends the answer */
  async #handle(request: Request, work: () => Promise<void> | void, rest: () => Rest = () => undefined): Promise<void> {
    this.#tellState(request, 'busy');
    try {
      await work();
    } catch (error) {
      this.#fail(request, error as Error);
    }
    const left = rest();
    if (left) void left.then(() => this.#tellIdle(request));
    else this.#tellState(request, 'idle');
  }

  /**
   * Reports the idle state. Front ends show the last state received, so while another cell is executing, its busy state
   * follows.
   */
  #tellIdle(request: Request): void {
    this.#tellState(request, 'idle');
    if (this.#running) this.#tellState(this.#running, 'busy');
  }

  #tellState(request: Request, state: 'busy' | 'idle'): void {
    this.#channels.publish(request.header, 'status', { execution_state: state });
  }

  /** Reports an internal error of the kernel. */
  #fail(request: Request, error: Error): void {
    const content = { status: 'error', ename: error.name, evalue: error.message, traceback: [String(error.stack)] };
    this.#reply(request, content);
  }

  #reply(request: Request, content: Content): void {
    this.#channels.reply(request, request.header.msg_type.replace(/_request$/, '_reply'), content);
  }

  /** Executes a cell and answers; the rest of its work may continue while the next cell runs. */
  async #execute(request: Request): Promise<{ rest: Rest }> {
    const {
      code = '',
      silent = false,
      store_history = true,
      stop_on_error = true,
      user_expressions,
      allow_stdin,
    } = request.content as {
      code?: unknown;
      silent?: boolean;
      store_history?: boolean;
      stop_on_error?: boolean;
      user_expressions?: unknown;
      allow_stdin?: unknown;
    };
    if (store_history && !silent) this.#count++;
    this.#lastCell = request;
    const count = this.#count;
    const publish = (type: string, content: Content) => this.#channels.publish(request.header, type, content);
    if (!silent) publish('execute_input', { code, execution_count: count });
    const outcome =
      typeof code === 'string' && request.tooLong === undefined
        ? await this.#runCell(request, code, { name: `In[${count}]`, isSilent: silent })
        : refused(request.tooLong);
    if (outcome.status === 'ok' && outcome.result)
      publish('execute_result', { execution_count: count, data: encodable(outcome.result), metadata: {} });
    if (outcome.status === 'error') publish('error', { ...outcome.error });
    const expressions = outcome.status === 'ok' ? await this.#evaluate(request, user_expressions) : {};
    this.#reply(request, { ...replyContent(outcome, expressions), execution_count: count });
    if (store_history && !silent && typeof code === 'string')
      this.#history.add(count, code, resultText(outcome), allow_stdin === true);
    const rest = outcome.answered?.();
    if (outcome.status === 'error' && stop_on_error) await this.#abortQueue();
    return { rest };
  }

  /** Runs a cell. If it ends with a question about a name, the result is the explanation. */
  async #runCell(
    request: Request,
    code: string,
    { name, isSilent }: { name: string; isSilent: boolean },
  ): Promise<Outcome> {
    const { language } = this.#interpreter;
    const help = mayAskForHelp(code) ? await language.ask('helpRequest', code) : undefined;
    const source = help?.code ?? translatedParameters(code) ?? code;
    const outcome = await this.#interpreter.execute(source, name, this.#output(request), {
      input: this.#input(request),
      isSilent: isSilent || help !== undefined,
    });
    if (!help || outcome.status === 'error') return outcome;
    const found = await language.ask('inspect', help.name, help.name.length);
    if (!found) return { ...outcome, ...failed(`nothing is known here of ${help.name}`) };
    return { ...outcome, result: { 'text/plain': found.plain, 'text/markdown': found.markdown } };
  }

  /** Evaluates a request's `user_expressions` after its cell, each with its own status. */
  async #evaluate(request: Request, expressions: unknown): Promise<Content> {
    const values: Content = {};
    for (const [name, code] of Object.entries(expressions ?? {})) {
      const outcome =
        typeof code === 'string'
          ? await this.#interpreter.evaluate(code, name, this.#output(request))
          : failed('an expression has to be text');
      values[name] =
        outcome.status === 'ok'
          ? { status: 'ok', data: encodable(outcome.result ?? {}), metadata: {} }
          : { status: 'error', ...outcome.error };
    }
    return values;
  }

  #output({ header }: Request): CellOutput {
    return {
      stream: (name, text) => this.#channels.stream(header, name, text),
      display: (data, { displayId, update = false } = {}) =>
        this.#channels.publish(header, update ? 'update_display_data' : 'display_data', {
          data: encodable(data),
          metadata: {},
          transient: displayId === undefined ? {} : { display_id: displayId },
        }),
      clear: (wait) => this.#channels.publish(header, 'clear_output', { wait }),
    };
  }

  #input(request: Request): CellInput | undefined {
    if (!isAttended(request)) return undefined;
    const { inputs } = this.#channels;
    return {
      ask: (question, signal) => inputs.ask(request, question, signal),
      askAndWait: (question) => inputs.askAndWait(request, question),
    };
  }

  /** Aborts the cells that were queued before a failure. */
  async #abortQueue(): Promise<void> {
    await sleep(ABORT_WINDOW);
    for (const request of this.#queue.splice(0)) {
      this.#channels.publish(request.header, 'status', { execution_state: 'busy' });
      this.#reply(request, { status: 'aborted', execution_count: this.#count });
      this.#channels.publish(request.header, 'status', { execution_state: 'idle' });
    }
  }

  #answer(request: Request): Promise<void> | void {
    const { content, tooLong } = request;
    if (request.header.msg_type.startsWith('comm_') && !request.header.msg_type.endsWith('_request'))
      return this.#takeCommMessage(request);
    if (tooLong !== undefined)
      throw new Error(`a request of ${megabytes(tooLong)} is more than this kernel takes (${megabytes(MAX_CONTENT)})`);
    switch (request.header.msg_type) {
      case 'complete_request':
        return this.#replyWith(request, this.#complete(String(content.code), Number(content.cursor_pos)));
      case 'inspect_request':
        return this.#replyWith(request, this.#inspect(String(content.code), Number(content.cursor_pos)));
      case 'is_complete_request':
        return this.#replyWith(request, this.#interpreter.language.ask('completeness', String(content.code)));
      case 'history_request':
        return this.#reply(request, { status: 'ok', history: this.#history.find(content) });
      case 'comm_info_request':
        return this.#reply(request, { status: 'ok', comms: this.#comms.info(content.target_name) });
      case 'shutdown_request':
        return this.#shutDown(request);
      default:
        if (!request.header.msg_type.endsWith('_request')) return; // not a request that expects an answer
        throw new Error(`this kernel doesn't know the request ${request.header.msg_type}`);
    }
  }

  /** Comm messages get no reply; errors go to stderr. */
  #takeCommMessage(request: Request): void {
    const tell = (text: string) => this.#channels.stream(request.header, 'stderr', `${text}\n`);
    const { tooLong } = request;
    try {
      if (tooLong === undefined) this.#comms.receive(request);
      else
        tell(
          `a message of ${megabytes(tooLong)} to a widget is more than this kernel takes (${megabytes(MAX_BUFFERS)})`,
        );
    } catch (error) {
      tell(String((error as Error | null)?.stack ?? error));
    }
  }

  async #replyWith(request: Request, content: Promise<object>): Promise<void> {
    this.#reply(request, { ...(await content) });
  }

  async #complete(code: string, cursor: number): Promise<Content> {
    const { language } = this.#interpreter;
    const { start, end, candidates } = await language.ask('complete', code, fromCodePoints(code, cursor));
    const [from, to] = [toCodePoints(code, start), toCodePoints(code, end)];
    return {
      status: 'ok',
      matches: candidates.map(({ name }) => name),
      cursor_start: from,
      cursor_end: to,
      metadata: {
        _jupyter_types_experimental: candidates.map(({ name, kind, deprecated }) => ({
          text: name,
          type: kind,
          deprecated,
          start: from,
          end: to,
        })),
      },
    };
  }

  async #inspect(code: string, cursor: number): Promise<Content> {
    const found = await this.#interpreter.language.ask('inspect', code, fromCodePoints(code, cursor));
    const data = found ? { 'text/plain': found.plain, 'text/markdown': found.markdown } : {};
    return { status: 'ok', found: found !== undefined, data, metadata: {} };
  }

  async #shutDown(request: Request): Promise<void> {
    this.#interpreter.close();
    this.#reply(request, { status: 'ok', restart: request.content.restart === true });
    this.#channels.publish(request.header, 'status', { execution_state: 'idle' });
    await this.#channels.close();
    this.#exit(0);
  }
}

/** Whether a cell's front end accepts input requests, that is, a user is present. */
function isAttended({ content }: Request): boolean {
  return content.allow_stdin === true;
}

/** The outcome of a cell that isn't text or is too large. */
function refused(bytes: number | undefined): Outcome {
  const evalue =
    bytes === undefined
      ? 'the code of a cell has to be text'
      : `a cell of ${megabytes(bytes)} is more than this kernel takes (${megabytes(MAX_CONTENT)}): read what is so long from a file`;
  return failed(evalue);
}

const failed = (evalue: string): Outcome => ({
  status: 'error',
  error: { ename: 'Error', evalue, traceback: [evalue] },
});

/** The text of a cell's result; null without one. */
function resultText(outcome: Outcome): string | null {
  const text = outcome.status === 'ok' ? outcome.result?.['text/plain'] : undefined;
  return typeof text === 'string' ? text : null;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function replyContent(outcome: Outcome, expressions: Content): Content {
  if (outcome.status === 'ok') return { status: 'ok', user_expressions: expressions, payload: [] };
  return { status: 'error', ...outcome.error };
}
