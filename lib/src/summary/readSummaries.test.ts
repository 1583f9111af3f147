import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotFoundError } from '../runtime/errors';
import { decodePng } from '../testing/decodePng';
import { readHParams } from './hparams';
import { readSummaries, type SummaryKinds } from './readSummaries';

/** An event file of TensorFlow 2.15's `tf.summary`: each kind at a step or two, and hyperparameters. */
const TENSORFLOW_2 =
  'PgAAAAAAAADZ0kDnCQAAAL5OwdpBGg1icmFpbi5FdmVudDoyUiQKInRlbnNvcmZsb3cuY29yZS51dGlsLmV2ZW50c193cml0ZXJ7LbNOLgAAAAAAAADFy1f6CXqlHL5OwdpBEAEqIQofCgRsb3NzQgoIARIAIgQAAAA/SgsKCQoHc2NhbGFycwlpuQEuAAAAAAAAAMXLV/oJ5q0cvk7B2kEQAiohCh8KBGxvc3NCCggBEgAiBAAAgD9KCwoJCgdzY2FsYXJzl4lUnnoAAAAAAAAAE4mGeAmWlR++TsHaQRADKm0KawoBaEJWCAISCBICCAMSAggDIkgAAAAAAADwPwAAAAAAAABAAAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhAAAAAAAAAAEAAAAAAAAAIQAAAAAAAABBAAAAAAAAA8D9KDgoMCgpoaXN0b2dyYW1zHv1b2r0AAAAAAAAAYyEpCQnDLiC+TsHaQRAEKq8BCqwBCgFpQpoBCAcSBBICCARCATJCATFCRIlQTkcNChoKAAAADUlIRFIAAAACAAAAAQgAAAAA0UkgVgAAAAtJREFUCJljYPgPAAECAQBatSXfAAAAAElFTkSuQmCCQkSJUE5HDQoaCgAAAA1JSERSAAAAAgAAAAEIAAAAANFJIFYAAAALSURBVAiZY/zPAAACBAEB3zdOogAAAABJRU5ErkJggkoKCggKBmltYWdlcwWzCSqVAAAAAAAAANWTo0YJHO8gvk7B2kEQBSqHAQqEAQoBYUJwCAcSCBICCAISAggCQi5SSUZGJgAAAFdBVkVmbXQgEAAAAAEAAQBAHwAAgD4AAAIAEABkYXRhAgAAAAAAQgBCLlJJRkYmAAAAV0FWRWZtdCAQAAAAAQABAEAfAACAPgAAAgAQAGRhdGECAAAAAABCAEoNCgsKBWF1ZGlvEgIQC5WyZb8mAAAAAAAAAHNP4wAJOQ0hvk7B2kEQBioZChcKAXRCCAgHEgBCAmhpSggKBgoEdGV4dIyNCj8wAAAAAAAAAJX10F8JAhEhvk7B2kEQByojCiEKAXRCEggHEggSAggBEgIIAkIBYUIBYkoICgYKBHRleHRfEG9oyAAAAAAAAAD9qpB4CYoeIb5OwdpBKrwBCrkBChxfaHBhcmFtc18vc2Vzc2lvbl9zdGFydF9pbmZvQgYIARICEgBKkAEKjQEKB2hwYXJhbXMSgQEafwoKCgRmYXN0EgIgAQoRCgRyYXRlEgkRmpmZmZmZuT8KEwoJb3B0aW1pemVyEgYaBGFkYW0iQGM3YzIyODIzYzEzNTdhNzYxMzVlNjk4N2UyYzI2YjQzNTUwNTkxNDliZGZlYzc2MGI0ODQzYTJlNzM5OTM4M2YpUREhvk7B2kG+cG3b';

