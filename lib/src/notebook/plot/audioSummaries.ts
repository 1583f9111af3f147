/** Sounds from event files. */
import { escapeHtml } from '../../runtime/html';
import { decodeWav } from '../../runtime/wav';
import { playerHtml, soundText } from '../media/audio';
import type { Gallery } from '../media/gallery';
import { type MediaKind, type MediaOptions, mediaGallery } from './media';
import type { Logdirs } from './runs';

const sounds: MediaKind = {
  name: 'sounds',
  title: { en: 'Sounds', zh: '声音' },
  kind: 'audio',
  suffix: /\/audio(\/\d+)?$/,
  html: soundHtml,
};

/**
 * The sounds that runs have written to event files, each with a player and a picture: a heading a tag and step. An output holds 2 MiB
 * of them at most, 23 seconds of one channel at 44100 Hz; it says how many more there are. In the place of a sound that is damaged, or
 * no WAV file of 16-bit samples, stands what is wrong with it.
 *
 * @param logdirs a run's folder or one that has runs anywhere below; several; or several by names of one's own
 * @throws {NotFoundError} when a folder isn't there, holds no event files, or no run has a tag or step that is asked for
 * @example
 * await plot.audioSummaries('summaries/run1', { tags: 'digits', step: 'all' });
 */
export function audioSummaries(logdirs: Logdirs, options: MediaOptions = {}): Promise<Gallery> {
  return mediaGallery(sounds, logdirs, options);
}

function soundHtml(file: Uint8Array): string {
  const sound = decodeWav(file);
  return `${playerHtml(file, sound)}<div style="font-size:smaller">${escapeHtml(soundText(sound))}</div>`;
}
