import { afterEach, expect, it } from 'vitest';
import { type NotebookHost, setNotebookHost } from '../runtime/notebookHost';
import { inLanguage, languageOf } from './language';

afterEach(() => setNotebookHost(undefined));

it('is Chinese in a folder that is called zh, and else English', () => {
  expect(['notebooks/zh', '/a/zh/', 'notebooks', '/zh/notebooks', 'zht'].map(languageOf)).toEqual([
    'zh',
    'zh',
    'en',
    'en',
    'en',
  ]);
});

it("goes by the notebook's folder, not by the one that its cells run in", () => {
  const text = { en: 'graph', zh: '图' };
  expect(inLanguage(text)).toBe('graph');
  setNotebookHost({ folder: '/somewhere/notebooks/zh' } as NotebookHost);
  expect(inLanguage(text)).toBe('图');
});
