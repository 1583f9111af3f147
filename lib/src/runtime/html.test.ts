import { expect, it } from 'vitest';
import { escapeHtml, htmlTable } from './html';

it('escapes what HTML gives a meaning to', () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
  );
});

it('makes a table of names and values, without the rows that have no value', () => {
  const html = htmlTable('<title>', [
    ['type', 'a<b'],
    ['device', undefined],
  ]);
  expect(html).toContain('<b>&lt;title&gt;</b>');
  expect(html).toContain('<code style="white-space:pre-wrap">a&lt;b</code>');
  expect(html.match(/<tr>/g)).toHaveLength(1);
});
