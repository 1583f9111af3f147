/** A table of runs for a page, which sorts it by the column whose head is clicked. */
import { createHash } from 'node:crypto';
import { escapeHtml } from '../../runtime/html';
import { inLanguage } from '../language';
import type { Cell, RunColumns } from './runColumns';

/** How it looks: as the rest of the page, light or dark; wider than the page, it is scrolled. */
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

/** Numbers by their size, texts by their letters, and what isn't there at the end either way. */
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
 * @param links what leads to a run elsewhere, by its name; undefined where nothing does
 * @param below what stands below it, as HTML
 */
export function tableHtml(
  { heads, rows, notes }: RunColumns,
  links: ((name: string) => string) | undefined,
  below: readonly string[],
): string {
  // Buttons come with the script: a page that doesn't trust the notebook runs none, and would show buttons that do nothing.
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
