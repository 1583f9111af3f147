/**
 * The compiler as seen from the kernel's process: it runs in a child process and answers by messages. If that process
 * ends, another one is started and given the notebook's declarations.
 */
import { type ChildProcess, type ForkOptions, fork, type SpawnOptions } from 'node:child_process';
import { rmSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { type Deferred, deferred } from '../deferred';
import { touch } from '../keptFiles';
import { notebookFolder } from '../notebookFolder';
import { missingPackages } from '../projectFiles';
import { usableSnapshot } from '../snapshot/snapshot';
import type { Declared, KnownPackages } from './engine';
import type { CompilerFailure, CompilerStart, FromCompiler, RequestName, Requests, ToCompiler } from './messages';
import { TypeScriptError } from './typeScriptError';

type Answer<Name extends RequestName> = Promise<ReturnType<Requests[Name]>>;

/** A request with its pending promise. */
interface Asked {
  readonly request: ToCompiler;
  readonly answer: Deferred<unknown>;
  /** How many processes have ended while handling it. */
  ends: number;
}

/** A request that has ended this many processes isn't retried. */
const MOST_ENDS = 2;

export class CompilerProcess {
  readonly #start: CompilerStart;
  /** Pending requests in order. */
  readonly #asked = new Map<number, Asked>();
  /** Undefined after it has ended, until the next request. */
  #process: ChildProcess | undefined;
  #count = 0;
  #isClosed = false;
  /** The declarations of cells, as last reported. */
  #declared: Declared | undefined;
  /** The last compile request, until its declarations are included in those. */
  #compiled: ToCompiler | undefined;

  /**
   * @param directory the notebook's folder, from which imports are resolved
   * @param packages fallback folders of packages that can't be resolved there
   */
  constructor(directory: string, packages: KnownPackages = {}) {
    this.#start = { notebook: notebookFolder(), directory, packages: missingPackages(directory, packages) };
    this.#begin(usableSnapshot(directory));
  }

  /** Sends a request; answers arrive in the order of the requests. */
  ask<Name extends RequestName>(name: Name, ...parameters: Parameters<Requests[Name]>): Answer<Name> {
    if (this.#isClosed) return Promise.reject(ENDING);
    const asked: Asked = { request: this.#request(name, ...parameters), answer: deferred(), ends: 0 };
    this.#asked.set(asked.request.id, asked);
    if (this.#process) this.#send(asked.request);
    else this.#begin(usableSnapshot(this.#start.directory));
    this.#hold();
    return asked.answer.promise as Answer<Name>;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#process?.connected) this.#process.disconnect();
    this.#fail(ENDING);
  }

  #request<Name extends RequestName>(name: Name, ...parameters: Parameters<Requests[Name]>): ToCompiler {
    return { id: this.#count++, name, parameters } as ToCompiler;
  }

  /**
   * Starts a process, restores the declarations in it and repeats unanswered requests.
   *
   * @param snapshot the snapshot to start from; a process whose Node rejects the snapshot ends at once
   */
  #begin(snapshot: string | undefined): void {
    const options: ForkOptions & Pick<SpawnOptions, 'windowsHide'> = {
      ...(snapshot !== undefined && { execArgv: ['--snapshot-blob', snapshot] }),
      cwd: this.#start.directory,
      env: { ...process.env, ...LARGE_PAGES },
      // A process group of its own: interrupts sent to the kernel's group don't reach it.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    };
    const begun = fork(MAIN, [JSON.stringify(this.#start)], options);
    this.#process = begun;
    let isThere = false;
    begun.on('message', (message: FromCompiler) => {
      if (!isThere && snapshot !== undefined) touch(snapshot);
      isThere = true;
      this.#receive(message);
    });
    begun.on('error', (error) => {
      this.#process = undefined;
      this.#fail(error);
    });
    begun.on('exit', (code, signal) => {
      this.#process = undefined;
      if (this.#isClosed) return;
      // A rejected snapshot makes Node exit on its own, not by a kill.
      const isRefused = !isThere && snapshot !== undefined && signal !== 'SIGKILL';
      if (isRefused) rmSync(snapshot, { force: true });
      else this.#blameFirst(signal ?? String(code));
      if (this.#asked.size > 0) this.#begin(isRefused ? undefined : usableSnapshot(this.#start.directory));
    });
    // Forwarded directly: the kernel's `process.stderr` belongs to the running cell.
    begun.stderr?.on('data', (text: Buffer) => (isThere || snapshot === undefined) && writeSync(2, text));
    (begun.stderr as Socket | null)?.unref();
    if (this.#declared) this.#send(this.#request('goOn', this.#declared));
    if (this.#compiled) this.#send(this.#compiled);
    for (const { request } of this.#asked.values()) this.#send(request);
    this.#hold();
  }

  #send(request: ToCompiler): void {
    this.#process?.send(request, () => {}); // if it has ended, unanswered requests are repeated
  }

  #receive(message: FromCompiler): void {
    if (message.kind === 'begun') return;
    const { request, answer } = this.#asked.get(message.id) ?? {};
    if (!request || !answer) return;
    this.#asked.delete(message.id);
    this.#hold();
    if (message.kind === 'failure') {
      answer.reject(asError(message.error));
      return;
    }
    if (request.name === 'compile') this.#compiled = request;
    if (request.name === 'declare') {
      this.#compiled = undefined;
      this.#declared = (message.value as Declared | undefined) ?? this.#declared;
    }
    answer.resolve(message.value);
  }

  /** Attributes the end of a process to its first unanswered request. */
  #blameFirst(how: string): void {
    const [first] = this.#asked.values();
    if (!first || ++first.ends < MOST_ENDS) return;
    this.#asked.delete(first.request.id);
    first.answer.reject(
      new Error(`the compiler has ended over this (${how}), twice: what other cells have declared is still known`),
    );
  }

  #fail(error: Error): void {
    for (const { answer } of this.#asked.values()) answer.reject(error);
    this.#asked.clear();
  }

  /** Keeps this process alive only while an answer is pending. */
  #hold(): void {
    const how = this.#asked.size > 0 ? 'ref' : 'unref';
    this.#process?.[how]();
    this.#process?.channel?.[how]();
  }
}

const ENDING = new Error('the kernel ends');

/** On Linux: a snapshot is read into memory at once, and with huge pages the page faults take a sixth of the time. */
const LARGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

const MAIN = path.join(__dirname, 'compilerMain.js');

function asError({ message, stack, report }: CompilerFailure): Error {
  if (report !== undefined) return new TypeScriptError(message, report);
  return Object.assign(new Error(message), { stack });
}
