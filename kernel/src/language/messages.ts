/** The messages between the kernel's process and the compiler's. */
import type { Completeness } from './completeness';
import type { Completion } from './completion';
import type { CompiledCell, Declared, KnownPackages } from './engine';
import type { Explanation } from './explanation';
import type { HelpRequest } from './help';

/** The compiler process's start parameters, passed as JSON on the command line. */
export interface CompilerStart {
  /** The notebook's folder and the working directory of its cells. */
  readonly notebook: string;
  readonly directory: string;
  /** Fallback folders of packages that the notebook's folder lacks. */
  readonly packages: KnownPackages;
}

/** The part of a compiled cell that is needed to run it; its declarations stay in the compiler process. */
export type RunnableCell = Omit<CompiledCell, 'modules' | 'disposed' | 'declarations'> & {
  /** See {@link CompiledCell.modules}. */
  readonly modules: readonly (readonly [file: string, source: string])[];
};

/** The requests to the compiler by name, with their parameters and results. */
export interface Requests {
  compile(source: string, name: string): RunnableCell;
  /**
   * Reports that the last compiled cell has run; see `LanguageEngine.declare`. Returns the notebook's declarations if
   * they have changed.
   */
  declare(missing: readonly string[]): Declared | undefined;
  /** Restores the declarations of cells compiled by an earlier process. */
  goOn(declared: Declared): void;
  complete(source: string, offset: number): Completion;
  inspect(source: string, offset: number): Explanation | undefined;
  completeness(source: string): Completeness;
  helpRequest(source: string): HelpRequest | undefined;
  /** The file of a package. */
  find(id: string): string | undefined;
  /** Does a step of preloading for cells that import a package; returns whether there are more. */
  warmUp(name: string): boolean;
}

export type RequestName = keyof Requests;

/** From the kernel's process. */
export type ToCompiler = {
  [Name in RequestName]: { readonly id: number; readonly name: Name; readonly parameters: Parameters<Requests[Name]> };
}[RequestName];

/** From the compiler's process: first a ready message, then an answer to each request in order. */
export type FromCompiler =
  | { readonly kind: 'begun' }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: CompilerFailure };

/** An error; for a cell that doesn't compile, with its `report`. */
export interface CompilerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly report?: string;
}
