/** Pictures from event files. */
import { escapeHtml } from '../../runtime/html';
import type { Gallery } from '../gallery';
import { type MediaKind, type MediaOptions, mediaGallery } from './media';
import type { Logdirs } from './runs';

const images: MediaKind = {
  name: 'images',
  kind: 'images',
  suffix: /\/image(\/\d+)?$/,
  html: imageHtml,
};

/** Pixels of the page: what a small picture is enlarged to, and a large one made smaller to. */
const SMALL = 56;
const LARGE = 640;

/**
 * The pictures that runs have written to event files, as they were written: a heading a tag and step. Small ones are enlarged.
 *
 * @param logdirs a run's folder or one that has runs anywhere below; several; or several by names of one's own
 * @throws {NotFoundError} when a folder isn't there, holds no event files, or no run has a tag or step that is asked for
 * @example
 * await plot.imageSummaries('summaries/run1', { tags: 'input', step: 1000 })
 * await plot.imageSummaries('summaries', { tags: 'conv1/filters', step: 'all' })
 */
export function imageSummaries(logdirs: Logdirs, options: MediaOptions = {}): Promise<Gallery> {
  return mediaGallery(images, logdirs, options);
}

function imageHtml(file: Uint8Array, alt: string): string {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  return `<img src="data:${typeOf(bytes)};base64,${bytes.toString('base64')}" alt="${escapeHtml(alt)}" style="${sizeOf(bytes)}">`;
}

/** Summaries of other writers than TensorFlow have other files than PNG, too. */
function typeOf(file: Buffer): string {
  if (file.toString('latin1', 0, 4) === 'GIF8') return 'image/gif';
  if (file.readUInt16BE(0) === 0xffd8) return 'image/jpeg';
  return 'image/png';
}

function sizeOf(file: Buffer): string {
  if (file.toString('latin1', 12, 16) !== 'IHDR') return `max-width:${LARGE}px`;
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const most = Math.max(width, height, 1);
  const scale = most > LARGE ? LARGE / most : Math.max(1, Math.round(SMALL / most));
  const [across, down] = [width, height].map((pixels) => Math.round(scale * pixels));
  return `width:${across}px;height:${down}px${scale > 1 ? ';image-rendering:pixelated' : ''}`;
}
