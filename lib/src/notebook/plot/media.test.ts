import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MessageInit, Summary } from '../../protos';
import { NotFoundError } from '../../runtime/errors';
import { jupyterDisplay } from '../../runtime/notebookHost';
import { decodeWav, encodeWav } from '../../runtime/wav';
import { Graph } from '../../tf/graph/graph';
import { applyOne } from '../../tf/ops/apply';
import { Session } from '../../tf/session';
import { FileWriter } from '../../tf/summary';
import { encodePng } from '../figure/png';
import type { Gallery } from '../media/gallery';
import { audioSummaries } from './audioSummaries';
import { imageSummaries } from './imageSummaries';

let logdir: string;
beforeAll(async () => {
  logdir = await mkdtemp(path.join(tmpdir(), 'media-'));
});
afterAll(() => rm(logdir, { recursive: true }));

let made = 0;

/** A run's folder with these summaries, by step. */
async function runOf(...summaries: [step: number, ...values: MessageInit<Summary.Value>[]][]): Promise<string> {
  const folder = path.join(logdir, `${made++}`);
  const writer = new FileWriter(folder);
  for (const [i, [step, ...value]] of summaries.entries())
    writer.addEvent({ wallTime: 1e9 + i, step, summary: { value } });
  await writer.close();
  return folder;
}

/** What a graph's summary operation writes. */
async function tensorFlowRun(build: () => ReturnType<typeof applyOne>): Promise<string> {
  const graph = new Graph();
  const summary = graph.asDefault(build);
  const session = new Session({ graph });
  const folder = path.join(logdir, `${made++}`);
  const writer = new FileWriter(folder);
  writer.addSummary((await session.run(summary)) as never as Uint8Array, 7);
  await writer.close();
  await session.close();
  return folder;
}

const html = (gallery: Gallery): string => gallery[jupyterDisplay]()['text/html'] as string;

const png = (width: number, height = width, grey = 128) =>
  encodePng({ width, height, rgba: new Uint8Array(4 * width * height).map((_, i) => (i % 4 === 3 ? 255 : grey)) });
const image = (tag: string, file: Uint8Array): MessageInit<Summary.Value> => ({
  tag,
  image: { width: 1, height: 1, colorspace: 3, encodedImageString: file },
});

/** The files that a page shows, by type. */
function filesOf(gallery: Gallery, type: string): Buffer[] {
  return [...html(gallery).matchAll(new RegExp(`data:${type};base64,([^"]+)`, 'g'))].map(([, data]) =>
    Buffer.from(data!, 'base64'),
  );
}

