/** Shows values now, anywhere in a cell, and not only as its last expression. */
import { inspect } from 'node:util';
import { type Displayable, jupyterDisplay, type MimeBundle, notebookHost } from '../runtime/host';

/**
 * Shows a value as it would be shown as a cell's last expression. In a plain program its text form is printed.
 *
 * @example
 * for (const rate of [0.01, 0.1]) await display(plot.curves({ loss: losses[rate] }, { title: `${rate}` }));
 * display.markdown('**done**');
 */
export async function display(value: unknown): Promise<void> {
  const host = notebookHost();
  if (!host) console.log(value);
  else if (isDisplayable(value)) host.display(await value[jupyterDisplay]());
  else host.display({ 'text/plain': typeof value === 'string' ? value : inspect(value) });
}

/** Shows HTML. */
display.html = (html: string): void => {
  showBundle({ 'text/html': html, 'text/plain': html.replaceAll(/<[^>]*>/g, '') });
};

/** Shows Markdown. */
display.markdown = (markdown: string): void => {
  showBundle({ 'text/markdown': markdown, 'text/plain': markdown });
};

/** Shows a picture, the bytes of a PNG file. */
display.png = (png: Uint8Array): void => {
  showBundle({ 'image/png': Buffer.from(png).toString('base64'), 'text/plain': '[picture]' });
};

/** Whether a value says itself how it is shown. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof (value as Partial<Displayable> | null | undefined)?.[jupyterDisplay] === 'function';
}

function showBundle(bundle: MimeBundle): void {
  const host = notebookHost();
  if (host) host.display(bundle);
  else console.log(bundle['text/plain']);
}
