/** The thread is JavaScript: its file is among what is compiled. */
import { expect, it } from 'vitest';
import { drawStill } from './drawStill';
import type * as StillThread from './stillThread';

const load = require('../../../dist/library.js') as (module: string) => typeof StillThread;
const { drawElsewhere } = load('notebook/figure/stillThread');

const figure = (width: number) => ({ data: [{ y: [1, 2] }], layout: { width, height: 100 } });

it('draws the same as this thread does, in the order in which it is asked', async () => {
  const ended: number[] = [];
  const widths = [400, 300, 200];
  const drawn = await Promise.all(
    widths.map(async (width) => {
      const picture = await drawElsewhere(figure(width));
      ended.push(width);
      return picture;
    }),
  );
  expect(ended).toEqual(widths);
  const here = await drawStill(figure(300));
  expect({ ...drawn[1], png: Buffer.from(drawn[1]!.png) }).toEqual({ ...here, png: Buffer.from(here.png) });
});

it('says why it can not draw, and draws the next', async () => {
  const bad = drawElsewhere({ data: [{ y: [1] }], layout: { width: -1 } });
  const good = drawElsewhere(figure(100));
  await expect(bad).rejects.toThrow(/./);
  expect((await good).width).toBe(100);
  expect(() => drawElsewhere({ data: [{ y: () => 1 }], layout: {} })).toThrow(/could not be cloned/);
});
