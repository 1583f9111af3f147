/** A notebook's cells as HTML. */
import { describe, expect, it } from 'vitest';
import { chapterOf, type Notebook } from '../../docs/book/chapter.mjs';
import { texts } from '../../docs/book/texts.mjs';

type Output = NonNullable<Notebook['cells'][number]['outputs']>[number];
const text = (source: string) => ({ cell_type: 'markdown', source });
const code = (source: string, ...outputs: Output[]) => ({ cell_type: 'code', source: [source], outputs });
const printed = (words: string): Output => ({ output_type: 'stream', name: 'stdout', text: [words] });
const shown = (data: Record<string, string>): Output => ({ output_type: 'execute_result', data });
const chapter = (...cells: Notebook['cells']) => chapterOf({ cells }, texts.en);
const htmlOf = (...cells: Notebook['cells']) => chapter(...cells).html;

describe('a chapter', () => {
  it('has its title, and its sections with the anchors that JupyterLab has', () => {
    const { title, sections } = chapter(
      text('# One `thing`'),
      text('## How good is it?\n\n### Within'),
      text('## *Last*'),
    );
    expect(title).toBe('One <code>thing</code>');
    expect(sections).toMatchObject([
      { id: 'How-good-is-it?', html: 'How good is it?' },
      { id: 'Last', html: '<em>Last</em>' },
    ]);
  });

  it('gives headings of the same text anchors of their own', () => {
    expect(chapter(text('## Exercise\n\n## Exercise')).sections.map(({ id }) => id)).toEqual([
      'Exercise',
      'Exercise-1',
    ]);
  });

  it('colours code, and shows what it means to HTML as it is', () => {
    const html = htmlOf(code('const a: Map<string, "&"> = new Map();'));
    expect(html).toContain('<span class="hljs-keyword">const</span>');
    expect(html).toContain('&lt;');
    expect(html).not.toContain('<string');
  });

  it('asks where links lead, and leaves the text of those that lead nowhere', () => {
    const link = (href: string) => (href === 'a.ipynb' ? 'a.html' : undefined);
    const { html } = chapterOf({ cells: [text('[one](a.ipynb), [**two**](b.ts)')] }, texts.en, link);
    expect(html).toContain('<a href="a.html">one</a>');
    expect(html).toContain('<span><strong>two</strong></span>');
  });
});

describe('an output', () => {
  it('that was printed piece by piece is one text, without the colours of a terminal', () => {
    const html = htmlOf(code('1', printed('a <b>\n'), printed('\u001b[31mc\u001b[0m\n')));
    expect(html).toContain('<pre class="printed" tabindex="0">a &lt;b&gt;\nc</pre>');
  });

  it('is its HTML, else its picture, else its text', () => {
    const forms = { 'text/html': '<div id="figure-1">live</div>', 'image/png': 'iVBO\nRw==', 'text/plain': '[Loss]' };
    const { 'text/html': _html, ...still } = forms;
    expect(htmlOf(code('1', shown(forms)))).toContain('<div id="figure-1">live</div>');
    expect(htmlOf(code('1', shown(still)))).toContain('<img src="data:image/png;base64,iVBORw==" alt="[Loss]">');
    expect(htmlOf(code('1', shown({ 'text/plain': '[Loss]' })))).toContain('>[Loss]</pre>');
  });

  it('that is TensorBoard’s is a note: its server has ended', () => {
    const html = htmlOf(code('1', shown({ 'text/html': '<div id="tensorboard-1"></div><script>fetch()</script>' })));
    expect(html).toContain(texts.en.tensorboard);
    expect(html).not.toContain('<script>');
  });
});

describe('an exercise', () => {
  const task = text('**1. Rate.** Find one that fails.');
  const work = code('let rate: number | undefined;');
  const check = code("exercise('101-learning-rate', { rate })", printed('not yet'));
  const answer = text('<details><summary>Answer</summary>\n\n```ts\nrate = 10;\n```\n\n</details>');

  it('is one part of the chapter: the task, the cell to work in, the check, the folded answer', () => {
    const html = htmlOf(task, work, check, answer);
    const part = /<section class="exercise" id="101-learning-rate"[^>]*>(.*)<\/section>/s.exec(html)?.[1];
    expect(part).toContain('<strong>1. Rate.</strong>');
    const places = [texts.en.work!, 'undefined', texts.en.check!, '>exercise<', '<details>', '>10<', '</details>'];
    const found = places.map((place) => part!.indexOf(place));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  it('doesn’t show what the check said when nobody had done it', () => {
    expect(htmlOf(task, work, check, answer)).not.toContain('not yet');
  });

  it('counts nowhere as open: a book knows no progress', () => {
    const html = htmlOf(
      code("import { exercises } from 'tf-mechanics';\n\nexercises('mechanics-101')", printed('0 of 7')),
    );
    expect(html).toContain('mechanics-101');
    expect(html).not.toContain('0 of 7');
  });

  it('is only where all four cells are', () => {
    expect(htmlOf(task, work, check)).not.toContain('<section');
    expect(htmlOf(task, work, check, text('On.'))).not.toContain('<section');
  });
});
