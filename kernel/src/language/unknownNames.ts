/** Advises which cells to run when a cell uses undeclared names after a restart. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { notebookFolder } from '../notebookFolder';
import { localNames } from './declarations';
import { innerVarNames } from './edit';

/** A cell and the names that it defines. */
interface Definition {
  /** As the page shows it (`In[3]`), or its first line. */
  readonly cell: string;
  readonly names: readonly string[];
}

interface Definitions {
  readonly above: readonly Definition[];
  readonly below: readonly Definition[];
}

/** From this many unknown names on, they aren't typos; fewer for a kernel's first cell. */
const MANY = 3;
const MANY_AT_FIRST = 2;
/** The maximal number of names listed. */
const NAMED = 5;

const HOW = 'Run > Run All Above Selected Cell';
/** The advice where the defining cells aren't known. */
export const ADVICE = `after a restart, run the cells above first (${HOW})`;

/**
 * The advice about unknown names, and the names that it covers; undefined if they may be typos.
 *
 * @param isFirst whether no cell has declared anything yet
 */
export function runFirst(
  names: readonly string[],
  cell: { readonly source: string; readonly isFirst: boolean },
): { readonly advice: string; readonly names: ReadonlySet<string> } | undefined {
  const { above, below } = findDefinitions(names, cell.source);
  const defined = [...above, ...below].flatMap(({ names }) => names);
  if (above.length > 0) {
    const further = below.length > 0 ? `; further down, ${listed(below)}` : '';
    return { advice: `run the cells above (${listed(above)}${further}): ${HOW}`, names: new Set(defined) };
  }
  if (below.length > 0)
    return {
      advice: `run the cells further down first that define what this one uses (${listed(below)})`,
      names: new Set(defined),
    };
  if (names.length < (cell.isFirst ? MANY_AT_FIRST : MANY)) return undefined;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more names` : '';
  const advice = `no cell that has run declares ${names.slice(0, NAMED).join(', ')}${more}: ${ADVICE}`;
  return { advice, names: new Set(names) };
}

const listed = (definitions: readonly Definition[]) =>
  definitions.map(({ cell, names }) => `${cell} defines ${names.join(', ')}`).join('; ');

interface NotebookCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
}

/** This process's notebook, as far as the program that started it says. */
const notebook = () =>
  process.env.JPY_SESSION_NAME && path.join(notebookFolder(), path.basename(process.env.JPY_SESSION_NAME));

/**
 * The cells of the last saved notebook that define the names.
 *
 * @param source the cell that uses them
 */
function findDefinitions(names: readonly string[], source: string): Definitions {
  const cells = codeCells(notebook()).map((cell) => ({ ...cell, source: [cell.source].flat().join('') }));
  const own = cells.map((cell) => cell.source).lastIndexOf(source);
  const wanted = new Set(names);
  const found = { above: [] as Definition[], below: [] as Definition[] };
  const search = (place: keyof Definitions, searched: typeof cells) => {
    for (const cell of searched) {
      const defined = definedNames(cell.source).filter((name) => wanted.delete(name));
      if (defined.length > 0) found[place].push({ cell: nameOf(cell), names: defined });
    }
  };
  // The nearest definition is the one that the cell saw. If the cell isn't saved yet, it may stand below any cell.
  search('above', cells.slice(0, own < 0 ? cells.length : own).reverse());
  search('below', own < 0 ? [] : cells.slice(own + 1));
  return { ...found, above: found.above.reverse() };
}

function codeCells(file: string | undefined): NotebookCell[] {
  try {
    const { cells } = JSON.parse(readFileSync(file!, 'utf8')) as { cells: readonly NotebookCell[] };
    return cells.filter(({ cell_type }) => cell_type === 'code');
  } catch {
    return []; // no notebook, or one of another kind
  }
}

const definedNames = (source: string) => [...new Set([...localNames(source), ...innerVarNames(source)])];

function nameOf({ execution_count, source }: { execution_count?: number | null; source: string }): string {
  if (typeof execution_count === 'number') return `In[${execution_count}]`;
  const [line = ''] = source.trimStart().split('\n', 1);
  return `the cell that begins with “${line.length > 40 ? `${line.slice(0, 40)}…` : line}”`;
}
