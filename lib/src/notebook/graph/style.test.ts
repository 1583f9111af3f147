import { describe, expect, it } from 'vitest';
import { contrast } from '../../testing/contrast';
import { faintInk, ink, line, nodeColours, paper } from './style';

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('in %s pages', (_, scheme) => {
  const grounds = [paper, ...Object.values(nodeColours).map(([fill]) => fill)].map((colour) => colour[scheme]);

  it('texts have the contrast of AA on every node', () => {
    for (const ground of grounds)
      for (const text of [ink, faintInk]) expect(contrast(text[scheme], ground), ground).toBeGreaterThanOrEqual(4.5);
  });

  it('lines have that of AA for what is no text', () => {
    for (const ground of grounds) expect(contrast(line[scheme], ground), ground).toBeGreaterThanOrEqual(3);
  });
});
