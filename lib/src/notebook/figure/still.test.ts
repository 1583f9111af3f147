// In a process of its own: it loads modules anew.
import { expect, it, vi } from 'vitest';
import { liveBundle } from './figureBundle';
import { still } from './still';

const figure = { data: [{ y: [1, 2] }], layout: {} };

it('several stills can be made at once', async () => {
  const layouts = [100, 200, 300].map((width) => ({ ...figure, layout: { width } }));
  const stills = await Promise.all(layouts.map((layout) => still(layout)));
  expect(stills.map(({ width }) => width)).toEqual([100, 200, 300]);
  expect(stills[1]!.png).toEqual((await still(layouts[1]!)).png);
});

it.each(['scatter3d', 'mesh3d', 'surface', 'scattergl'])(
  'traces of type %s have none: only a browser draws them',
  async (type) => {
    const deep = { data: [{ type, x: [1], y: [1], z: [1] }], layout: {} };
    await expect(still(deep)).rejects.toThrow(`only a browser draws traces of type ${type}`);
    expect((await still({ ...deep, flat: figure })).png).toEqual((await still(figure)).png);
  },
);

it('figures have no stills where a package is missing, which is said once', async () => {
  vi.resetModules();
  vi.doMock('@napi-rs/canvas', () => {
    throw new Error('no binary for this machine');
  });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const fresh: typeof import('./figureBundle') = await import('./figureBundle.js');
  expect(await fresh.figureBundle(figure, 'id')).toEqual(liveBundle(figure, 'id'));
  expect(await fresh.figureBundle(figure, 'id')).toEqual(liveBundle(figure, 'id'));
  expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/^figures have no still pictures here: /)]);
});