describe('image summaries', () => {
  it('are shown as they were written, below a heading a tag and step', async () => {
    const files = [png(2), png(3), png(4)] as const;
    const run = await runOf([
      3,
      image('a/image/0', files[0]),
      image('a/image/1', files[1]),
      image('b/image', files[2]),
    ]);
    const gallery = await imageSummaries(run);
    expect(`${gallery}`).toBe('Images\n  a, step 3: 2\n  b, step 3: 1');
    expect(filesOf(gallery, 'image/png')).toEqual(files);
  });

  it('are those that TensorFlow 1 writes', async () => {
    const run = await tensorFlowRun(() =>
      applyOne('ImageSummary', ['digits', [[[[0], [1]]], [[[1], [0]]]]], { max_images: 2 }),
    );
    const gallery = await imageSummaries(run, { tags: 'digits' });
    expect(gallery.groups).toMatchObject([{ heading: 'digits, step 7' }]);
    expect(filesOf(gallery, 'image/png').map((file) => [file.readUInt32BE(16), file.readUInt32BE(20)])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('are those of TensorFlow 2, whose plugin stands only in the first value', async () => {
    const text = (value: string) => Buffer.from(value);
    const tensor = (...files: Uint8Array[]) => ({ dtype: 7, stringVal: [text('2'), text('2'), ...files] });
    const metadata = { pluginData: { pluginName: 'images' } };
    const run = await runOf(
      [0, { tag: 'x', metadata, tensor: tensor(png(2)) }],
      [1, { tag: 'x', tensor: tensor(png(3), png(4)) }, { tag: 'text', tensor: tensor(text('no picture')) }],
    );
    expect(`${await imageSummaries(run, { step: 'all' })}`).toBe('Images\n  x, step 0: 1\n  x, step 1: 2');
  });

  it("are those of a tag's last step, of one step, or of all", async () => {
    const run = await runOf([0, image('a', png(1)), image('b', png(1))], [5, image('a', png(2))]);
    const headings = async (step?: number | 'all') =>
      (await imageSummaries(run, { step })).groups.map(({ heading }) => heading);
    expect(await headings()).toEqual(['a, step 5', 'b, step 0']);
    expect(await headings(0)).toEqual(['a, step 0', 'b, step 0']);
    expect(await headings('all')).toEqual(['a, step 0', 'a, step 5', 'b, step 0']);
    await expect(headings(3)).rejects.toThrow('there are no images of step 3, but of 0, 5');
  });

  it("are those of each run's last step", async () => {
    const logdirs = { one: await runOf([0, image('a', png(1))]), two: await runOf([5, image('a', png(1))]) };
    const { groups } = await imageSummaries(logdirs);
    expect(groups.map(({ heading }) => heading)).toEqual(['one: a, step 0', 'two: a, step 5']);
  });

  it('are those of the tags asked for, whole or without their numbers, of every run', async () => {
    const values = [image('a/image/0', png(1)), image('a/image/1', png(2)), image('b/image', png(3))] as const;
    const [one, two] = [await runOf([0, ...values]), await runOf([0, ...values])];
    const logdirs = { one: one!, two: two! };
    expect(`${await imageSummaries(logdirs, { tags: ['b', 'a'], title: 'Inputs' })}`).toBe(
      'Inputs\n  one: b, step 0: 1\n  two: b, step 0: 1\n  one: a, step 0: 2\n  two: a, step 0: 2',
    );
    expect(filesOf(await imageSummaries(one!, { tags: 'a/image/1' }), 'image/png')).toEqual([png(2)]);
    await expect(imageSummaries(one!, { tags: 'c' })).rejects.toThrow(
      "no run has images of the tag 'c', but of 'a', 'b'",
    );
  });

  it('are the later ones where a step was written twice', async () => {
    const run = await runOf([0, image('a', png(1))], [0, image('a', png(2))]);
    expect(filesOf(await imageSummaries(run), 'image/png')).toEqual([png(2)]);
  });

  it('are enlarged by whole pixels where they are small, and fit the page where they are large', async () => {
    const run = await runOf([
      0,
      image('a', png(28, 14)),
      image('b', png(100)),
      image('c', png(1280, 320)),
      image('d', createCanvas(2, 2).toBuffer('image/gif')),
      image('e', createCanvas(2, 2).toBuffer('image/jpeg')),
    ]);
    const shown = html(await imageSummaries(run));
    expect([...shown.matchAll(/data:([^;]+);.*?alt="([^"]+)" style="([^"]+)"/g)].map(([, ...parts]) => parts)).toEqual([
      ['image/png', 'a, step 0', 'width:56px;max-width:100%;aspect-ratio:56/28;image-rendering:pixelated'],
      ['image/png', 'b, step 0', 'width:100px;max-width:100%;aspect-ratio:100/100'],
      ['image/png', 'c, step 0', 'width:640px;max-width:100%;aspect-ratio:640/160'],
      ['image/gif', 'd, step 0', 'max-width:min(100%,640px)'],
      ['image/jpeg', 'e, step 0', 'max-width:min(100%,640px)'],
    ]);
  });

  it('are no more than asked for, and no more than 2 MiB', async () => {
    const run = await runOf([0, ...[1, 2, 3].map((size) => image(`a/image/${size}`, png(size)))]);
    expect(`${await imageSummaries(run, { count: 1 })}`).toBe(
      'Images\n  a, step 0: 1\n… and 2 more: choose tags or a step',
    );
    const large = await runOf([
      0,
      image('a', Buffer.alloc(1.5e6)),
      image('b', Buffer.alloc(1.5e6)),
      image('c', png(1)),
    ]);
    const gallery = await imageSummaries(large);
    expect(gallery.groups.map(({ heading }) => heading)).toEqual(['a, step 0', 'c, step 0']);
    expect(html(gallery)).toContain('… and 1 more: choose tags or a step');
  });

  it('must be there', async () => {
    await expect(imageSummaries(path.join(logdir, 'nowhere'))).rejects.toThrow(NotFoundError);
    const run = await runOf([0, { tag: 'loss', simpleValue: 1 }]);
    await expect(imageSummaries(run)).rejects.toThrow('there are event files, but no images in them');
  });
});

describe('audio summaries', () => {
  it('are those that TensorFlow 1 writes, with a player each', async () => {
    const run = await tensorFlowRun(() =>
      applyOne('AudioSummaryV2', ['tone', [[0, 0.5, -0.5, 0]], 4000], { max_outputs: 1 }),
    );
    const gallery = await audioSummaries(run);
    expect(`${gallery}`).toBe('Sounds\n  tone, step 7: 1');
    const [file] = filesOf(gallery, 'audio/wav');
    const { samples, ...rest } = decodeWav(file!);
    expect(rest).toEqual({ sampleRate: 4000, channels: 1 });
    for (const [i, expected] of [0, 0.5, -0.5, 0].entries()) expect(samples[i]).toBeCloseTo(expected, 3);
    expect(html(gallery)).toContain('0.001 s of sound at 4000 Hz');
  });

  it('are those of TensorFlow 2, each with a label behind it', async () => {
    const [one, two] = [
      encodeWav({ samples: [0.5], sampleRate: 8000, channels: 1 }),
      encodeWav({ samples: [0], sampleRate: 8000, channels: 1 }),
    ];
    const tensor = {
      dtype: 7,
      tensorShape: { dim: [{ size: 2 }, { size: 2 }] },
      stringVal: [one, Buffer.from('first'), two, Buffer.from('second')],
    };
    const run = await runOf([0, { tag: 'x', metadata: { pluginData: { pluginName: 'audio' } }, tensor }]);
    expect(filesOf(await audioSummaries(run), 'audio/wav')).toEqual([one, two]);
  });
});

describe('damaged files', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  afterAll(() => warn.mockRestore());

  it('are not shown; in their place stands what is wrong', async () => {
    const whole = png(3);
    const claim = Buffer.from(whole);
    claim.writeUInt32BE(30_000, 16);
    const run = await runOf([
      0,
      image('a', whole),
      image('b', whole.subarray(0, whole.length - 20)),
      image('c', claim),
      image('d', Buffer.from('<svg/>')),
    ]);
    const gallery = await imageSummaries(run);
    expect(filesOf(gallery, 'image/png')).toEqual([whole]);
    expect(html(gallery)).toContain('<i>the picture: the PNG file is damaged: it is cut short: ');
    expect(html(gallery)).toContain('the PNG file is damaged: the checksum of the chunk at byte 8 is wrong');
    expect(html(gallery)).toContain('found an SVG file: save it as PNG or JPEG');
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^b, step 0: the picture: the PNG file is damaged/));

    const sound = encodeWav({ samples: [0, 1, 0, 1], sampleRate: 8000, channels: 1 });
    const file = (tag: string, encodedAudioString: Uint8Array) => ({ tag, audio: { encodedAudioString } });
    const sounds = await audioSummaries(await runOf([0, file('a', sound), file('b', sound.subarray(0, -2))]));
    expect(filesOf(sounds, 'audio/wav')).toEqual([sound]);
    expect(html(sounds)).toContain('<i>the WAV file is cut short: it ends at byte 52, and 50 are there</i>');
  });
});
