import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { pngFile } from '../runtime/png';
import { AreaScaler } from './areaScaler';
import { DataSet } from './dataSet';
import { readImageFolder } from './imageFolder';

const root = mkdtempSync(path.join(tmpdir(), 'pictures-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'x-'));
});

/** Writes a PNG of one value into the folder. */
function picture(file: string, value: number, width = 4, height = 2): void {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, pngFile({ width, height, channels: 1, samples: new Uint8Array(width * height).fill(value) }));
}

const errorOf = (options?: Parameters<typeof readImageFolder>[1]) =>
  readImageFolder(folder, options).then(
    () => new Error('none'),
    (error: Error) =>
      Object.assign(error, { message: error.message.replaceAll(folder + path.sep, '').replaceAll(folder, '.') }),
  );

describe('readImageFolder', () => {
  it('reads a folder of pictures a class, in the order of names', async () => {
    picture('rose/b.png', 20);
    picture('rose/a.png', 10);
    picture('daisy/more/c.png', 40);
    picture('daisy/1.png', 30);
    picture('.hidden/x.png', 1);
    writeFileSync(path.join(folder, 'rose', '.DS_Store'), 'x');
    writeFileSync(path.join(folder, 'README.txt'), 'flowers');
    const { images, labels, classNames, files } = await readImageFolder(folder, { channels: 1 });
    expect(images.shape).toEqual([4, 2, 4, 1]);
    expect([0, 8, 16, 24].map((at) => images.data[at])).toEqual([30, 40, 10, 20]);
    expect([[...labels.data], classNames]).toEqual([
      [0, 0, 1, 1],
      ['daisy', 'rose'],
    ]);
    expect(files.map((file) => path.relative(folder, file).split(path.sep).join('/'))).toEqual([
      'daisy/1.png',
      'daisy/more/c.png',
      'rose/a.png',
      'rose/b.png',
    ]);
    const set = new DataSet(images, labels, { seed: 1 });
    expect([set.images.shape, set.images.at(3, 7)]).toEqual([[4, 8], Math.fround(20 / 255)]);
  });

  it('scales them all to one size, and gives the channels that are wanted', async () => {
    picture('a/1.png', 100, 8, 8);
    picture('a/2.png', 50, 5, 3);
    const samples = Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 128, 9, 9, 9, 0, 1, 2, 3, 255);
    mkdirSync(path.join(folder, 'b'));
    writeFileSync(path.join(folder, 'b', 'c.png'), pngFile({ width: 2, height: 2, channels: 4, samples }));
    const grey = await readImageFolder(folder, { size: [2, 2], channels: 1 });
    expect([...grey.images.data.subarray(0, 8)]).toEqual([100, 100, 100, 100, 50, 50, 50, 50]);
    expect([...grey.images.data.subarray(8)]).toEqual([76, 142, 255, 2]); // 0.299 · 255; half of blue on white; white; nearly black
    const colours = await readImageFolder(folder, { size: [2, 2] });
    expect(colours.images.shape).toEqual([3, 2, 2, 3]);
    expect([...colours.images.data.subarray(24)]).toEqual([255, 0, 0, 127, 127, 255, 255, 255, 255, 1, 2, 3]);
    const alpha = await readImageFolder(folder, { size: [2, 2], channels: 4 });
    expect([3, 7, 11, 15].map((at) => alpha.images.data[32 + at])).toEqual([255, 128, 0, 255]);
  });

  it('numbers classes as another set has them', async () => {
    picture('rose/a.png', 1);
    const classNames = ['daisy', 'rose', 'tulip'];
    expect([...(await readImageFolder(folder, { classNames })).labels.data]).toEqual([1]);
    picture('tulips/a.png', 1);
    expect((await errorOf({ classNames })).message).toBe(
      "tulips: expected one of daisy, rose, tulip, got 'tulips'; is it 'tulip'?",
    );
  });

  it('names the file of what is wrong', async () => {
    expect(await errorOf()).toMatchObject({
      name: 'InvalidArgumentError',
      message: '.: expected a folder of pictures for each class, found no folders',
    });
    picture('a/1.png', 1);
    mkdirSync(path.join(folder, 'b'));
    expect(await errorOf()).toMatchObject({
      name: 'InvalidArgumentError',
      message: 'b: expected pictures, found none',
    });
    picture('b/2.png', 1, 4, 3);
    expect(await errorOf()).toBeInstanceOf(InvalidArgumentError);
    expect((await errorOf()).message).toBe(
      `${path.join('b', '2.png')}: expected 4 × 2 pixels, as ${path.join('a', '1.png')} has, got 4 × 3; size scales them all`,
    );
    writeFileSync(path.join(folder, 'b', 'notes.txt'), 'roses are red');
    const none = await errorOf({ size: [2, 2] });
    expect(none).toBeInstanceOf(DataLossError);
    expect(none.message).toContain(`${path.join('b', 'notes.txt')}: expected a picture (PNG`);
    await expect(readImageFolder(path.join(folder, 'none'))).rejects.toThrow(NotFoundError);
    const size: [number, number] = [0, 2];
    expect((await errorOf({ size })).message).toBe(
      'expected a height and a width, such as [28, 28], as size, got [ 0, 2 ]',
    );
    const two: object = { channels: 2 };
    expect((await errorOf(two)).message).toBe('expected 1, 3 or 4 channels, got 2');
    const chanels: object = { chanels: 3 };
    expect((await errorOf(chanels)).message).toContain("did you mean 'channels'?");
  });
});

describe('AreaScaler', () => {
  /** A grey picture at another size. */
  function scaled(values: number[][], to: [number, number]): number[] {
    const scaler = new AreaScaler([values.length, values[0]!.length], to, 1);
    for (const row of values) scaler.add(Uint8Array.from(row.flatMap((value) => [value, value, value, 255])));
    const target = new Uint8Array(to[0] * to[1]);
    scaler.copyTo(target, 0);
    return [...target];
  }

  it('gives what tf.image.resize_area gives', () => {
    // tf.image.resize_area(tf.reshape(tf.range(0., 240., 10.), [1, 4, 6, 1]), size), rounded
    const values = [0, 1, 2, 3].map((row) => [0, 1, 2, 3, 4, 5].map((column) => 10 * (6 * row + column)));
    expect(scaled(values, [2, 3])).toEqual([35, 55, 75, 155, 175, 195]);
    expect(scaled(values, [3, 4])).toEqual([18, 32, 48, 62, 93, 107, 123, 137, 168, 182, 198, 212]);
    expect(scaled(values, [4, 6])).toEqual(values.flat());
    expect(scaled([[0, 100]], [2, 4])).toEqual([0, 0, 100, 100, 0, 0, 100, 100]);
  });
});
