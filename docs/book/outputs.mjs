/** Converts a cell's outputs to HTML: interactive ones if a page's script draws them, else a picture, else text. */
import { escapeHtml } from './html.mjs';

const text = (lines) => [lines].flat().join('');
/** A terminal's escape sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const escapes = /\u001b\[[\d;]*m/g;

const printed = (content, kind = '') => {
  const plain = content.replace(escapes, '').trimEnd();
  return plain ? `<pre class="printed${kind}" tabindex="0">${escapeHtml(plain)}</pre>` : '';
};

/** The outputs of a cell, with the given texts. */
export function outputsHtml(outputs, texts) {
  const shown = joined(outputs).map((output) => outputHtml(output, texts));
  return shown.some(Boolean) ? `<div class="outputs">${shown.join('\n')}</div>` : '';
}

/** Joins text that was printed in pieces. */
function joined(outputs) {
  const all = [];
  for (const output of outputs) {
    const before = all.at(-1);
    if (output.output_type === 'stream' && before?.output_type === 'stream' && before.name === output.name)
      before.text += text(output.text);
    else all.push({ ...output, ...(output.output_type === 'stream' && { text: text(output.text) }) });
  }
  return all;
}

function outputHtml({ output_type: type, text: stream, data = {}, traceback = [] }, texts) {
  if (type === 'stream') return printed(stream);
  if (type === 'error') return printed(traceback.join('\n'), ' error');
  const html = text(data['text/html'] ?? []);
  if (html.startsWith('<div id="tensorboard-')) return `<p class="note">${escapeHtml(texts.tensorboard)}</p>`;
  if (html) return `<div class="shown" tabindex="0">${html}</div>`;
  const words = text(data['text/plain'] ?? []);
  const picture = text(data['image/png'] ?? []).replace(/\s/g, '');
  if (picture) return `<img src="data:image/png;base64,${picture}" alt="${escapeHtml(words)}">`;
  return printed(words);
}
