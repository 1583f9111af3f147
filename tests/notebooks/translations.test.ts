/** The notebooks and their translations say the same: neither moves without the other. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitionOf, type ExerciseId } from '../../lib/src/exercises/notebooks';
import { type Cell, carriedOver, type Notebook, text, untranslated } from '../../scripts/translations/translation.mjs';

const folder = path.join(__dirname, '..', '..', 'notebooks');
const numbered = (where: string) => readdirSync(where).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
const read = (...file: string[]) => JSON.parse(readFileSync(path.join(folder, ...file), 'utf8')) as Notebook;

const names = numbered(folder);
/** A row for each language and notebook. */
const rows = (['zh'] as const).flatMap((language) => names.map((name) => [language, name] as const));

const isText = ({ cell_type }: Cell) => cell_type === 'markdown';
/** What isn't an output, which is of a run of its own, and isn't translated. */
const withoutOutputs = ({ cells, ...notebook }: Notebook) => ({
  ...notebook,
  cells: cells.map(({ outputs, execution_count, ...cell }) => cell),
});

it.each(['zh'])('%s has every notebook and no other, and runs them where the originals run', (language) => {
  expect(numbered(path.join(folder, language))).toEqual(names);
  const settings: unknown = JSON.parse(readFileSync(path.join(folder, language, '.tf-mechanics.json'), 'utf8'));
  expect(settings).toEqual({ workingDirectory: '..' });
});

describe.each(rows)('the notebook %s/%s', (language, name) => {
  const original = read(name);
  const translation = read(language, name);
  /** Its texts beside the original's, by the ids of their cells. */
  const pairs = original.cells.filter(isText).map(({ id, source }) => {
    const own = translation.cells.find((cell) => cell.id === id);
    return { id, english: text(source), translated: text(own?.source ?? '') };
  });
  const saysOf = (of: (pair: (typeof pairs)[number]) => string[]) =>
    pairs.flatMap((pair) => of(pair).map((what) => `${language}/${name}, ${pair.id}: ${what}`));

  it('has the cells of the original, in its order, with its ids and its code (npm run translations carries them over)', () => {
    expect(withoutOutputs(translation)).toEqual(withoutOutputs(carriedOver(original, translation)));
  });

  it('translates every text as it is now (then npm run translations -- <notebook> <cell> says that it does)', () => {
    const left = untranslated(original, translation);
    expect(left.map(({ id, begins, what }) => `${language}/${name}, ${id} (“${begins}”): ${what}`)).toEqual([]);
  });

  it('has in each text the headings, lists, tables, code, keys and links of the original', () => {
    for (const { id, english, translated } of pairs)
      expect([id, outline(translated, language)], `${language}/${name}, ${id}`).toEqual([id, outline(english, '')]);
  });

  it('calls the exercises what their checks call them', () => {
    const headed = pairs.flatMap(({ id, translated }) => {
      const [, title] = /^### \d+\. (.+)/.exec(translated) ?? [];
      return title === undefined ? [] : [[id, title]];
    });
    expect(headed).toEqual(headed.map(([id]) => [id, definitionOf(id as ExerciseId).title[language]]));
  });

  it('has links to what there is', () => {
    expect(saysOf(({ translated }) => linksOf(translated, language).filter((link) => !isThere(link)))).toEqual([]);
  });

  it('is Chinese, and set as Chinese is', () => {
    expect(saysOf(({ translated }) => faultsOfChinese(translated))).toEqual([]);
  });
});

/** The parts of a text that are the same in any language. */
function outline(markdown: string, folderOfText: string): object {
  const blocks = markdown.match(FENCED) ?? [];
  const lines = markdown.replace(FENCED, '').split('\n');
  const prose = lines.join('\n');
  const all = (pattern: RegExp) => [...prose.matchAll(pattern)].map(([, found = '']) => found);
  return {
    headings: lines.flatMap((line) => /^#+(?= )/.exec(line) ?? []),
    items: lines.flatMap((line) => /^ *(?:-|\d+\.)(?= )/.exec(line) ?? []),
    rowsOfTables: lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').length),
    blocks,
    code: [...new Set(all(/`([^`\n]+)`/g))].sort(),
    tags: all(/<(\/?\w+)/g),
    keys: all(/<kbd>([^<]*)/g),
    links: linksOf(prose, folderOfText).sort(),
  };
}

const FENCED = /^(`{3,})[\s\S]*?^\1$/gm;

/** The targets of a text's links: addresses, and files as paths from the notebooks' folder. Links among translations are the original's. */
function linksOf(markdown: string, folderOfText: string): string[] {
  const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.map((target) => {
    if (/^(https?:|#)/.test(target)) return target;
    const file = path.posix.join(folderOfText, target);
    const own = path.posix.relative(folderOfText, file);
    return own.startsWith('..') ? file : own;
  });
}

const isThere = (link: string) => /^(https?:|#)/.test(link) || existsSync(path.join(folder, link.replace(/#.*/, '')));

/** What a Chinese reader would stumble over. */
function faultsOfChinese(markdown: string): string[] {
  const prose = markdown.replace(FENCED, '').replace(/`[^`\n]*`/g, 'code');
  const found = (what: string, pattern: RegExp) =>
    [...prose.matchAll(pattern)].map(([at]) => `${what}: “${at.replaceAll('\n', ' ')}”`);
  return [
    ...(/\p{Script=Han}/u.test(prose) ? [] : ['this is no Chinese']),
    ...found('a Western comma, or the like, after a Chinese character', /.{0,8}\p{Script=Han}[,;:?!].{0,4}/gu),
    ...found('no space between Chinese and a word or number', /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/gu),
    ...faultsOfEmphasis(prose),
  ];
}

/** Italics, of which Chinese has none, and asterisks that CommonMark would show: punctuation is within, and a letter just outside. */
function faultsOfEmphasis(prose: string): string[] {
  const spans = [...prose.matchAll(/(?<=(^|.))(\*{1,2})([^*\n]+)\2(?=(.|$))/gsu)];
  const [letter, other] = [/[\p{L}\p{N}]/u, /[^\s\p{L}\p{N}]/u];
  const isBroken = (outside = '', inside = '') => letter.test(outside) && other.test(inside);
  return spans.flatMap(([span, before, mark, text = '', after]) => [
    ...(mark === '*' && /\p{Script=Han}/u.test(text) ? [`Chinese in italics: “${span}”`] : []),
    ...(isBroken(before, text.at(0)) || isBroken(after, text.at(-1)) ? [`emphasis beside a letter: “${span}”`] : []),
  ]);
}
