/** Generates a book from the notebooks: HTML pages to read without a kernel, also from disk. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { besidePage } from './beside.mjs';
import { chapterOf } from './chapter.mjs';
import { markdown } from './markdown.mjs';
import { entry, pageHtml } from './page.mjs';
import { texts } from './texts.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');

/** The folder for what outputs load, relative to `base`, which stands for a Jupyter server's root. */
const loaded = path.join('kernelspecs', 'tf-mechanics');

/** The folder of a language: `folder` itself for English. */
const folderOf = (folder, language) => (language === 'en' ? folder : path.posix.join(folder, language));

const filesOf = (folder, ending) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .sort()
    : [];

/**
 * Generates the book in `folder` in every language of the notebooks: English in the folder itself, the others in a
 * folder with the language's code.
 *
 * @param {string} folder
 * @param {{ reference?: string, notebooks?: string }} [options] the folders of the reference and of the notebooks,
 * relative to the book
 */
export function makeBook(folder, { reference = '../', notebooks = path.join(root, 'notebooks') } = {}) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, loaded), { recursive: true });
  for (const file of ['book.css', 'book.js']) cpSync(path.join(here, file), path.join(folder, file));
  const built = path.join(root, 'lib', 'dist', 'notebook');
  for (const file of ['page.js', 'plotly.min.js']) cpSync(path.join(built, file), path.join(folder, loaded, file));

  const made = Object.keys(texts)
    .filter((language) => filesOf(folderOf(notebooks, language), '.ipynb').length > 0)
    .map((language) => ({ language, pages: pagesOf(language, folderOf(notebooks, language), reference) }));
  for (const { language, pages } of made) {
    const base = language === 'en' ? './' : '../';
    const others = ({ file }) =>
      made
        .filter((other) => other.language !== language && other.pages.some((page) => page.file === file))
        .map((other) => [
          other.language,
          texts[other.language].name,
          path.posix.join(base, folderOf('', other.language), file),
        ]);
    const book = { language, texts: texts[language], base, reference: fromPages(language, reference), others };
    const own = folderOf(folder, language);
    mkdirSync(own, { recursive: true });
    for (const page of pages) writeFileSync(path.join(own, page.file), pageHtml(pages, page, book));
  }
}

/** A folder relative to the pages of a language, given relative to the book. */
const fromPages = (language, folder) => (language === 'en' ? folder : `../${folder}`);

/** The pages of one language in order. */
function pagesOf(language, folder, reference) {
  const words = texts[language];
  const link = linkOf(folderOf('notebooks', language), fromPages(language, reference));
  const chapters = filesOf(folder, '.ipynb').map((file, i) => {
    const notebook = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    return { file: file.replace('.ipynb', '.html'), label: `${i + 1}`, ...chapterOf(notebook, words, link) };
  });
  const pages = [...chapters, besidePage(language), readingPage(language, reference)];
  return [contentsPage(pages, words, fromPages(language, reference)), ...pages];
}

/** The start page: a description of the book, and its contents. */
function contentsPage(pages, words, reference) {
  const { renderInline } = markdown();
  const items = pages.map((page) => {
    const sections = page.sections.map(
      ({ id, html }) => `<li><a href="${page.file}#${encodeURIComponent(id)}">${html}</a></li>`,
    );
    return `<li>${entry(page)}<ol>${sections.join('')}</ol></li>`;
  });
  const html = `<h1>${words.title}</h1>
<p>${renderInline(words.lead)}</p>
<h2 id="contents">${words.contents}</h2>
<ol class="all">${items.join('\n')}<li><a href="${reference}index.html">${words.reference}</a></li></ol>`;
  return { file: 'index.html', title: words.about, sections: [], html };
}

function readingPage(language, reference) {
  const { render, headings } = markdown(linkOf('docs/book/pages', fromPages(language, reference)));
  const html = render(readFileSync(path.join(here, 'pages', `what-to-read-next.${language}.md`), 'utf8'));
  const sections = headings.filter(({ depth }) => depth === 2);
  return { file: 'what-to-read-next.html', title: texts[language].reading, sections, html };
}

/**
 * Maps links in a file of the repository's `folder` to addresses in the book. Links in notebooks are relative to the
 * notebooks: other notebooks are chapters, documents are pages of the reference, and sources exist in neither.
 */
function linkOf(folder, reference) {
  return (href) => {
    if (/^([a-z]+:|#)/i.test(href)) return href;
    const [, file, anchor] = /^([^#]*)(#.*)?$/.exec(href);
    const target = path.posix.normalize(path.posix.join(folder, decodeURIComponent(file)));
    if (path.posix.dirname(target) === folder && target.endsWith('.ipynb'))
      return `${path.posix.basename(target, '.ipynb')}.html${anchor ?? ''}`;
    if (target === 'README.md') return `${reference}index.html`;
    const document = /^(?:docs\/)?([\w-]+)\.md$/.exec(target)?.[1];
    return document && existsSync(path.join(root, target))
      ? `${reference}documents/${document}.html${anchor ?? ''}`
      : undefined;
  };
}
