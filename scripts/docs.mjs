/**
 * `npm run docs`: writes docs/names.md, the table of Python's names and ours, and generates the reference in docs/dist:
 * every public name, that table, the README and the notebooks, as pages that can be searched offline. docs/dist/book
 * contains the notebooks as a book.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeBook } from '../docs/book/book.mjs';
import { commandLine } from './commandLine.mjs';
import { inRoot } from './setup/paths.mjs';

/** The folder of the pages that typedoc includes as they are. */
const pages = inRoot('.cache', 'docs');

/** A notebook as Markdown: its cells and their outputs. Pictures become files next to the page. */
export function notebookPage(notebook, name, folder) {
  let pictures = 0;
  const text = (lines) => [lines].flat().join('');
  // A fence longer than any in the text.
  const fenced = (content, language = '') => `\`\`\`\`\`${language}\n${content.trimEnd()}\n\`\`\`\`\``;
  const output = ({ output_type: type, text: printed, data = {}, traceback }) => {
    if (type === 'stream') return fenced(text(printed));
    if (type === 'error') return fenced(traceback.join('\n'));
    if (!data['image/png']) return data['text/plain'] ? fenced(text(data['text/plain'])) : '';
    const file = `${name}-${++pictures}.png`;
    writeFileSync(path.join(folder, file), Buffer.from(text(data['image/png']), 'base64'));
    return `![What the cell shows](${file})`;
  };
  const cell = ({ cell_type: type, source, outputs = [] }) =>
    type === 'code' ? [fenced(text(source), 'ts'), ...outputs.map(output)].join('\n\n') : text(source);
  const title = /^# (.+)/m.exec(text(notebook.cells[0].source))?.[1] ?? name;
  const body = notebook.cells
    .map(cell)
    .join('\n\n')
    .replace(/^# .+\n/m, '');
  return `---\ntitle: ${JSON.stringify(title)}\n---\n\n${body}\n`;
}

/** Writes the pages that aren't generated from sources, with links adapted to the reference. */
function writePages() {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  const notebooks = readdirSync(inRoot('notebooks')).filter((file) => file.endsWith('.ipynb'));
  for (const file of notebooks) {
    const name = path.basename(file, '.ipynb');
    const notebook = JSON.parse(readFileSync(inRoot('notebooks', file), 'utf8'));
    writeFileSync(path.join(pages, `${name}.md`), linked(notebookPage(notebook, name, pages)));
  }
  const documents = readdirSync(inRoot('docs')).filter((file) => file.endsWith('.md'));
  for (const file of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...documents.map((name) => `docs/${name}`)])
    writeFileSync(path.join(pages, path.basename(file)), linked(readFileSync(inRoot(file), 'utf8')));
  if (existsSync(inRoot('docs', 'pictures')))
    cpSync(inRoot('docs', 'pictures'), path.join(pages, 'pictures'), { recursive: true });
}

/** A page with its links adapted: all pages lie in one folder, without the sources. */
const linked = (markdown) =>
  markdown
    .replace(/\]\((?:\.\.?\/)?(?:notebooks\/)?([\w-]+)\.ipynb((?:#[^)]*)?)\)/g, ']($1.md)')
    .replace(/\[([^\]]*)\]\(README(?:\.zh)?\.md\)/g, '$1') // links to the start page and its translation
    .replace(/(\]\(|(?:src|href)=")docs\//g, '$1')
    .replace(/\[([^\]]*)\]\((?:\.\.\/|notebooks\/|lib\/|kernel\/|scripts\/|tests\/)[^)]*\)/g, '$1');

/**
 * Generates the reference in a folder, with the book in it; typedoc's warnings are errors.
 *
 * @param colorsTypeScript whether TypeScript code is highlighted, which takes a fifth of the time
 */
export function makeDocs(folder = inRoot('docs', 'dist'), { colorsTypeScript = true } = {}) {
  writePages();
  const typedoc = inRoot('docs', 'node_modules', 'typedoc', 'bin', 'typedoc');
  const words = ['--options', inRoot('docs', 'typedoc.config.mjs'), '--out', folder, '--logLevel', 'Warn'];
  if (!colorsTypeScript) for (const name of ['ts', 'typescript']) words.push('--ignoredHighlightLanguages', name);
  execFileSync(process.execPath, [typedoc, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  makeBook(path.join(folder, 'book'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  commandLine(import.meta.url);
  await import('./names.mjs').then(({ writeNames }) => writeNames());
  try {
    makeDocs();
  } catch (error) {
    if (error.status === undefined) throw error;
    process.exit(1); // typedoc has printed the error
  }
  console.log(`The reference: ${inRoot('docs', 'dist', 'index.html')}`);
  console.log(`The book:      ${inRoot('docs', 'dist', 'book', 'index.html')}`);
}
