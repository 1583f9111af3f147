/**
 * The compiler as the kernel's process sees it: it works in one of its own, and answers by messages. Should that end, another begins in its
 * place, and is told what cells have declared.
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

/** What is asked, and who waits for the answer. */
interface Asked {
  readonly request: ToCompiler;
  readonly answer: Deferred<unknown>;
  /** So many processes have ended over it. */
  ends: number;
}

/** A request over which so many processes have ended isn't asked again. */
const MOST_ENDS = 2;

export class CompilerProcess {
  readonly #start: CompilerStart;
  /** What waits for an answer, in its order. */
  readonly #asked = new Map<number, Asked>();
  /** Undefined where it has ended, and nothing has been asked since. */
  #process: ChildProcess | undefined;
  #count = 0;
  #isClosed = false;
  /** What cells have declared, as far as it was told. */
  #declared: Declared | undefined;
  /** The cell that was compiled last, as long as what it declares is not among that. */
  #compiled: ToCompiler | undefined;

  /**
   * @param directory the notebook's folder, from which imports are resolved
   * @param packages folders of packages to use where that folder has none of the name
   */
  constructor(directory: string, packages: KnownPackages = {}) {
    this.#start = { notebook: notebookFolder(), directory, packages: missingPackages(directory, packages) };
    this.#begin(usableSnapshot(directory));
  }

  /** Asks for something; answers come in the order of the requests. */
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
   * Begins a process, which is told what the one before knew, and asked what that hasn't answered.
   *
   * @param snapshot out of which it begins; one that this Node doesn't take it tells by ending at once
   */
  #begin(snapshot: string | undefined): void {
    const options: ForkOptions & Pick<SpawnOptions, 'windowsHide'> = {
      ...(snapshot !== undefined && { execArgv: ['--snapshot-blob', snapshot] }),
      cwd: this.#start.directory,
      env: { ...process.env, ...LARGE_PAGES },
      // What is said to the kernel's group of processes, as an interrupt is, isn't said to this one.
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
      // Node ends by itself, by whatever way; a kill isn't its own.
      const isRefused = !isThere && snapshot !== undefined && signal !== 'SIGKILL';
      if (isRefused) rmSync(snapshot, { force: true });
      else this.#blameFirst(signal ?? String(code));
      if (this.#asked.size > 0) this.#begin(isRefused ? undefined : usableSnapshot(this.#start.directory));
    });
    // Not by the kernel's own stream, which is a cell's where one runs.
    begun.stderr?.on('data', (text: Buffer) => (isThere || snapshot === undefined) && writeSync(2, text));
    (begun.stderr as Socket | null)?.unref();
    if (this.#declared) this.#send(this.#request('goOn', this.#declared));
    if (this.#compiled) this.#send(this.#compiled);
    for (const { request } of this.#asked.values()) this.#send(request);
    this.#hold();
  }

  #send(request: ToCompiler): void {
    this.#process?.send(request, () => {}); // where it has ended, what has no answer is asked again
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

  /** A process has ended: over the first of what it was asked, for all that one knows. */
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

  /** Has this process live on as long as an answer is waited for, and no longer. */
  #hold(): void {
    const how = this.#asked.size > 0 ? 'ref' : 'unref';
    this.#process?.[how]();
    this.#process?.channel?.[how]();
  }
}

const ENDING = new Error('the kernel ends');

/** Of Linux: a snapshot is read into memory at once, where small pages cost a sixth of the time. */
const LARGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

const MAIN = path.join(__dirname, 'compilerMain.js');

function asError({ message, stack, report }: CompilerFailure): Error {
  if (report !== undefined) return new TypeScriptError(message, report);
  return Object.assign(new Error(message), { stack });
}
