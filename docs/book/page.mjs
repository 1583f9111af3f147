/** A page of the book: the frame around a page's content. */
import { escapeHtml } from './html.mjs';

/**
 * @typedef {{ file: string, title: string, label?: string, sections: { id: string, html: string }[], html: string }} Page
 *   a title is HTML; a label stands before it in contents
 */

const plain = (html) => html.replace(/<[^>]*>/g, '');

/** A line of the contents. */
export const entry = ({ file, title, label }) =>
  `<a href="${file}">${label ? `<span class="label">${escapeHtml(label)}</span> ` : ''}${title}</a>`;

function navigation(pages, page, { texts, reference }) {
  const items = pages.map((other) => {
    if (other !== page) return `<li>${entry(other)}</li>`;
    const sections = page.sections.map(({ id, html }) => `<li><a href="#${encodeURIComponent(id)}">${html}</a></li>`);
    const within = sections.length > 0 ? `<ol>${sections.join('')}</ol>` : '';
    return `<li class="here">${entry(other).replace('<a ', '<a aria-current="page" ')}${within}</li>`;
  });
  return `<nav aria-label="${texts.contents}"><details class="contents"><summary>${texts.contents}</summary>
<ol>${items.join('\n')}<li><a href="${reference}index.html">${texts.reference}</a></li></ol></details></nav>`;
}

const neighbour = (page, rel, words) =>
  page ? `<a rel="${rel}" href="${page.file}"><small>${words}</small>${page.title}</a>` : '<span></span>';

/**
 * @param {readonly Page[]} pages all pages in order
 * @param {Page} page one of them
 * @param book what all pages share: `language`, `texts`, `base` (the folder of what pages load), `reference` (its
 * folder) and `others` (links to the same page in other languages, by language)
 */
export function pageHtml(pages, page, book) {
  const { language, texts, base, others } = book;
  const i = pages.indexOf(page);
  const title = page === pages[0] ? texts.title : `${plain(page.title)} · ${texts.title}`;
  const languages = others(page).map(
    ([code, name, href]) => `<a href="${href}" hreflang="${code}" lang="${code}">${name}</a>`,
  );
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-Hans' : language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}book.css">
<script src="${base}book.js"></script>
</head>
<body data-base-url="${base}">
<a class="skip" href="#text">${texts.skip}</a>
<header>
<a class="title" href="index.html">${texts.title}</a>
${languages.join('\n')}
<button type="button" class="theme" title="${texts.theme}" aria-label="${texts.theme}" hidden>◐</button>
</header>
${navigation(pages, page, book)}
<main id="text">
${page.html}
<footer>${neighbour(pages[i - 1], 'prev', `← ${texts.previous}`)}${neighbour(pages[i + 1], 'next', `${texts.next} →`)}</footer>
</main>
</body>
</html>
`;
}
