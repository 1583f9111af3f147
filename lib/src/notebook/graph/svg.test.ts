import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
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
