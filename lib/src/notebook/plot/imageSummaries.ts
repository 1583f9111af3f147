/** Pictures from event files. */
import { escapeHtml } from '../../runtime/html';
import { checkImageFile, type ImageFileInfo } from '../../runtime/imageFile';
import type { Gallery } from '../media/gallery';
import { type MediaKind, type MediaOptions, mediaGallery } from './media';
import type { Logdirs } from './runs';

const images: MediaKind = {
  name: 'images',
  title: { en: 'Images', zh: '图片' },
  kind: 'images',
  suffix: /\/image(\/\d+)?$/,
  html: imageHtml,
};

/** CSS pixels: the size to which small pictures are enlarged, and to which large ones are reduced. */
const SMALL = 56;
const LARGE = 640;

/**
 * Displays the pictures in runs' event files, unchanged, below a heading for tag and step. Small ones are enlarged. A
 * damaged one is replaced by an error message.
 *
 * @param logdirs a run's folder or a folder that contains runs at any depth; several; or several by your own names
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has a requested tag or step
 * @example
 * await plot.imageSummaries('summaries/run1', { tags: 'input', step: 100 });
 * await plot.imageSummaries('summaries', { tags: 'conv1/filters', step: 'all' });
 */
export function imageSummaries(logdirs: Logdirs, options: MediaOptions = {}): Promise<Gallery> {
  return mediaGallery(images, logdirs, options);
}

async function imageHtml(file: Uint8Array, alt: string): Promise<string> {
  const info = await checkImageFile(file, 'the picture');
  const data = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('base64');
  const type = info.format.toLowerCase();
  return `<img src="data:image/${type};base64,${data}" alt="${escapeHtml(alt)}" style="${styleOf(info)}">`;
}

function styleOf({ format, width, height }: ImageFileInfo): string {
  if (format !== 'PNG') return `max-width:min(100%,${LARGE}px)`; // photographs may be rotated when displayed
  const most = Math.max(width, height);
  const scale = most > LARGE ? LARGE / most : Math.max(1, Math.round(SMALL / most));
  const [across, down] = [width, height].map((pixels) => Math.round(scale * pixels));
  return `width:${across}px;max-width:100%;aspect-ratio:${across}/${down}${scale > 1 ? ';image-rendering:pixelated' : ''}`;
}
