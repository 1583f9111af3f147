/** What `import` and `require` give in a cell. */
import { statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { type MimeBundle, notebookHost } from 'tf-mechanics/dist/runtime/host';
import type { KnownPackages } from '../language/engine';
import { INTERRUPT_CHECK, INTERRUPT_FLAG } from '../language/transform';

/** Gives TypeScript modules of the notebook's folder what a cell's code gets as parameters. */
const PRELUDE = `const [${INTERRUPT_FLAG}, ${INTERRUPT_CHECK}] = globalThis[Symbol.for('tf-mechanics.interruption')]; `;

export class CellModules {
  readonly #directory: string;
  readonly #packages: KnownPackages;
  readonly #fromDirectory: NodeJS.Require;
  /** CommonJS of the folder's own TypeScript modules by path, and what has been loaded of them. */
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, Module>();
  /** When each file of a reloadable package was last written, as it was loaded. */
  readonly #written = new Map<string, number>();

  /**
   * @param directory the folder from which requests are resolved
   * @param packages folders of packages for which that folder has none; rebuilt ones are loaded anew
   */
  constructor(directory: string, packages: KnownPackages) {
    this.#directory = directory;
    this.#packages = packages;
    this.#fromDirectory = createRequire(path.join(directory, 'cell.js'));
  }

  /** Takes TypeScript modules that have been compiled, in the place of what was loaded of them. */
  add(modules: ReadonlyMap<string, string>): void {
    for (const [file, code] of modules) {
      this.#sources.set(file, code);
      this.#loaded.delete(file);
    }
  }

  /** `require` as a cell has it. */
  get require(): NodeJS.Require {
    return Object.assign((id: string) => this.#require(id, this.#directory, this.#fromDirectory), this.#fromDirectory);
  }

  #require(id: string, directory: string, native: NodeJS.Require): unknown {
    if (id === 'tslab') return tslab();
    return this.#local(id, directory) ?? this.#external(id, native);
  }

  /** A TypeScript module of the notebook's folder. */
  #local(id: string, directory: string): unknown {
    const file = path.join(directory, path.extname(id) ? id : `${id}.js`).replaceAll('\\', '/');
    const loaded = this.#loaded.get(file);
    if (loaded) return loaded.exports;
    const source = this.#sources.get(file);
    if (source === undefined) return undefined;
    const module = new Module(file, undefined) as Module & { _compile(code: string, file: string): void };
    const native = createRequire(file);
    module.filename = file;
    module.require = Object.assign((id: string) => this.#require(id, path.dirname(file), native), native);
    this.#loaded.set(file, module); // before it runs, for modules that import each other
    try {
      module._compile(PRELUDE + source, file);
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  #external(id: string, native: NodeJS.Require): unknown {
    const resolved = this.#resolve(id, native);
    const folder = resolved && this.#reloadable(resolved);
    if (!folder) return native(id);
    if (this.#isStale(folder)) this.#forget(folder);
    try {
      return native(resolved);
    } finally {
      this.#remember(folder);
    }
  }

  #resolve(id: string, native: NodeJS.Require): string | undefined {
    try {
      return native.resolve(id);
    } catch {
      const known = Object.entries(this.#packages).find(([name]) => id === name || id.startsWith(`${name}/`));
      if (!known) return undefined; // the request itself will say what is wrong
      const [name, folder] = known;
      return native.resolve(path.join(folder, id.slice(name.length)));
    }
  }

  /** The folder of a package that is reloaded once it has been rebuilt: one of ours. */
  #reloadable(file: string): string | undefined {
    return Object.values(this.#packages).find((folder) => file.startsWith(folder + path.sep));
  }

  #filesOf(folder: string): string[] {
    const inside = folder + path.sep;
    const dependencies = `${path.sep}node_modules${path.sep}`;
    return Object.keys(require.cache).filter(
      (file) => file.startsWith(inside) && !file.slice(folder.length).includes(dependencies),
    );
  }

  #isStale(folder: string): boolean {
    return this.#filesOf(folder).some((file) => {
      const written = this.#written.get(file);
      return written !== undefined && written !== lastWritten(file);
    });
  }

  #forget(folder: string): void {
    for (const file of this.#filesOf(folder)) {
      delete require.cache[file];
      this.#written.delete(file);
    }
  }

  #remember(folder: string): void {
    for (const file of this.#filesOf(folder)) if (!this.#written.has(file)) this.#written.set(file, lastWritten(file));
  }
}

/** tslab's own module, whose displays go where the library's go. */
function tslab(): unknown {
  const jupyter = require('tslab/dist/jupyter') as {
    lastWriteDisplayData: (
      content: { data: MimeBundle; transient?: { display_id?: string } },
      update?: boolean,
    ) => void;
  };
  jupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    notebookHost()?.display(data, { displayId: transient?.display_id, update });
  return require('tslab');
}

function lastWritten(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
