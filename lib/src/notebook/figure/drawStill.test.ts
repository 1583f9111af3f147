// In a process of its own: it replaces how fonts are looked for.
import { expect, it, vi } from 'vitest';
import { drawStill } from './drawStill';

const drawn: string[] = [];
vi.mock('./stillRenderer', () => ({
  fontFamily: 'one',
  drawsChinese: () => false,
  loadRenderer: async () => ({
    plotly: {
      toImage: async ({ layout }: { layout: object }) => {
        drawn.push(JSON.stringify(layout));
        return 'data:,<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>';
      },
    },
    canvas: await import('@napi-rs/canvas'),
  }),
}));

it('says in English what figures say by themselves, where no font has Chinese characters', async () => {
  const layout = { width: 4, height: 4, title: { text: '我的标题' }, xaxis: { title: { text: '步数' } } };
  await drawStill({ data: [], layout, english: { 步数: 'step' } });
  expect(JSON.parse(drawn[0]!)).toMatchObject({ title: { text: '我的标题' }, xaxis: { title: { text: 'step' } } });
});
