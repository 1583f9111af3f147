/** What has changed of the files that a notebook's project is made of. */
import { statSync } from 'node:fs';
import type * as TypeScript from 'typescript-6.0';
import { isUnderDevelopment } from '../projectFiles';

/** What the compiler wants to be told about a file. */
interface Watched {
  readonly callback: TypeScript.FileWatcherCallback;
  written: number;
}

/**
 * Has the compiler be told of changes when {@link FileChanges.look} looks for them, which a cell does before it is compiled. What a system
 * tells of them comes when the kernel is at leisure: after the cell that was waiting for it, where one computed before.
 */
export class FileChanges {
  readonly #watched = new Map<string, Watched>();
  readonly #changed: TypeScript.FileWatcherEventKind;
  readonly #deleted: TypeScript.FileWatcherEventKind;

  /** @param isTold whether a file is not on the disk, and its changes are told by whoever makes them */
  constructor(host: TypeScript.WatchHost, ts: typeof TypeScript, isTold: (file: string) => boolean) {
    this.#changed = ts.FileWatcherEventKind.Changed;
    this.#deleted = ts.FileWatcherEventKind.Deleted;
    const { watchFile } = host;
    host.watchFile = (file, callback, ...rest) => {
      if (isTold(file)) return watchFile.call(host, file, callback, ...rest);
      if (!isUnderDevelopment(file)) return { close() {} }; // nor is what was loaded of it loaded again
      const watched = { callback, written: lastWritten(file) };
      this.#watched.set(file, watched);
      return {
        close: () => {
          if (this.#watched.get(file) === watched) this.#watched.delete(file);
        },
      };
    };
  }

  /** Tells the compiler of files that have changed since the last time; whether there are any. */
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
