/** Sounds that a notebook plays. */

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { encodeWav, type Sound } from '../../runtime/wav';
import { liveHtml } from '../figure/html';
import { inLanguage } from '../language';
import { soundColumns } from './soundColumns';
import { waveform, waveformSize } from './waveform';

/** Options of {@link display.audio}. */
export interface AudioPlayerOptions {
  /** The number of samples of a channel per second, such as 44100. */
  sampleRate: number;
  /** A line above the player. */
  title?: string;
}

/** In CSS pixels. */
const MAX_WIDTH = 1200;

/** The maximum size of a WAV file in an output in bytes: 11.9 seconds of one channel at 44100 Hz, 32.8 at 16000 Hz. */
const MAX_WAV = 1 << 20;

/**
 * A sound with a player and a waveform, whose data is stored in the notebook.
 *
 * @example
 * const player = display.audio(tone, { sampleRate: 8000 });
 */
export class AudioPlayer implements Displayable {
  readonly title: string | undefined;
  /** The sound as a WAV file with 16-bit samples. */
  readonly wav: Uint8Array;
  readonly #sound: Sound;

  /**
   * @param samples `[samples]` or `[samples, channels]`, between -1 and 1
   * @throws {InvalidArgumentError} when the shape is another, the rate is not a positive integer, or the sound is too
   * long
   */
  constructor(samples: ArrayLike, options: AudioPlayerOptions) {
    const { sampleRate, title } = onlyOptions(options, { sampleRate: 'number', title: 'string' });
    const { shape, data } = numbersOf(samples, 'samples');
    const [moments, channels = 1] = shape;
    if (shape.length < 1 || shape.length > 2 || !moments || channels < 1 || channels > 8)
      throw new InvalidArgumentError(`expected samples of shape [n] or [n, 1 to 8 channels], got ${shapeText(shape)}`);
    if (!Number.isInteger(sampleRate) || sampleRate <= 0)
      throw new InvalidArgumentError(`expected samples a second as a positive integer, got ${shown(sampleRate)}`);
    this.#sound = { samples: data, sampleRate, channels };
    this.wav = encodeWav(this.#sound);
    this.title = title;
    if (this.wav.length > MAX_WAV) {
      const most = MAX_WAV / (2 * channels * sampleRate);
      throw new InvalidArgumentError(
        `expected at most ${most.toFixed(1)} s of sound (1 MiB as 16-bit samples), got ${(moments / sampleRate).toFixed(1)} s`,
      );
    }
  }

  [jupyterDisplay](): MimeBundle {
    const { title } = this;
    const above = title === undefined ? '' : `<div>${escapeHtml(title)}</div>`;
    return { 'text/html': `${above}${playerHtml(this.wav, this.#sound)}`, 'text/plain': this.toString() };
  }

  /** A line with the title, the duration and the sample rate. */
  toString(): string {
    const { title } = this;
    return `[${title === undefined ? '' : `${title}: `}${soundText(this.#sound)}]`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A description of a sound. */
export function soundText({ samples, sampleRate, channels }: Sound): string {
  const seconds = samples.length / channels / sampleRate;
  const length = Number(seconds.toPrecision(3));
  return inLanguage({
    en: `${length} s of sound at ${sampleRate} Hz${channels > 1 ? `, ${channels} channels` : ''}`,
    zh: `${length} 秒的声音，${sampleRate} Hz${channels > 1 ? `，${channels} 个声道` : ''}`,
  });
}

/** A picture of the sound, which a page's script replaces by a zoomable one, and a player below it. */
export function playerHtml(wav: Uint8Array, sound: Sound): string {
  const data = Buffer.from(wav).toString('base64');
  const id = `sound-${createHash('sha256').update(wav).digest('hex').slice(0, 8)}`;
  const still = { png: waveform(sound), ...waveformSize, alt: inWords(sound) };
  return (
    `<div style="max-width:${MAX_WIDTH}px">${liveHtml('sound', id, {}, still)}` +
    `<audio controls preload="metadata" style="width:100%;max-width:${waveformSize.width}px;height:36px" src="data:audio/wav;base64,${data}"></audio></div>`
  );
}

/**
 * A description for screen readers: the duration, the range of the samples, and the loudness at the beginning and the
 * end.
 */
function inWords(sound: Sound): string {
  const moments = sound.samples.length / sound.channels;
  const columns = soundColumns(sound, 10, 0, moments);
  const peak = Math.max(...columns.map(({ least, greatest }) => Math.max(-least, greatest)));
  const [first, last] = [columns[0]!.loud, columns.at(-1)!.loud].map((loud) => loud.toFixed(2));
  return `Waveform of ${soundText(sound)}: it goes as far as ${peak.toFixed(2)} of 1, its loudness from ${first} to ${last}`;
}
