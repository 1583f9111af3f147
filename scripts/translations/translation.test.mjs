import { describe, expect, it } from 'vitest';
import { carriedOver, hashOf, markedTranslated, untranslated } from './translation.mjs';

const markdown = (id, source, metadata = {}) => ({ cell_type: 'markdown', id, metadata, source });
const code = (id, source, count = null, outputs = []) => ({
  cell_type: 'code',
  execution_count: count,
  id,
  metadata: {},
  outputs,
  source,
});
const printed = (printed) => ({ name: 'stdout', output_type: 'stream', text: printed });
const notebook = (...cells) => ({ cells, metadata: { kernelspec: { name: 'tf-mechanics' } }, nbformat: 4 });

const original = notebook(
  markdown('title', ['# Graphs\n', 'Begin.']),
  code('sum', 'tf.add(1, 2)', 1, [printed('3')]),
  markdown('end', 'The end.'),
);
const begun = carriedOver(original);
const translated = {
  ...begun,
  cells: begun.cells.map((cell) => (cell.id === 'title' ? { ...cell, source: '# 图\n开始。' } : cell)),
};
const marked = markedTranslated(original, translated, ['title']);
const withCells = (change) => ({ ...original, cells: original.cells.flatMap(change) });
const ids = (cells) => cells.map(({ id }) => id);

describe('what is carried over', () => {
  it('begins a translation as a copy, of which every text is to be translated', () => {
    expect(begun).toEqual(original);
    expect(untranslated(original, begun)).toEqual([
      { id: 'title', what: 'translate it', begins: '# Graphs' },
      { id: 'end', what: 'translate it', begins: 'The end.' },
    ]);
  });

  it('is code, with its ids, its order and its metadata, and no text that is translated', () => {
    const changed = withCells((cell) => {
      if (cell.id === 'end') return [];
      if (cell.id === 'sum') return [code('new', 'tf.constant(1)'), { ...cell, metadata: { tags: ['parameters'] } }];
      return [cell];
    });
    const { cells } = carriedOver({ ...changed, metadata: { title: 'new' } }, marked);
    expect(cells).toEqual([marked.cells[0], ...changed.cells.slice(1)]);
    expect(cells[0].source).toBe('# 图\n开始。');
  });

  it('leaves outputs that are of the code as it is, and else takes the original’s, all of them', () => {
    const long = withCells((cell) =>
      cell.id === 'end' ? [cell, code('product', 'tf.mul(2, 2)', 2, [printed('4')])] : [cell],
    );
    const own = carriedOver(long);
    const ran = { ...own, cells: own.cells.map((cell) => ({ ...cell, outputs: [printed('三')] })) };
    const outputsOf = ({ cells }) =>
      cells.filter((cell) => cell.cell_type === 'code').map(({ outputs }) => outputs[0].text);
    expect(outputsOf(carriedOver(long, ran))).toEqual(['三', '三']);
    const edited = {
      ...long,
      cells: long.cells.map((cell) => (cell.id === 'sum' ? code('sum', 'tf.add(3, 4)', 1, [printed('7')]) : cell)),
    };
    expect(outputsOf(carriedOver(edited, ran))).toEqual(['7', '4']);
    const halfway = {
      ...ran,
      cells: ran.cells.map((cell) => (cell.id === 'product' ? { ...cell, execution_count: null } : cell)),
    };
    expect(outputsOf(carriedOver(long, halfway))).toEqual(['3', '4']);
  });

  it('is code within a text, too, which nobody has to translate', () => {
    const answer = (words, code) => notebook(markdown('answer', [`${words}\n`, '```ts\n', `${code}\n`, '```']));
    const begun = markedTranslated(answer('So:', 'tf.add'), answer('这样：', 'tf.add'), ['answer']);
    const carried = carriedOver(answer('So:', 'tf.mul'), begun);
    expect(carried.cells[0].source.join('')).toBe('这样：\n```ts\ntf.mul\n```');
    expect(untranslated(answer('So:', 'tf.mul'), carried)).toEqual([]);
    expect(ids(untranslated(answer('Or so:', 'tf.mul'), carried))).toEqual(['answer']);
  });

  it('changes nothing the second time', () => {
    expect(carriedOver(original, carriedOver(original, marked))).toEqual(carriedOver(original, marked));
  });
});

describe('what is to be translated', () => {
  it('is no longer what was marked', () => {
    expect(marked.cells[0].metadata).toEqual({ translates: hashOf('# Graphs\nBegin.') });
    expect(ids(untranslated(original, marked))).toEqual(['end']);
  });

  it('is what has changed since, until it is marked again', () => {
    const changed = withCells((cell) => [cell.id === 'title' ? markdown('title', '# Sessions') : cell]);
    const carried = carriedOver(changed, marked);
    expect(untranslated(changed, carried)[0]).toEqual({
      id: 'title',
      what: 'its English has changed: translate that again',
      begins: '# Sessions',
    });
    expect(ids(untranslated(changed, markedTranslated(changed, carried, ['title'])))).toEqual(['end']);
  });

  it('is no code and no cell that is not there', () => {
    expect(() => markedTranslated(original, marked, ['sum'])).toThrow(/^sum is code, which is carried over$/);
    expect(() => markedTranslated(original, marked, ['gone'])).toThrow(/^there is no cell gone$/);
  });
});
