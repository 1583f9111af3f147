/** The thread that owns the ZeroMQ sockets. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Publisher, Reply, Router } from 'zeromq';
import { InterruptFlag } from '../interpreter/interruption';
import type { Extras, FromThread, Request, RequestChannel, ThreadData, ToThread } from './channels';
import { addressOf } from './connection';
import { gigabytes, LastWords } from './lastWords';
import { Questions } from './questions';
import { Sender } from './sender';
import { starterEnded } from './starter';
import { StreamBuffer } from './streamBuffer';
import { type Header, Wire } from './wire';

const { connection, interrupts, backlog, kernelInfo, memoryLimit, answers: typed } = workerData as ThreadData;
if (!parentPort) throw new Error('this is the code of a thread');
const main = parentPort;
const wire = new Wire(connection.key);
const flag = new InterruptFlag(interrupts);
const pending = new Int32Array(backlog);
const lastWords = new LastWords(connection.file, memoryLimit);

/**
 * How long, in milliseconds, the cell thread may take to notice an interrupt, and to exit, before this thread
 * intervenes.
 */
const PATIENCE = 400;
const SHUTDOWN = 3_000;
/** The fraction of the memory limit above which a warning is shown. */
const MEMORY_WARNING = 0.8;

// Unlimited queue: ZeroMQ's default high-water mark would drop messages.
const iopub = new Publisher({ sendHighWaterMark: 0, linger: 1_000 });
const shell = new Router({ sendHighWaterMark: 0, linger: 1_000 });
const control = new Router({ sendHighWaterMark: 0, linger: 1_000 });
// `mandatory`: sending to a front end without an input channel has to fail.
const stdin = new Router({ sendHighWaterMark: 0, linger: 1_000, mandatory: true });
const heartbeat = new Reply();

const senders = {
  iopub: new Sender(iopub),
  shell: new Sender(shell),
  control: new Sender(control),
  stdin: new Sender(stdin),
};

const streams = new StreamBuffer(({ parent, name, text }) => {
  publish(parent, 'stream', JSON.stringify({ name, text }));
  Atomics.sub(pending, 0, text.length);
  Atomics.notify(pending, 0);
});

function publish(parent: Header | undefined, type: string, content: string, extras: Extras = {}): void {
  senders.iopub.send(wire.encode({ identities: [type], type, parent, content, ...extras }));
}

function reply(to: Request, type: string, content: string): Promise<boolean> {
  return senders[to.channel].send(wire.encode({ identities: to.identities, type, parent: to.header, content }));
}

function tell(message: FromThread): void {
  main.postMessage(message);
}

main.on('message', (message: ToThread) => {
  if (message.kind === 'stream') return streams.add(message);
  streams.flush(); // keeps the order of the output
  if (message.kind === 'publish') {
    publish(message.parent, message.type, message.content, message);
    if (message.type === 'execute_input' && message.parent) begin(message.parent, message.content);
  } else if (message.kind === 'reply') {
    const sent = reply(message.to, message.type, message.content);
    // The file is written afterwards, so that the answer isn't delayed.
    if (message.type === 'execute_reply') void sent.then(() => end(message.to.header));
  } else if (message.kind === 'ask') void questions.ask(message.to, message.question, message.id);
  else if (message.kind === 'forget') questions.forget(message.id);
  else void close();
});

/** Records that a cell begins. The first cell reports how the previous kernel died. */
function begin(cell: Header, content: string): void {
  if (!running && lastWords.before) publish(cell, 'stream', JSON.stringify({ name: 'stderr', text: lastWords.before }));
  running = cell;
  lastWords.begin(content);
}

/** Records that a cell has ended, unless another began meanwhile. */
function end(cell: Header): void {
  if (running?.msg_id === cell.msg_id) lastWords.end();
}

/** Requests that this thread answers itself, even while a cell computes. */
const answers = new Map<string, (request: Request) => void>([
  ['kernel_info_request', (request) => answer(request, 'kernel_info_reply', kernelInfo)],
  [
    'interrupt_request',
    (request) => {
      interrupt();
      answer(request, 'interrupt_reply', '{"status":"ok"}');
    },
  ],
]);

