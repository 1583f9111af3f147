/** The HTML of a table of runs, which can be sorted by clicking a column's head. */
import { createHash } from 'node:crypto';
import { escapeHtml } from '../../runtime/html';
import { inLanguage } from '../language';
import type { Cell, RunColumns } from './runColumns';

/** Its style: light or dark like the page; if it is wider than the page, it scrolls. */
const style = (id: string) => `<style>
#${id} { overflow-x: auto; }
#${id} table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
#${id} th, #${id} td { text-align: right; padding: 3px 10px; white-space: nowrap; }
#${id} th:first-child, #${id} td:first-child { text-align: left; }
#${id} th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
#${id} th button::after { content: ' ↕'; opacity: .4; }
#${id} th[aria-sort=ascending] button::after { content: ' ↑'; opacity: 1; }
#${id} th[aria-sort=descending] button::after { content: ' ↓'; opacity: 1; }
#${id} p { margin: 4px 0; opacity: .8; }
</style>`;

/** Numbers are sorted by value, texts alphabetically, and missing values are always last. */
const script = (id: string) => `<script>for (const e of document.querySelectorAll('#${id}')) if (!e.dataset.begun) {
e.dataset.begun = 1;
const body = e.querySelector('tbody'), heads = [...e.querySelectorAll('th')];
heads.forEach((head, i) => {
const button = document.createElement('button');
button.type = 'button';
button.append(...head.childNodes);
head.append(button);
button.onclick = () => {
  const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
  for (const other of heads) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
  const key = (row) => row.cells[i].dataset.value;
  const compare = (a, b) => a === undefined || b === undefined ? (a === undefined) - (b === undefined)
    : sign * (isNaN(a) || isNaN(b) ? a.localeCompare(b, 'en', { numeric: true }) : a - b);
  body.append(...[...body.rows].sort((a, b) => compare(key(a), key(b))));
}; });
}</script>`;

/**
 * The table.
 *
 * @param links the URL of a run, by name; undefined if there is none
 * @param below HTML to show below it
 */
export function tableHtml(
  { heads, rows, notes }: RunColumns,
  links: ((name: string) => string) | undefined,
  below: readonly string[],
): string {
  // Buttons are added by the script: a page that doesn't trust the notebook runs no scripts, and its buttons would do
  // nothing.
  const head = heads.map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  const body = rows.map(({ name, cells }) => {
    const label = escapeHtml(name);
    const named = links
      ? `<a href="${escapeHtml(links(name))}" target="_blank" rel="noopener" title="${inLanguage({ en: 'in TensorBoard', zh: '在 TensorBoard 中' })}">${label}</a>`
      : label;
    return `<tr><td data-value="${label}">${named}</td>${cells.map(td).join('')}</tr>`;
  });
  const said = [...notes.map(escapeHtml), ...below].map((note) => `<p>${note}</p>`);
  const table = `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>${said.join('')}`;
  const id = `runs-${createHash('sha256').update(table).digest('hex').slice(0, 8)}`;
  return `${style(id)}<div id="${id}">${table}</div>${script(id)}`;
}

function td({ text, value }: Cell): string {
  return `<td${value === undefined ? '' : ` data-value="${escapeHtml(String(value))}"`}>${escapeHtml(text)}</td>`;
}
