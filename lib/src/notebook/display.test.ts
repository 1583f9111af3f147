import { afterEach, describe, expect, it, vi } from 'vitest';
import { jupyterDisplay, type MimeBundle, type NotebookHost, setNotebookHost } from '../runtime/notebookHost';
import { display } from './display';

const shown: MimeBundle[] = [];
const notebook = { display: (data: MimeBundle) => shown.push(data) } as never as NotebookHost;
const own = { [jupyterDisplay]: async () => ({ 'text/html': '<i>own</i>' }) };

afterEach(() => {
  setNotebookHost(undefined);
  shown.length = 0;
  vi.restoreAllMocks();
});

describe('display in a notebook', () => {
  it('shows a value in its own forms, and else as text', async () => {
    setNotebookHost(notebook);
    await display(own);
    await display([1, 'a']);
    await display('text');
    await display(null);
    expect(shown).toEqual([
      { 'text/html': '<i>own</i>' },
      { 'text/plain': "[ 1, 'a' ]" },
      { 'text/plain': 'text' },
      { 'text/plain': 'null' },
    ]);
  });

  it('shows HTML, Markdown and pictures at once', () => {
    setNotebookHost(notebook);
    display.html('<b>bold</b>');
    display.markdown('**bold**');
    display.png(new Uint8Array([1, 2]));
    expect(shown).toEqual([
      { 'text/html': '<b>bold</b>', 'text/plain': 'bold' },
      { 'text/markdown': '**bold**', 'text/plain': '**bold**' },
      { 'image/png': 'AQI=', 'text/plain': '[picture]' },
    ]);
  });
});

it('display in a plain program prints', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await display([1]);
  display.html('<b>bold</b>');
  expect(log.mock.calls).toEqual([[[1]], ['bold']]);
});