function answer(request: Request, type: string, content: string): void {
  publish(request.header, 'status', '{"execution_state":"busy"}');
  reply(request, type, content);
  publish(request.header, 'status', '{"execution_state":"idle"}');
}

let signalling: NodeJS.Timeout | undefined;

function interrupt(): void {
  flag.request();
  tell({ kind: 'interrupt' });
  // Code that never checks the flag nor returns to the event loop is broken by a signal, which Node's `vm` handles
  // while a cell runs. A signal that arrives just before that is lost, so it is repeated.
  clearInterval(signalling);
  signalling = setInterval(() => {
    if (flag.requested) flag.signal();
    else clearInterval(signalling);
  }, PATIENCE);
}

async function serve(socket: Router, channel: RequestChannel): Promise<void> {
  for await (const parts of socket) {
    try {
      receive({ ...wire.decode(parts), channel });
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`); // an unauthenticated sender gets no reply
    }
  }
}

function receive(request: Request): void {
  const type = request.header.msg_type;
  const own = answers.get(type);
  if (own) own(request);
  else {
    if (type === 'shutdown_request') {
      lastWords.close();
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), SHUTDOWN).unref();
    }
    tell({ kind: 'request', request });
  }
}

const questions = new Questions({
  send: (to, id, content) =>
    senders.stdin.send(
      wire.encode({ id, identities: to.identities, type: 'input_request', parent: to.header, content }),
    ),
  answer: (answer) => {
    typed.postMessage(answer);
    flag.wake();
  },
});

async function listen(): Promise<void> {
  for await (const parts of stdin) {
    try {
      questions.receive(wire.decode(parts));
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
    }
  }
}

async function beat(): Promise<void> {
  for await (const parts of heartbeat) await heartbeat.send(parts);
}

/** The cell that began last. */
let running: Header | undefined;

/** Warns before memory runs out: when it does, the process is killed without notice. */
function watchMemory(): void {
  let warned: Header | undefined;
  setInterval(() => {
    const used = process.memoryUsage.rss();
    lastWords.use(used);
    if (used < MEMORY_WARNING * memoryLimit || !running || running === warned) return;
    warned = running;
    streams.flush();
    const text = `This kernel uses ${gigabytes(used)} of memory. It may end without another word, and its variables with it, when that is more than ${gigabytes(memoryLimit)}.\n`;
    publish(running, 'stream', JSON.stringify({ name: 'stderr', text }));
  }, 100).unref();
}

/** Exits when the process that started the kernel has ended. */
function endWithStarter(): void {
  const ended = starterEnded();
  if (!ended) return;
  const look = () => {
    if (!ended()) return;
    lastWords.close();
    process.kill(process.pid, 'SIGKILL');
  };
  look(); // it may have ended while this process started
  setInterval(look, 1_000).unref();
}

/** Closes the sockets: ZeroMQ aborts the process when a thread ends with open sockets. */
async function close(reason?: string): Promise<void> {
  await Promise.all(Object.values(senders).map((sender) => sender.idle()));
  for (const socket of [iopub, shell, control, stdin, heartbeat]) socket.close();
  await sleep(50); // ZeroMQ's own thread may still be writing
  tell({ kind: 'closed', reason });
}

async function open(): Promise<void> {
  endWithStarter();
  const { shell_port, iopub_port, control_port, stdin_port, hb_port } = connection;
  await Promise.all([
    bind(iopub, iopub_port),
    bind(shell, shell_port),
    bind(control, control_port),
    bind(stdin, stdin_port),
    bind(heartbeat, hb_port),
  ]);
  publish(undefined, 'status', '{"execution_state":"starting"}');
  watchMemory();
  await Promise.all([serve(shell, 'shell'), serve(control, 'control'), listen(), beat()]);
}

async function bind(socket: Publisher | Router | Reply, port: number): Promise<void> {
  const address = addressOf(connection, port);
  try {
    await socket.bind(address);
  } catch (error) {
    throw new Error(`can't listen at ${address}: ${(error as Error).message}`);
  }
}

open().catch((error: Error) => close(error.message));
