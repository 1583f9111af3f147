/** What may follow at some place of a cell. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';
import { withComments } from './docComments';
import { type CellService, PREFIX } from './service';

export interface Candidate {
  readonly name: string;
  /** What it is: `function`, `const`, `method`. */
  readonly kind: string;
  readonly deprecated: boolean;
}

export interface Completion {
  /** The part of the text that a candidate replaces, as offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

const PREFERENCES: TypeScript.GetCompletionsAtPositionOptions = {
  // Also what can only be written otherwise: `maybe?.name`.
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsForModuleExports: false,
  quotePreference: 'single',
};

/** What may follow at an offset of a cell, the likeliest first. */
export function complete(cells: CellService, declarations: string, source: string, offset: number): Completion {
  const { service, file } = cells.of(declarations, source);
  const position = offset + PREFIX.length;
  // What is deprecated is said by comments.
  const info = withComments(() => service.getCompletionsAtPosition(file.fileName, position, PREFERENCES));
  const entries = info?.entries ?? [];
  // Jupyter has one place for all candidates. Those that replace more, as `["a-b"]` does after a dot, are left out unless all do.
  const word = wordAt(file.text, position);
  const usual = info?.optionalReplacementSpan ?? word;
  const isUsual = entries.some(({ replacementSpan }) => !replacementSpan);
  const { start, length } = (isUsual ? undefined : entries[0]?.replacementSpan) ?? usual;
  // Of `maybe.na` the compiler replaces the dot alone, by `?.name`, where it leaves the rest to the editor.
  const end = Math.max(start + length, word.start + word.length);
  const written = file.text.slice(start, end);
  // Where the dot is replaced, too, it is not what a name begins with.
  const typed = file.text.slice(start, Math.max(start, position)).replace(/^\??\./, '');
  const candidates = entries
    .filter(({ replacementSpan = usual }) => replacementSpan.start === start)
    // Where a type is inferred from a text, the compiler also offers what stands there.
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

/** How alike a name is to what has been typed of it: it begins so, but for the case, contains it, or is something else. */
function likeness(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  const [inName, wanted] = [name.toLowerCase(), typed.toLowerCase()];
  if (inName.startsWith(wanted)) return 1;
  return inName.includes(wanted) ? 2 : LIKENESSES;
}

const LIKENESSES = 3;

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The name around a place of a text, which is empty where there is none. */
function wordAt(text: string, position: number): TypeScript.TextSpan {
  const isPart = (character: string) => ts.isIdentifierPart(character.codePointAt(0)!, ts.ScriptTarget.Latest);
  let start = position;
  while (start > 0 && isPart(text[start - 1]!)) start--;
  let end = position;
  while (end < text.length && isPart(text[end]!)) end++;
  return { start, length: end - start };
}
