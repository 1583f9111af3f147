/** Detects changes in the files of a notebook's project. */
import { statSync } from 'node:fs';
import type * as TypeScript from 'typescript-6.0';
import { isUnderDevelopment } from '../projectFiles';

/** A file that the compiler watches. */
interface Watched {
  readonly callback: TypeScript.FileWatcherCallback;
  written: number;
}

/**
 * Polls for changes when {@link FileChanges.look} is called, before a cell is compiled. File system events would arrive
 * only when the event loop is free: after the waiting cell, if another one was computing.
 */
export class FileChanges {
  readonly #watched = new Map<string, Watched>();
  readonly #changed: TypeScript.FileWatcherEventKind;
  readonly #deleted: TypeScript.FileWatcherEventKind;

  /** @param isTold whether a file isn't on disk and its changes are reported by their author */
  constructor(host: TypeScript.WatchHost, ts: typeof TypeScript, isTold: (file: string) => boolean) {
    this.#changed = ts.FileWatcherEventKind.Changed;
    this.#deleted = ts.FileWatcherEventKind.Deleted;
    const { watchFile } = host;
    host.watchFile = (file, callback, ...rest) => {
      if (isTold(file)) return watchFile.call(host, file, callback, ...rest);
      if (!isUnderDevelopment(file)) return { close() {} }; // and its loaded module isn't reloaded either
      const watched = { callback, written: lastWritten(file) };
      this.#watched.set(file, watched);
      return {
        close: () => {
          if (this.#watched.get(file) === watched) this.#watched.delete(file);
        },
      };
    };
  }

  /** Reports changed files to the compiler; returns whether there are any. */
  look(): boolean {
    let isAny = false;
    for (const [file, watched] of this.#watched) {
      const written = lastWritten(file);
      if (written === watched.written) continue;
      isAny = true;
      watched.written = written;
      watched.callback(file, written === 0 ? this.#deleted : this.#changed);
    }
    return isAny;
  }
}

export function lastWritten(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
