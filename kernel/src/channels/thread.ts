/** The thread with the sockets. */
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

/** How long the thread that runs cells may take to see an interrupt by itself, and to end, in milliseconds. */
const PATIENCE = 400;
const SHUTDOWN = 3_000;
/** The part of the memory that may be used without a warning. */
const MEMORY_WARNING = 0.8;

// No limit to the unsent messages: ZeroMQ's own would drop what exceeds it.
const iopub = new Publisher({ sendHighWaterMark: 0, linger: 1_000 });
const shell = new Router({ sendHighWaterMark: 0, linger: 1_000 });
const control = new Router({ sendHighWaterMark: 0, linger: 1_000 });
// Mandatory: a question to a front end that takes no input has to be known not to arrive.
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
  streams.flush(); // what was printed before comes before
  if (message.kind === 'publish') {
    publish(message.parent, message.type, message.content, message);
    if (message.type === 'execute_input' && message.parent) begin(message.parent, message.content);
  } else if (message.kind === 'reply') {
    const sent = reply(message.to, message.type, message.content);
    // A file is written for it, which the answer need not wait for.
    if (message.type === 'execute_reply') void sent.then(() => end(message.to.header));
  } else if (message.kind === 'ask') void questions.ask(message.to, message.question, message.id);
  else if (message.kind === 'forget') questions.forget(message.id);
  else void close();
});

/** A cell begins; the first one tells how the kernel before this one ended, where that had nobody to tell it. */
function begin(cell: Header, content: string): void {
  if (!running && lastWords.before) publish(cell, 'stream', JSON.stringify({ name: 'stderr', text: lastWords.before }));
  running = cell;
  lastWords.begin(content);
}

/** A cell has ended, unless another has begun meanwhile. */
function end(cell: Header): void {
  if (running?.msg_id === cell.msg_id) lastWords.end();
}

/** What this thread answers by itself, even while a cell keeps the other one busy. */
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
  // Code that looks at no flag and never returns to the event loop is broken by a signal, which Node's `vm` waits for while a cell runs;
  // one that comes as it begins to wait is lost.
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
      process.stderr.write(`${(error as Error).message}\n`); // whoever sent it is not to be answered
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

/** Says that memory runs out, which ends a process without a word: nothing in it can act any more when it does. */
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

/** Ends this process when whoever started the kernel has ended without a word. */
function endWithStarter(): void {
  const ended = starterEnded();
  if (!ended) return;
  const look = () => {
    if (!ended()) return;
    lastWords.close();
    process.kill(process.pid, 'SIGKILL');
  };
  look(); // it may have, while this process began
  setInterval(look, 1_000).unref();
}

/** ZeroMQ ends the process by SIGABRT when a thread ends that has open sockets. */
async function close(reason?: string): Promise<void> {
  await Promise.all(Object.values(senders).map((sender) => sender.idle()));
  for (const socket of [iopub, shell, control, stdin, heartbeat]) socket.close();
  await sleep(50); // ZeroMQ's own thread still writes
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
