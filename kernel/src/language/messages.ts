/** What the kernel's process and the compiler's say to each other. */
import type { Completeness } from './completeness';
import type { Completion } from './completion';
import type { CompiledCell, Declared, KnownPackages } from './engine';
import type { Explanation } from './explanation';
import type { HelpRequest } from './help';

/** What the compiler's process is started with, as JSON on its command line. */
export interface CompilerStart {
  /** The folder of the notebook, and the one that its cells run in. */
  readonly notebook: string;
  readonly directory: string;
  /** Folders of packages to use where the notebook's folder has none of the name. */
  readonly packages: KnownPackages;
}

/** Of a compiled cell what it takes to run it: what it declares stays where the next one is compiled. */
export type RunnableCell = Omit<CompiledCell, 'modules' | 'disposed' | 'declarations'> & {
  /** See {@link CompiledCell.modules}. */
  readonly modules: readonly (readonly [file: string, source: string])[];
};

/** What the compiler can be asked for, by its name: what it is given, and what it gives. */
export interface Requests {
  compile(source: string, name: string): RunnableCell;
  /** The cell that was compiled last has run; see `LanguageEngine.declare`. What cells have declared by now, where that is something else. */
  declare(missing: readonly string[]): Declared | undefined;
  /** What cells have declared that another compiler has compiled, which is gone. */
  goOn(declared: Declared): void;
  complete(source: string, offset: number): Completion;
  inspect(source: string, offset: number): Explanation | undefined;
  completeness(source: string): Completeness;
  helpRequest(source: string): HelpRequest | undefined;
  /** The file of a package. */
  find(id: string): string | undefined;
  /** Does a part of what makes ready for a cell that imports a package; whether there is more to do. */
  warmUp(name: string): boolean;
}

export type RequestName = keyof Requests;

/** From the kernel's process. */
export type ToCompiler = {
  [Name in RequestName]: { readonly id: number; readonly name: Name; readonly parameters: Parameters<Requests[Name]> };
}[RequestName];

/** From the compiler's: first that it is there, then an answer to each request, in their order. */
export type FromCompiler =
  | { readonly kind: 'begun' }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: CompilerFailure };

/** An error; of a cell that doesn't compile with its `report`. */
export interface CompilerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly report?: string;
}
