import { expect, describe as group, it } from 'vitest';
import * as plot from '../plot';
import { describe } from './describe';

group('a figure in words', () => {
  it('has its title, its axes, and where each curve goes', () => {
    const figure = plot.curves(
      { training: [2.3, 0.9, 0.5], validation: [2.3, 1, 0.7] },
      { title: 'Cross entropy', xLabel: 'epoch', yLabel: 'loss', logY: true },
    );
    expect(describe(figure)).toBe(
      'Cross entropy. loss (logarithmic) over epoch. training: from 2.3 to 0.5, between 0.5 and 2.3, over 0 to 2. ' +
        'validation: from 2.3 to 0.7, between 0.7 and 2.3, over 0 to 2.',
    );
  });

  it.each([
    ['a heatmap', plot.heatmap([[1, 2]], { title: 'T' }), 'T. a table of 1 by 2 colours, between 1 and 2.'],
    ['bars', plot.histogram([1, 1, 2], { bins: 2 }), 'Figure. count over value. 2 bars, between 1 and 2.'],
    ['a point', plot.line([3]), 'Figure. y: 1 point, at 3.'],
    ['gaps', plot.line([Number.NaN, 3, Number.NaN, 4]), 'Figure. y: from 3 to 4, between 3 and 4, over 0 to 3.'],
  ])('tells of %s', (_, figure, words) => {
    for (const trace of figure.data) if (words.includes('y: ')) trace.name = 'y';
    expect(describe(figure)).toBe(words);
  });

  it('tells of so many curves, and how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`run ${i}`, [i, 1]]));
    expect(describe(plot.curves(many))).toMatch(/run 7: from 7 to 1.* and 4 more\.$/);
  });

  it('is what the figure itself says, where it says something', () => {
    const images = plot.digits([[0, 1, 1, 0]], { labels: [7], title: 'Digits' });
    expect(describe(images)).toBe('Digits. 1 picture of 2 by 2 pixels. Below: 7.');
  });
});
