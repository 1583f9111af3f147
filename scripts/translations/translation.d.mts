export interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly unknown[];
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A text of a notebook's file, where it may be one string or its lines. */
export function text(source: Cell['source']): string;
/** A short name of a text, which any change of the text changes, but none of its blocks of code. */
export function hashOf(source: Cell['source']): string;
/** The translation as it has to be beside this original. */
export function carriedOver(original: Notebook, translation?: Notebook): Notebook;
/** The cells whose text isn't translated as it is now, with what is to be done. */
export function untranslated(original: Notebook, translation: Notebook): { id: string; what: string; begins: string }[];
