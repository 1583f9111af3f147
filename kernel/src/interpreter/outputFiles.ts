/** Files for the output of a cell that exceeds what a page can show. */
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MimeBundle } from 'tf-mechanics/kernel-host';
import { notebookFolder } from '../notebookFolder';

/** The folder, below the notebook's; not hidden, since Jupyter doesn't open hidden folders. Git ignores it. */
export const FOLDER = 'cell-outputs';
/** Size limits in bytes: for one cell, and for all cells before it. */
const MAX_OF_CELL = 250e6;
const MAX_OF_OTHERS = 750e6;
/** Characters written at once. */
const CHUNK = 2 ** 18;
/** Characters kept in memory of the end. */
const END = 10_000;

/** The representations of a display that are saved, by preference, with their file extensions. */
const FORMS = [
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/svg+xml', 'svg'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['text/latex', 'tex'],
  ['application/json', 'json'],
] as const;

/** The output files of one cell. */
export class OutputFiles {
  /** The path of the file with printed text. */
  readonly text: string;
  readonly #base: string;
  readonly #displays: string[] = [];
  #waiting: string[] = [];
  #length = 0;
  #end = '';
  #bytes = 0;
  #bytesLeftOut = 0;

  private constructor(base: string) {
    this.#base = base;
    this.text = `${base}.txt`;
    writeFileSync(this.text, '');
  }

  /**
   * Creates the files of a cell in the notebook's folder or, if that isn't writable, in the folder for temporary files.
   *
   * @param cell `In[3]`
   * @returns undefined where nothing can be written
   */
  static make(cell: string): OutputFiles | undefined {
    const notebook = path.basename(process.env.JPY_SESSION_NAME || 'notebook', '.ipynb');
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const name = [notebook, cell, time].map((part) => part.replaceAll(/[^\w.]+/g, ' ').trim()).join('-');
    for (const folder of [
      path.join(notebookFolder(), FOLDER),
      path.join(tmpdir(), `${FOLDER}-${process.getuid?.() ?? ''}`),
    ]) {
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path.join(folder, '.gitignore'), '*\n');
        makeRoom(folder);
        return new OutputFiles(path.join(folder, name.replaceAll(' ', '-')));
      } catch {
        // try the next one
      }
    }
    return undefined;
  }

  /** Displays that were saved but not shown: the latest files, and their total number. */
  get displays(): readonly string[] {
    return this.#displays;
  }

  /** The size of all output in bytes, and of the part that wasn't saved. */
  get bytes(): { readonly all: number; readonly leftOut: number } {
    return { all: this.#bytes + this.#length, leftOut: this.#bytesLeftOut };
  }

  /** The last lines of the printed text. */
  get end(): string {
    return (this.#end + this.#waiting.join('')).slice(-END);
  }

  print(text: string): void {
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length > CHUNK) this.flush();
  }

  /**
   * Saves a display.
   *
   * @param file a file to replace
   * @returns its file; undefined if the limit is reached, or for plain text, which is printed
   */
  display(data: MimeBundle, file?: string): string | undefined {
    const [type, ending] = FORMS.find(([type]) => data[type] !== undefined) ?? [];
    const plain = String(data['text/plain'] ?? '');
    if (!type) {
      this.print(`${plain}\n`);
      return undefined;
    }
    const target = file ?? `${this.#base}-${this.#displays.length + 1}.${ending}`;
    if (!this.#write(bytesOf(type, data[type]), (bytes) => writeFileSync(target, bytes))) return undefined;
    if (!file) {
      this.#displays.push(target);
      this.print(`[${plain.split('\n', 1)[0]?.slice(0, 200)}: ${path.basename(target)}]\n`);
    }
    return target;
  }

  /** Writes pending text. */
  flush(): void {
    if (this.#length === 0) return;
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#length = 0;
    this.#end = (this.#end + text.slice(-END)).slice(-END);
    this.#write(Buffer.from(text), (bytes) => appendFileSync(this.text, bytes));
  }

  /** Deletes the files, when output is cleared. */
  remove(): void {
    for (const file of [this.text, ...this.#displays]) rmSync(file, { force: true });
  }

  #write(bytes: Buffer, write: (bytes: Buffer) => void): boolean {
    this.#bytes += bytes.length;
    try {
      if (this.#bytes - this.#bytesLeftOut > MAX_OF_CELL) throw new Error('no more room');
      write(bytes);
      return true;
    } catch {
      this.#bytesLeftOut += bytes.length;
      return false;
    }
  }
}

function bytesOf(type: string, form: unknown): Buffer {
  if (form instanceof Uint8Array) return Buffer.from(form.buffer, form.byteOffset, form.byteLength);
  if (typeof form !== 'string') return Buffer.from(JSON.stringify(form) ?? '');
  return Buffer.from(form, /^image\/(?!svg)/.test(type) ? 'base64' : 'utf8');
}

/** Deletes the oldest files of a folder that exceeds its limit. */
function makeRoom(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name !== '.gitignore')
    .flatMap((name) => {
      const file = path.join(folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      return found?.isFile() ? [{ file, size: found.size, time: found.mtimeMs }] : [];
    })
    .sort((a, b) => b.time - a.time);
  let total = 0;
  for (const { file, size } of files) {
    total += size;
    if (total > MAX_OF_OTHERS) rmSync(file, { force: true });
  }
}
