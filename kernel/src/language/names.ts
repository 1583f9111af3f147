/** The names shared by compiled code and the process that runs it. Nothing here loads the compiler. */

/** Functions through which compiled code imports modules: synchronously, or as a promise. */
export const IMPORT = '$import';
export const IMPORT_LATER = '$importLater';
/** The variable with the code's file; cells and modules may have a `__filename` of their own. */
export const FILE = '$file';
/** The function by which a cell shares its imports; see `plainExports`. */
export const SHARE = '$share';
/** The function that marks uninitialized exports; see `lateNames`. */
export const LATE = '$late';
/** The names of the kernel's helpers; see `guardLoops`, `replaceImportMeta` and `tellCaught`. */
export const INTERRUPT_FLAG = '$interruptFlag';
export const INTERRUPT_CHECK = '$throwIfInterrupted';
export const IMPORT_META = '$importMeta';
export const CAUGHT = '$caught';

/** Among imported names: the whole namespace. */
export const WHOLE = '*';

/** An import of a module or cell. */
export interface ImportRequest {
  /** The module specifier. */
  readonly id: string;
  /** Its place, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The file that the compiler resolved it to; only set for packages. */
  readonly file?: string;
  /** Its import attributes. */
  readonly attributes?: ImportAttributes;
}

/** The attributes of `import x from 'x' with { type: 'json' }`. */
export type ImportAttributes = Readonly<Record<string, string>>;
