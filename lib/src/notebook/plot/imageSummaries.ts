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

/** Pixels of the page: what a small picture is enlarged to, and a large one made smaller to. */
const SMALL = 56;
const LARGE = 640;

/**
 * The pictures that runs have written to event files, as they were written: a heading a tag and step. Small ones are enlarged. In the
 * place of one that is damaged stands what is wrong with it.
 *
 * @param logdirs a run's folder or one that has runs anywhere below; several; or several by names of one's own
 * @throws {NotFoundError} when a folder isn't there, holds no event files, or no run has a tag or step that is asked for
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
  if (format !== 'PNG') return `max-width:min(100%,${LARGE}px)`; // photographs may be shown turned
  const most = Math.max(width, height);
  const scale = most > LARGE ? LARGE / most : Math.max(1, Math.round(SMALL / most));
  const [across, down] = [width, height].map((pixels) => Math.round(scale * pixels));
  return `width:${across}px;max-width:100%;aspect-ratio:${across}/${down}${scale > 1 ? ';image-rendering:pixelated' : ''}`;
}
