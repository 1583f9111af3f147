import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { layoutOf } from './layout';
import { pathOf } from './path';
import { overviewSvg, svgOf } from './svg';

/** The SVG as a document; XML that isn't well-formed is an error. */
const parse = (svg: string) => new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document;

const line = hierarchyOf(trainedLine);
const expanded = new Set(['line/']);
const drawing = layoutOf(line, expanded);
const live = { selected: '', tabStop: 'x' };

describe('svgOf', () => {
  it('is a picture in itself: it refers to nothing, runs nothing and has a background', () => {
    const svg = svgOf(drawing);
    const document = parse(svg);
    expect(svg).not.toMatch(/href|url\(|<script|@import/);
    expect(document.querySelector('rect')?.getAttribute('class')).toBe('paper');
    expect(document.documentElement.getAttribute('viewBox')).toBe(`0 0 ${drawing.width} ${drawing.height}`);
  });

  it('writes the name of every node that is seen, the shapes on edges, and the parts', () => {
    const texts = [...parse(svgOf(drawing)).querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const label of ['x', '− line', 'w', 'MatMul', 'gradients', 'float32 2×1', '?×1', 'Training', 'Auxiliary'])
      expect(texts).toContain(label);
  });

  it('dashes control edges', () => {
    const svg = svgOf(layoutOf(line, new Set(['GradientDescent/'])));
    expect(svg).toContain('.control .line{stroke-width:1.1;stroke-dasharray');
    expect(parse(svg).querySelectorAll('.control')).toHaveLength(1);
    expect(parse(svgOf(drawing)).querySelectorAll('.control')).toHaveLength(0);
  });

  it('draws the edges from part to part only where a reader can ask for them', () => {
    expect(parse(svgOf(drawing)).querySelectorAll('.across')).toHaveLength(0);
    expect(parse(svgOf(drawing, live)).querySelectorAll('.across[data-to="gradients/"]').length).toBeGreaterThan(0);
  });

  it('has no text smaller than 11 pixels', () => {
    const sizes = [...svgOf(drawing).matchAll(/font-size:([\d.]+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });

  it('marks what is lit, and that something is', () => {
    const lit = pathOf(line.nodes.get('loss')!, line, expanded);
    const document = parse(svgOf(drawing, { ...live, lit }));
    const isLit = (id: string) => document.querySelector(`[data-id="${id}"]`)!.classList.contains('lit');
    expect(['x', 'line/', 'line/MatMul', 'loss', 'gradients/', 'global_step'].map(isLit)).toEqual([
      ...[true, true, true, true, false, false],
    ]);
    expect(document.querySelectorAll('.some')).toHaveLength(1);
    expect(parse(svgOf(drawing, live)).querySelectorAll('.some, .lit')).toHaveLength(0);
  });

  it('can be reached by keyboard and read aloud when it is interactive', () => {
    const document = parse(svgOf(drawing, { ...live, tabStop: 'line/' }));
    const scope = document.querySelector('[data-id="line/"]');
    expect(scope?.getAttribute('tabindex')).toBe('0');
    expect(document.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    expect(scope?.getAttribute('aria-expanded')).toBe('true');
    expect(scope?.getAttribute('aria-label')).toBe('layer line');
    expect(document.querySelector('[data-id="gradients/"]')?.getAttribute('aria-expanded')).toBe('false');
    expect(document.querySelector('[data-id="x"]')?.hasAttribute('aria-expanded')).toBe(false);
    expect(document.querySelectorAll('[data-id]')).toHaveLength(drawing.nodes.length);
  });

  it('escapes what names may contain', () => {
    const svg = svgOf(layoutOf(hierarchyOf([operation('a>b&c', '<i>')]), new Set()), live);
    expect(parse(svg).querySelector('[data-id]')?.getAttribute('data-id')).toBe('a>b&c');
  });
});

describe('a drawing with devices', () => {
  const on = (device: string, name: string, ...inputs: string[]) => ({ ...operation(name, 'Neg', inputs), device });
  const drawn = (operations: Parameters<typeof hierarchyOf>[0]) => {
    const placed = hierarchyOf(operations, 'device');
    return parse(svgOf(layoutOf(placed, new Set(placed.root.children.map(({ id }) => id))), live));
  };

  it('gives each device a box with its name, and what is in it the same colour', () => {
    const document = drawn([
      on('/job:ps/task:0', 'w'),
      on('/job:worker/task:0', 'a/x', 'w:0'),
      on('/job:worker/task:0', 'a/y', 'a/x:0'),
      on('', 'loose', 'a/y:0'),
    ]);
    const classOf = (id: string) =>
      /device-\d/.exec(document.querySelector(`[data-id="${id}"]`)!.getAttribute('class')!)?.[0];
    expect(['w', 'on /job:worker/task:0: a/', 'loose'].map(classOf)).toEqual(['device-1', 'device-2', 'device-0']);
    expect(classOf('on /job:ps/task:0: ')).toBe(classOf('w'));
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(['− /job:ps/task:0', '− /job:worker/task:0', '− no device']));
  });

  it('has one colour for all devices that are too many to tell apart', () => {
    const document = drawn(Array.from({ length: 12 }, (_, task) => on(`/job:worker/task:${task}`, `x${task}`)));
    const colours = [...document.querySelectorAll('.device')].map((box) => box.getAttribute('class'));
    expect(colours).toHaveLength(12);
    expect(new Set(colours).size).toBe(8);
  });
});

describe('overviewSvg', () => {
  it('has a spot for every node, in its place', () => {
    const document = parse(overviewSvg(drawing));
    expect(document.documentElement.getAttribute('viewBox')).toBe(`0 0 ${drawing.width} ${drawing.height}`);
    const places = [...document.querySelectorAll('rect')].map((rect) => Number(rect.getAttribute('x')));
    expect(places).toEqual(drawing.nodes.map(({ x }) => x));
    expect(document.querySelectorAll('text')).toHaveLength(0);
  });
});
