import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast } from '../../testing/contrast';
import { rgbOf } from './colors';
import { inDarkPages, ONDARK_COLORS, PAPERLESS_COLORS } from './otherColors';
import { divergingScale, sequentialScale } from './scales';
import { palette, paperColor, textColor, themed, wrongColor } from './theme';

/** WCAG's AA. */
const TEXT = 4.5;
const GRAPHICAL = 3;

const light = [paperColor];
/** JupyterLab's, GitHub's and Visual Studio Code's. */
const dark = ['#111111', '#0d1117', '#1e1e1e'];
const onDark = (color: string) => ONDARK_COLORS[color]!;
const least = (color: string, backgrounds: readonly string[]) =>
  Math.min(...backgrounds.map((background) => contrast(color, background)));

describe('the contrast of texts', () => {
  it.each([
    ['texts', textColor],
    ['what is wrong', wrongColor],
  ])('is that of AA in light and in dark pages: %s', (_, color) => {
    expect(least(color, light)).toBeGreaterThanOrEqual(TEXT);
    expect(least(onDark(color), dark)).toBeGreaterThanOrEqual(TEXT);
  });

  it.each([textColor, wrongColor])(
    'of stills is AA on white, and nearly that on black, where no one colour has both',
    (color) => {
      const either = PAPERLESS_COLORS[color]!;
      expect(least(either, light)).toBeGreaterThanOrEqual(TEXT);
      expect(contrast(either, '#000000')).toBeGreaterThanOrEqual(TEXT);
      expect(contrast(either, '#111111')).toBeGreaterThanOrEqual(4.1);
    },
  );
});

describe('the contrast of series', () => {
  it.each([...palette])('is that of AA for what is no text, in light and in dark pages: %s', (color) => {
    expect(least(color, light)).toBeGreaterThanOrEqual(GRAPHICAL);
    expect(least(onDark(color), dark)).toBeGreaterThanOrEqual(GRAPHICAL);
  });

  it.each([...palette])('holds in stills, on white and on black: %s', (color) => {
    expect(least(color, [...light, '#111111', '#0d1117'])).toBeGreaterThanOrEqual(GRAPHICAL);
  });

  it('differs within a palette', () => {
    for (const colors of [palette, palette.map(onDark)])
      for (const [i, one] of colors.entries())
        for (const other of colors.slice(i + 1)) {
          const apart = Math.hypot(...rgbOf(one).map((channel, at) => channel - rgbOf(other)[at]!));
          expect(apart, `${one} and ${other}`).toBeGreaterThan(45);
        }
  });
});

it('every colour that a figure names has another in dark pages, or is seen in both', () => {
  const rooms = ['plot', 'live', 'media'].map((room) => path.join(__dirname, '..', room));
  const files = rooms.flatMap((room) => readdirSync(room).map((file) => path.join(room, file)));
  const named = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => readFileSync(file, 'utf8').match(/#[0-9a-f]{6}\b/g) ?? []);
  expect(named.length).toBeGreaterThan(4);
  const inBoth = (color: string) => least(color, [...light, ...dark]) >= GRAPHICAL;
  expect(named.filter((color) => ONDARK_COLORS[color] === undefined && !inBoth(color))).toEqual([]);
});

describe('scales in dark pages', () => {
  it.each([
    ['sequential', sequentialScale, 0],
    ['diverging', divergingScale, 2],
  ])('have the same places, and nothing is near the background: %s', (_, scale, nothing) => {
    const other = inDarkPages(scale);
    expect(other.map(([place]) => place)).toEqual(scale.map(([place]) => place));
    expect(contrast(other[nothing]![1], '#111111')).toBeLessThan(1.3);
    for (const end of [scale.length - 1, ...(nothing === 0 ? [] : [0])])
      expect(contrast(other[end]![1], '#111111')).toBeGreaterThan(7);
  });
});

describe('a figure in a dark page', () => {
  const drawn = (trace: object) => themed({ data: [{ ...trace }], layout: {} }, 'dark').data[0]!;

  it('has other colours wherever they stand, and its values as they are', () => {
    expect(
      drawn({
        x: ['#ffffff'],
        name: '#0072b2',
        line: { color: '#0072b2' },
        marker: { color: ['#d00000', 'red'] },
        fillcolor: 'rgba(0,114,178,0.3)',
        colorscale: [[0, '#f7fbff']],
      }),
    ).toEqual({
      x: ['#ffffff'],
      name: '#0072b2',
      line: { color: '#56a8e8' },
      marker: { color: ['#ff7b72', 'red'] },
      fillcolor: 'rgba(86,168,232,0.3)',
      colorscale: [[0, '#101c28']],
    });
  });

  it('has what its traces say for dark pages', () => {
    expect(drawn({ fillcolor: 'rgb(1,2,3)', inDark: { fillcolor: 'rgb(9,9,9)' } })).toMatchObject({
      fillcolor: 'rgb(9,9,9)',
    });
    expect(
      themed({ data: [{ fillcolor: 'a', inDark: { fillcolor: 'b' } }], layout: {} }, 'light').data[0],
    ).toMatchObject({
      fillcolor: 'a',
    });
  });

  it('lies on the page, and its template has light texts', () => {
    const { layout } = themed({ data: [], layout: {} }, 'dark');
    expect(layout.template).toMatchObject({
      layout: { paper_bgcolor: 'rgba(0,0,0,0)', font: { color: '#d9dde3' }, colorway: palette.map(onDark) },
    });
  });
});
