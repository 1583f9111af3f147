/** What compiled code and the process that runs it know each other by. Nothing here loads the compiler. */

/** The names by which compiled code asks for modules: at once, for one that is there or can be had at once, and by a promise. */
export const IMPORT = '$import';
export const IMPORT_LATER = '$importLater';
/** The name by which it knows its file: a cell, or a module, may have a `__filename` of its own. */
export const FILE = '$file';
/** The name by which a cell has others know what it imports; see `plainExports`. */
export const SHARE = '$share';
/** The name by which a module says what of its exports has no value yet; see `lateNames`. */
export const LATE = '$late';
/** The names by which it reaches the kernel; see `guardLoops`, `replaceImportMeta` and `tellCaught`. */
export const INTERRUPT_FLAG = '$interruptFlag';
export const INTERRUPT_CHECK = '$throwIfInterrupted';
export const IMPORT_META = '$importMeta';
export const CAUGHT = '$caught';

/** Among the names that are imported: all, as one object. */
export const WHOLE = '*';

/** A module that another one, or a cell, imports. */
export interface ImportRequest {
  /** What stands between the quotation marks. */
  readonly id: string;
  /** Where, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The file that the compiler has found for it; unknown of what isn't a package's. */
  readonly file?: string;
  /** What stands after `with`. */
  readonly attributes?: ImportAttributes;
}

/** Of `import x from 'x' with { type: 'json' }` what comes last. */
export type ImportAttributes = Readonly<Record<string, string>>;
