/** Code completion in a cell. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { withComments } from './docComments';
import { type CellService, PREFIX } from './service';

export interface Candidate {
  readonly name: string;
  /** The kind of symbol: `function`, `const`, `method`. */
  readonly kind: string;
  readonly deprecated: boolean;
}

export interface Completion {
  /** The range of text that a candidate replaces, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

const PREFERENCES: TypeScript.GetCompletionsAtPositionOptions = {
  // Include completions that change the text before: `maybe?.name`.
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsForModuleExports: false,
  quotePreference: 'single',
};

/** The candidates at an offset of a cell, best first. */
export function complete(cells: CellService, declarations: string, source: string, offset: number): Completion {
  const { service, file } = cells.of(declarations, source);
  const position = offset + PREFIX.length;
  // Deprecation is declared in doc comments.
  const info = withComments(() => service.getCompletionsAtPosition(file.fileName, position, PREFERENCES));
  const entries = info?.entries ?? [];
  // Jupyter has one range for all candidates. Candidates that replace more, such as `["a-b"]` after a dot, are omitted
  // unless all do.
  const word = wordAt(file.text, position);
  const usual = info?.optionalReplacementSpan ?? word;
  const isUsual = entries.some(({ replacementSpan }) => !replacementSpan);
  const { start, length } = (isUsual ? undefined : entries[0]?.replacementSpan) ?? usual;
  // At `maybe.na` the compiler replaces only the dot, by `?.name`, and leaves the rest to the editor.
  const end = Math.max(start + length, word.start + word.length);
  const written = file.text.slice(start, end);
  // If the dot is replaced too, the name isn't typed text.
  const typed = file.text.slice(start, Math.max(start, position)).replace(/^\??\./, '');
  const candidates = entries
    .filter(({ replacementSpan = usual }) => replacementSpan.start === start)
    // Where a type is inferred from a string, the compiler also offers that string.
    .filter(({ name, kind }) => kind !== ts.ScriptElementKind.string || name !== written)
    .map((entry) => ({ entry, name: entry.insertText ?? entry.name, rank: likeness(entry.name, typed) }))
    .filter(({ rank }) => rank < LIKENESSES)
    .sort((a, b) => a.rank - b.rank || compare(a.entry.sortText, b.entry.sortText) || compare(a.name, b.name));
  return {
    start: start - PREFIX.length,
    end: end - PREFIX.length,
    candidates: candidates.map(({ entry: { kind, kindModifiers = '' }, name }) => ({
      name,
      kind,
      deprecated: kindModifiers.split(',').includes('deprecated'),
    })),
  };
}

/** Ranks a name for the typed text: it starts with it, starts with it ignoring case, contains it, or none of these. */
function likeness(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  const [inName, wanted] = [name.toLowerCase(), typed.toLowerCase()];
  if (inName.startsWith(wanted)) return 1;
  return inName.includes(wanted) ? 2 : LIKENESSES;
}

const LIKENESSES = 3;

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The identifier around an offset; empty if there is none. */
function wordAt(text: string, position: number): TypeScript.TextSpan {
  const isPart = (character: string) => ts.isIdentifierPart(character.codePointAt(0)!, ts.ScriptTarget.Latest);
  let start = position;
  while (start > 0 && isPart(text[start - 1]!)) start--;
  let end = position;
  while (end < text.length && isPart(text[end]!)) end++;
  return { start, length: end - start };
}
