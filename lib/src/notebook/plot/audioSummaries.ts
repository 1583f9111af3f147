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
 * Displays the sounds in runs' event files, each with a player and a waveform, below a heading for tag and step. An
 * output contains at most 2 MiB of them, 23 seconds of one channel at 44100 Hz, and says how many more there are. A
 * sound that is damaged, or not a WAV file with 16-bit samples, is replaced by an error message.
 *
 * @param logdirs a run's folder or a folder that contains runs at any depth; several; or several by your own names
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has a requested tag or step
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
