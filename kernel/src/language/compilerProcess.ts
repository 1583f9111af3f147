/** The compiler as the kernel's process sees it: it works in one of its own, and answers by messages. */
import { type ChildProcess, type ForkOptions, fork, type SpawnOptions } from 'node:child_process';
import { existsSync, rmSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { type Deferred, deferred } from '../deferred';
import { touch } from '../keptFiles';
import { notebookFolder } from '../notebookFolder';
import { snapshotFile } from '../snapshot/snapshot';
import type { KnownPackages } from './engine';
import type { CompilerFailure, CompilerStart, FromCompiler, RequestName, Requests, ToCompiler } from './messages';
import { TypeScriptError } from './typeScriptError';

type Answer<Name extends RequestName> = Promise<ReturnType<Requests[Name]>>;

/** What is asked, and who waits for the answer. */
interface Asked {
  readonly request: ToCompiler;
  readonly answer: Deferred<unknown>;
}

export class CompilerProcess {
  readonly #start: CompilerStart;
  readonly #asked = new Map<number, Asked>();
  #process: ChildProcess;
  #count = 0;
  /** Why it answers no more. */
  #ended: Error | undefined;

  /**
   * @param directory the notebook's folder, from which imports are resolved
   * @param packages folders of packages to use where that folder has none of the name
   */
  constructor(directory: string, packages: KnownPackages = {}) {
    this.#start = { notebook: notebookFolder(), directory, packages };
    const snapshot = snapshotFile();
    this.#process = this.#begin(snapshot !== undefined && existsSync(snapshot) ? snapshot : undefined);
  }

  /** Asks for something; answers come in the order of the requests. */
  ask<Name extends RequestName>(name: Name, ...parameters: Parameters<Requests[Name]>): Answer<Name> {
    if (this.#ended) return Promise.reject(this.#ended);
    const asked: Asked = { request: { id: this.#count++, name, parameters } as ToCompiler, answer: deferred() };
    this.#asked.set(asked.request.id, asked);
    this.#send(asked);
    this.#hold();
    return asked.answer.promise as Answer<Name>;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  /** @param snapshot out of which it begins; one that this Node doesn't take it tells by ending at once */
  #begin(snapshot: string | undefined): ChildProcess {
    const options: ForkOptions & Pick<SpawnOptions, 'windowsHide'> = {
      ...(snapshot !== undefined && { execArgv: ['--snapshot-blob', snapshot] }),
      cwd: this.#start.directory,
      // What is said to the kernel's group of processes, as an interrupt is, isn't said to this one.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    };
    const begun = fork(MAIN, [JSON.stringify(this.#start)], options);
    let isThere = false;
    begun.on('message', (message: FromCompiler) => {
      if (!isThere && snapshot !== undefined) touch(snapshot);
      isThere = true;
      this.#receive(message);
    });
    begun.on('error', (error) => this.#end(error));
    begun.on('exit', (code, signal) => {
      if (isThere || snapshot === undefined)
        return this.#end(new Error(`the compiler has ended (${signal ?? code}): restart the kernel`));
      rmSync(snapshot, { force: true });
      this.#process = this.#begin(undefined);
      for (const asked of this.#asked.values()) this.#send(asked);
    });
    // Not by the kernel's own stream, which is a cell's where one runs.
    begun.stderr?.on('data', (text: Buffer) => (isThere || snapshot === undefined) && writeSync(2, text));
    (begun.stderr as Socket | null)?.unref();
    this.#process = begun;
    this.#hold();
    return begun;
  }

  #send({ request }: Asked): void {
    this.#process.send(request, () => {}); // where it is gone, that is told elsewhere
  }

  #receive(message: FromCompiler): void {
    if (message.kind === 'begun') return;
    const { answer } = this.#asked.get(message.id) ?? {};
    this.#asked.delete(message.id);
    this.#hold();
    if (message.kind === 'answer') answer?.resolve(message.value);
    else answer?.reject(asError(message.error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { answer } of this.#asked.values()) answer.reject(this.#ended);
    this.#asked.clear();
  }

  /** Has this process live on as long as an answer is waited for, and no longer. */
  #hold(): void {
    const how = this.#asked.size > 0 ? 'ref' : 'unref';
    this.#process[how]();
    this.#process.channel?.[how]();
  }
}

const MAIN = path.join(__dirname, 'compilerMain.js');

function asError({ message, stack, report }: CompilerFailure): Error {
  if (report !== undefined) return new TypeScriptError(message, report);
  return Object.assign(new Error(message), { stack });
}
