/**
 * What a translated notebook has of its original, and what of its own: the text of its cells of Markdown, but for blocks of code in it. Each of
 * them keeps, in its metadata as `translates`, a hash of the text that it is a translation of, so that a changed original is noticed.
 */
import { createHash } from 'node:crypto';

/** A text of a notebook's file, where it may be one string or its lines. */
export const text = (source) => [source].flat().join('');

/** Blocks of code in Markdown, with their fences. */
const BLOCKS = /^(`{3,})[\s\S]*?^\1$/gm;

/** A short name of a text, which any change of the text changes, but none of its blocks of code. */
export function hashOf(source) {
  const prose = text(source).replace(BLOCKS, '```');
  return createHash('sha256').update(prose).digest('hex').slice(0, 12);
}

/**
 * The translation as it has to be beside this original: cells, order, code, ids and metadata are the original's. Texts stay, by the ids of
 * their cells; where there is none, it is the original's, for somebody to translate. Outputs are of one run: its own, of the code as it is
 * now, or else the original's.
 *
 * @param translation the notebook as it was; left out, one begins
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
 * The translation with these cells taken for translations of the original's texts as they are now.
 *
 * @throws {Error} when a cell isn't there, or has no text to translate
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

/** The cells whose text isn't translated as it is now, with what is to be done. */
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
/** A text with the blocks of code of another, where it has as many. */
function withBlocks(source, other) {
  const blocks = text(other).match(BLOCKS) ?? [];
  if (blocks.length === 0 || text(source).match(BLOCKS)?.length !== blocks.length) return source;
  return text(source)
    .replace(BLOCKS, () => blocks.shift())
    .split(/(?<=\n)/);
}

const withHash = ({ translates: _, ...metadata }, hash) => ({ ...metadata, ...(hash && { translates: hash }) });
