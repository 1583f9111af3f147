/** Displays values immediately, anywhere in a cell, and not only as its last expression. */

import { inspect } from 'node:util';
import { checkInstance, checkText } from '../runtime/arguments';
import type { ArrayLike } from '../runtime/hostArray';
import {
  isDisplayable,
  jupyterDisplay,
  jupyterDisplayId,
  type MimeBundle,
  notebookHost,
} from '../runtime/notebookHost';
import { AudioPlayer, type AudioPlayerOptions } from './media/audio';

/**
 * Displays a value like a cell's last expression. A plain program prints its text form.
 *
 * @example
 * for (const rate of [0.01, 0.1]) await display(plot.curves({ loss: [2.3, 1.1 - rate] }, { title: `${rate}` }));
 * display.markdown('**done**');
 */
export async function display(value: unknown): Promise<void> {
  const host = notebookHost();
  if (!host) console.log(value);
  else if (isDisplayable(value)) host.display(await value[jupyterDisplay](), { displayId: value[jupyterDisplayId] });
  else host.display({ 'text/plain': typeof value === 'string' ? value : inspect(value) });
}

/** Displays HTML. */
display.html = (html: string): void => {
  checkText('HTML', html);
  showBundle({ 'text/html': html, 'text/plain': html.replaceAll(/<[^>]*>/g, '') });
};

/** Displays Markdown. */
display.markdown = (markdown: string): void => {
  checkText('Markdown', markdown);
  showBundle({ 'text/markdown': markdown, 'text/plain': markdown });
};

/** Displays a picture, given as the bytes of a PNG file. */
display.png = (png: Uint8Array): void => {
  checkInstance('a picture', png, Uint8Array, 'Uint8Array');
  showBundle({ 'image/png': Buffer.from(png).toString('base64'), 'text/plain': '[picture]' });
};

/**
 * Displays a sound with a player and a waveform; its data becomes part of the notebook.
 *
 * @param samples `[samples]` or `[samples, channels]`, between -1 and 1; at most 1 MiB as 16-bit samples, 11.9 seconds
 * at 44100 Hz
 * @throws {InvalidArgumentError} when the shape is another, the rate is not a positive integer, or the sound is too
 * long
 * @example
 * const tone = Float32Array.from({ length: 8000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 8000));
 * display.audio(tone, { sampleRate: 8000 });
 */
display.audio = (samples: ArrayLike, options: AudioPlayerOptions): void => {
  showBundle(new AudioPlayer(samples, options)[jupyterDisplay]());
};

function showBundle(bundle: MimeBundle): void {
  const host = notebookHost();
  if (host) host.display(bundle);
  else console.log(bundle['text/plain']);
}
