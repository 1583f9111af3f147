/**
 * Merges a translated notebook with its original. Its own are only the texts of Markdown cells, without their code
 * blocks; everything else comes from the original. Each translated cell stores a hash of its original text in its
 * metadata as `translates`, so that changes of the original are noticed.
 */
import { createHash } from 'node:crypto';

/** A text in a notebook's file, which may be a string or a list of lines. */
export const text = (source) => [source].flat().join('');

/** Fenced code blocks in Markdown. */
const BLOCKS = /^(`{3,})[\s\S]*?^\1$/gm;

/** A short hash of a text that ignores its code blocks. */
export function hashOf(source) {
  const prose = text(source).replace(BLOCKS, '```');
  return createHash('sha256').update(prose).digest('hex').slice(0, 12);
}

/**
 * Updates a translation from its original: cells, order, code, ids and metadata are the original's. Texts are kept by
 * cell id; missing ones are the original's, to be translated. All outputs come from one run: the translation's own if
 * its code is unchanged, otherwise the original's.
 *
 * @param translation the existing notebook; a new one if omitted
 */
export function carriedOver(original, translation = { cells: [] }) {
  const before = new Map(translation.cells.map((cell) => [cell.id, cell]));
  const hasRun = original.cells.filter(isCode).every((cell) => hasOutputsOf(before.get(cell.id), cell));
  const cells = original.cells.map((cell) => {
    const own = before.get(cell.id);
    const isSame = own?.cell_type === cell.cell_type;
    if (isCode(cell)) return hasRun ? { ...cell, execution_count: own.execution_count, outputs: own.outputs } : cell;
    const { translates } = (isSame && own.metadata) || {};
    return {
      ...cell,
      metadata: withHash(cell.metadata, translates),
      source: isSame ? withBlocks(own.source, cell.source) : cell.source,
    };
  });
  return { ...original, cells };
}

/**
 * Marks cells as translations of the original's current texts.
 *
 * @throws {Error} when a cell doesn't exist or has no text to translate
 */
export function markedTranslated(original, translation, ids) {
  const originals = new Map(original.cells.map((cell) => [cell.id, cell]));
  for (const id of ids) {
    const type = originals.get(id)?.cell_type;
    if (type !== 'markdown') throw new Error(type ? `${id} is code, which is carried over` : `there is no cell ${id}`);
  }
  const cells = translation.cells.map((cell) =>
    ids.includes(cell.id)
      ? { ...cell, metadata: withHash(cell.metadata, hashOf(originals.get(cell.id).source)) }
      : cell,
  );
  return { ...translation, cells };
}

/** The cells whose translations are missing or outdated, with what to do. */
export function untranslated(original, translation) {
  const known = new Map(translation.cells.map(({ id, metadata }) => [id, metadata.translates]));
  return original.cells
    .filter(({ cell_type, source, id }) => cell_type === 'markdown' && known.get(id) !== hashOf(source))
    .map(({ id, source }) => ({
      id,
      what: known.get(id) ? 'its English has changed: translate that again' : 'translate it',
      begins: text(source).split('\n', 1)[0].slice(0, 60),
    }));
}

const isCode = ({ cell_type }) => cell_type === 'code';
const hasOutputsOf = (own, { source }) =>
  own && isCode(own) && own.execution_count !== null && text(own.source) === text(source);
/** A text with the code blocks of another, if it has as many. */
function withBlocks(source, other) {
  const blocks = text(other).match(BLOCKS) ?? [];
  if (blocks.length === 0 || text(source).match(BLOCKS)?.length !== blocks.length) return source;
  return text(source)
    .replace(BLOCKS, () => blocks.shift())
    .split(/(?<=\n)/);
}

const withHash = ({ translates: _, ...metadata }, hash) => ({ ...metadata, ...(hash && { translates: hash }) });
