/** HTML helpers for notebook output. */

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML or XML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/**
 * A table with a name and a value per row, for displays of tensors, operations and graphs. Rows without a value are
 * omitted.
 */
export function htmlTable(
  title: string,
  rows: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const cells = rows
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `<tr><th style="text-align:left;font-weight:normal;opacity:.7;vertical-align:top">${escapeHtml(name)}</th>` +
        `<td style="text-align:left"><code style="white-space:pre-wrap">${escapeHtml(value!)}</code></td></tr>`,
    );
  return `<table><caption style="text-align:left;caption-side:top"><b>${escapeHtml(title)}</b></caption>${cells.join('')}</table>`;
}
