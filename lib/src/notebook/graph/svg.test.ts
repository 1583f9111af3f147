import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { deviceColorsOf, withDevices } from './devices';
import { hierarchyOf } from './hierarchy';
import { layoutOf } from './layout';
import { svgOf } from './svg';

/** The SVG as a document; XML that isn't well-formed is an error. */
const parse = (svg: string) => new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document;

const line = hierarchyOf(trainedLine);
const drawing = layoutOf(line, new Set(['line/']));

describe('svgOf', () => {
  it('is a picture in itself: it refers to nothing, runs nothing and has a background', () => {
    const svg = svgOf(drawing);
    const document = parse(svg);
    expect(svg).not.toMatch(/href|url\(|<script|@import|<style/);
    expect(document.querySelector('rect')?.getAttribute('fill')).toBe('#fff');
    expect(document.documentElement.getAttribute('viewBox')).toBe(`0 0 ${drawing.width} ${drawing.height}`);
  });

  it('writes the name of every node that is seen, the shapes on edges, and the parts', () => {
    const texts = [...parse(svgOf(drawing)).querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const label of ['x', '− line', 'w', 'MatMul', 'gradients', 'float32 2×1', '?×1', 'Training', 'Auxiliary'])
      expect(texts).toContain(label);
  });

  it('dashes control edges', () => {
    const svg = svgOf(layoutOf(line, new Set(['GradientDescent/'])));
    expect(parse(svg).querySelectorAll('path[stroke-dasharray]')).toHaveLength(1);
    expect(parse(svgOf(drawing)).querySelectorAll('path[stroke-dasharray]')).toHaveLength(0);
  });

  it('can be reached by keyboard and read aloud when it is interactive', () => {
    const document = parse(svgOf(drawing, { interactive: true }));
    const scope = document.querySelector('[data-id="line/"]');
    expect(scope?.getAttribute('tabindex')).toBe('0');
    expect(scope?.getAttribute('aria-expanded')).toBe('true');
    expect(scope?.getAttribute('aria-label')).toBe('scope line');
    expect(document.querySelector('[data-id="gradients/"]')?.getAttribute('aria-expanded')).toBe('false');
    expect(document.querySelector('[data-id="x"]')?.hasAttribute('aria-expanded')).toBe(false);
    expect(document.querySelectorAll('[data-id]')).toHaveLength(drawing.nodes.length);
  });

  it('escapes what names may contain', () => {
    const svg = svgOf(layoutOf(hierarchyOf([operation('a>b&c', '<i>')]), new Set()), { interactive: true });
    expect(parse(svg).querySelector('[data-id]')?.getAttribute('data-id')).toBe('a>b&c');
  });
});

describe('a drawing with devices', () => {
  const on = (device: string, name: string, ...inputs: string[]) => ({ ...operation(name, 'Neg', inputs), device });
  const placed = hierarchyOf([
    on('/job:ps/task:0', 'a/w'),
    on('/job:worker/task:0', 'a/x', 'a/w:0'),
    on('/job:worker/task:0', 'a/y', 'a/x:0'),
    on('/job:worker/task:0', 'z', 'a/y:0'),
    on('', 'loose', 'z:0'),
  ]);
  const colors = deviceColorsOf(placed);
  const document = parse(svgOf(withDevices(layoutOf(placed, new Set()), colors), { interactive: true }));
  const fillsOf = (id: string) =>
    [...document.querySelectorAll(`[data-id="${id}"] rect`)].map((rect) => rect.getAttribute('fill'));

  it('gives a node the colour of its device, and an operation without one white', () => {
    expect(fillsOf('z')).toEqual([colors.get('/job:worker/task:0')!.fill]);
    expect(fillsOf('loose')).toEqual(['#ffffff']);
  });

  it('gives a closed scope the colour of most of what is in it, and a line in the colours of all', () => {
    const [ps, worker] = [colors.get('/job:ps/task:0')!, colors.get('/job:worker/task:0')!];
    expect(fillsOf('a/')).toEqual([worker.fill, worker.fill, worker.stroke, ps.stroke]);
    const [, , long, short] = document.querySelectorAll('[data-id="a/"] rect');
    expect(Number(long!.getAttribute('width'))).toBeCloseTo(2 * Number(short!.getAttribute('width')), 0);
  });

  it('says at its end which colour is which device, within the picture', () => {
    const texts = [...document.querySelectorAll('text')];
    const legend = texts.slice(-3);
    expect(legend.map(({ textContent }) => textContent)).toEqual(['/job:ps/task:0', '/job:worker/task:0', 'no device']);
    const [, , , height] = document.documentElement.getAttribute('viewBox')!.split(' ').map(Number);
    expect(Number(legend.at(-1)!.getAttribute('y'))).toBeLessThan(height!);
  });

  it('has one colour for all devices that are too many to tell apart', () => {
    const many = hierarchyOf(Array.from({ length: 12 }, (_, task) => on(`/job:worker/task:${task}`, `x${task}`)));
    expect(new Set([...deviceColorsOf(many).values()].map(({ fill }) => fill)).size).toBe(9);
  });
});