/** One of tensorboardX 2.6's `SummaryWriter`, as PyTorch has it too. */
const TENSORBOARD_X =
  'GAAAAAAAAACjf0siCQqgIb5OwdpBGg1icmFpbi5FdmVudDoyEqPxYhoAAAAAAAAAEpvYLQkzzyG+TsHaQRABKg0KCwoEbG9zcxUAAMA/duUzUYUAAAAAAAAA6YrMWQm24iG+TsHaQRACKngKdgoBaCpxCQAAAAAAAPA/EQAAAAAAABBAGQAAAAAAABBAIQAAAAAAACJAKQAAAAAAADlAMiAAAAAAAADwPwAAAAAAAABAAAAAAAAACEAAAAAAAAAQQDogAAAAAAAAAAAAAAAAAADwPwAAAAAAAABAAAAAAAAA8D+I4RCHZAAAAAAAAABDXxzfCQosIr5OwdpBEAMqVwpVCgFpIlAIARACGAMiSIlQTkcNChoKAAAADUlIRFIAAAACAAAAAQgCAAAAe0Do3QAAAA9JREFUeJxj/P//PwMDAwAO/wL/uMWemQAAAABJRU5ErkJggk9hIT9YAAAAAAAAAKKLL4wJym8ivk7B2kEQBCpLCkkKAWEyRA0AAPpFEAEYASIuUklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAACoJYXVkaW8vd2F2A+FgeTcAAAAAAAAA5+jKWQnCcCK+TsHaQRAFKioKKAoOdC90ZXh0X3N1bW1hcnlCDAgHEgQSAggBQgJoaUoICgYKBHRleHRmCUzu';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'summaries-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What is read of a kind from an event file: by tag, without times. */
async function read<K extends keyof SummaryKinds>(file: string, kind: K) {
  fs.writeFileSync(path.join(folder, 'events.out.tfevents.1.host'), Buffer.from(file, 'base64'));
  const tags = [...(await readSummaries(folder, kind))];
  return Object.fromEntries(tags.map(([tag, events]) => [tag, events.map(({ wallTime, ...event }) => event)]));
}

describe('of TensorFlow 2, whose summaries are tensors, it reads', () => {
  it('scalars, of which only the first says what they are', async () => {
    expect(await read(TENSORFLOW_2, 'scalars')).toEqual({
      loss: [
        { step: 1, value: 0.5 },
        { step: 2, value: 1 },
      ],
    });
  });

  it('histograms', async () => {
    expect(await read(TENSORFLOW_2, 'histograms')).toEqual({
      h: [{ step: 3, lows: [1, 2, 3], highs: [2, 3, 4], counts: [1, 2, 1] }],
    });
  });

  it('each image of a batch', async () => {
    const { i: images } = await read(TENSORFLOW_2, 'images');
    expect(images).toMatchObject([
      { step: 4, width: 2, height: 1 },
      { step: 4, width: 2, height: 1 },
    ]);
    expect(images!.map(({ file }) => Array.from(decodePng(file, 1)))).toEqual([
      [0, 255],
      [255, 255],
    ]);
  });

  it('each sound of a batch', async () => {
    const { a: sounds } = await read(TENSORFLOW_2, 'audio');
    expect(sounds).toMatchObject([
      { step: 5, contentType: 'audio/wav' },
      { step: 5, contentType: 'audio/wav' },
    ]);
    for (const { file } of sounds!) expect(Buffer.from(file.subarray(0, 4)).toString()).toBe('RIFF');
  });

  it('texts, nested as they were', async () => {
    expect(await read(TENSORFLOW_2, 'text')).toEqual({
      t: [
        { step: 6, text: 'hi' },
        { step: 7, text: [['a', 'b']] },
      ],
    });
  });

  it('every tensor', async () => {
    const tensors = await read(TENSORFLOW_2, 'tensors');
    expect(Object.keys(tensors)).toEqual(['loss', 'h', 'i', 'a', 't', '_hparams_/session_start_info']);
    expect(tensors.h![0]!.tensor).toMatchObject({ dtype: 'float64', shape: [3, 3] });
  });

  it('hyperparameters', async () => {
    await read(TENSORFLOW_2, 'scalars');
    expect(await readHParams(folder)).toEqual({ rate: 0.1, optimizer: 'adam', fast: true });
  });
});

describe('of tensorboardX it reads', () => {
  it('every kind', async () => {
    expect(await read(TENSORBOARD_X, 'scalars')).toEqual({ loss: [{ step: 1, value: 1.5 }] });
    const { h } = await read(TENSORBOARD_X, 'histograms');
    expect(h).toMatchObject([{ step: 2, counts: [1, 2, 1] }]);
    expect([h![0]!.lows[0], h![0]!.highs.at(-1)]).toEqual([1, 4]);
    const { i } = await read(TENSORBOARD_X, 'images');
    expect(i).toMatchObject([{ step: 3, width: 2, height: 1 }]);
    expect(await read(TENSORBOARD_X, 'audio')).toMatchObject({ a: [{ step: 4, contentType: 'audio/wav' }] });
    expect(await read(TENSORBOARD_X, 'text')).toEqual({ 't/text_summary': [{ step: 5, text: ['hi'] }] });
  });
});

it('says so when there is nothing to read', async () => {
  await expect(readSummaries(folder, 'images')).rejects.toThrow(NotFoundError);
});
