import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jupyterDisplay } from '../../runtime/notebookHost';
import { decodeWav } from '../../runtime/wav';
import { FakeNotebook } from '../../testing/notebook';
import { display } from '../display';
import { AudioPlayer } from './audio';
import { waveform, waveformSize } from './waveform';

const tone = Float32Array.from({ length: 800 }, (_, i) => 0.5 * Math.sin(i / 5));

describe('a sound in a notebook', () => {
  it('has a player with the sound itself, a picture of it, and a line of text', () => {
    const { 'text/html': html, 'text/plain': text } = new AudioPlayer(tone, { sampleRate: 8000, title: 'a <tone>' })[
      jupyterDisplay
    ]();
    expect(text).toBe('[a <tone>: 0.1 s of sound at 8000 Hz]');
    expect(html).toContain('<div>a &lt;tone&gt;</div><div style="max-width:1200px"><div id="sound-');
    expect(html).toContain(
      'alt="Waveform of 0.1 s of sound at 8000 Hz: it goes as far as 0.50 of 1, its loudness from ',
    );
    const [, data] = /<audio controls [^>]*src="data:audio\/wav;base64,([^"]+)"/.exec(html as string)!;
    const sound = decodeWav(Buffer.from(data!, 'base64'));
    expect(sound).toMatchObject({ sampleRate: 8000, channels: 1 });
    expect(sound.samples[100]).toBeCloseTo(tone[100]!, 4);
  });

  it('may have several channels', () => {
    const player = new AudioPlayer(
      [
        [0.5, -0.5],
        [1, -1],
      ],
      { sampleRate: 2 },
    );
    expect(`${player}`).toBe('[1 s of sound at 2 Hz, 2 channels]');
    expect([...Array.from(decodeWav(player.wav).samples)]).toEqual([0.5, -0.5, 32767 / 32768, -1]);
  });

  it.each([
    [[[[1]]], 8000, 'expected samples of shape [n] or [n, 1 to 8 channels], got [1, 1, 1]'],
    [[], 8000, 'expected samples of shape [n] or [n, 1 to 8 channels], got [0]'],
    [[1], 0.5, 'expected samples a second as a positive integer, got 0.5'],
    [['a'], 8000, 'expected numbers for samples, got strings'],
    [new Float32Array(600_000), 8000, 'expected at most 65.5 s of sound (1 MiB as 16-bit samples), got 75.0 s'],
  ])('is refused when it is none, or too long', (samples, sampleRate, message) => {
    expect(() => new AudioPlayer(samples, { sampleRate })).toThrow(message);
  });
});

describe('display.audio', () => {
  let notebook: FakeNotebook | undefined;
  afterEach(() => notebook?.close());

  it('shows a player now; in a plain program, a line', () => {
    notebook = new FakeNotebook();
    display.audio(tone, { sampleRate: 8000 });
    expect(notebook.shown[0]!.data['text/html']).toContain('<audio controls');
    notebook.close();
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    display.audio(tone, { sampleRate: 8000 });
    expect(log).toHaveBeenCalledWith('[0.1 s of sound at 8000 Hz]');
    log.mockRestore();
  });
});

describe('a waveform', () => {
  /** From where to where each column has no more of red than that, in rows from the top. */
  async function columnsOf(png: Buffer, red = 139) {
    const { width, height } = waveformSize;
    const context = createCanvas(width, height).getContext('2d');
    context.drawImage(await loadImage(png), 0, 0);
    return Array.from({ length: width }, (_, x) => {
      const { data } = context.getImageData(x, 0, 1, height);
      const rows = [...Array(height).keys()].filter((y) => data[4 * y + 3]! > 0 && data[4 * y]! <= red);
      return [rows[0], rows.at(-1)];
    });
  }

  it('goes as far up and down as the sound, over its whole length', async () => {
    const samples = Float32Array.from({ length: 6000 }, (_, i) => (i < 3000 ? 1 : -0.5) * (i % 2));
    const columns = await columnsOf(waveform({ samples, sampleRate: 100, channels: 1 }));
    expect([columns[0], columns[299]]).toEqual([
      [0, 40],
      [0, 40],
    ]);
    expect([columns[300], columns[599]]).toEqual([
      [40, 59],
      [40, 59],
    ]);
  });

  it('is darker as far as the sound is loud, and has the line of silence over it', async () => {
    const samples = Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i));
    const png = waveform({ samples, sampleRate: 100, channels: 1 });
    expect((await columnsOf(png))[100]).toEqual([0, 79]);
    expect((await columnsOf(png, 0))[100]).toEqual([12, 67]); // 1 / √2 of the height
    const context = createCanvas(1, 80).getContext('2d');
    context.drawImage(await loadImage(png), -100, 0);
    expect(context.getImageData(0, 40, 1, 1).data[0]).toBe(139);
  });

  it('of a short sound, with two channels, shows each moment several times', async () => {
    const columns = await columnsOf(waveform({ samples: [1, 0, 0, -1], sampleRate: 2, channels: 2 }));
    expect([columns[0], columns[299], columns[300], columns[599]]).toEqual([
      [0, 40],
      [0, 40],
      [40, 79],
      [40, 79],
    ]);
  });

  it('is a small picture', () => {
    expect(waveform({ samples: tone, sampleRate: 8000, channels: 1 }).length).toBeLessThan(3000);
  });
});
