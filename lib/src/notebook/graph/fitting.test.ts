import { expect, it } from 'vitest';
import { operation } from '../../testing/graphData';
import { fittingDirection, shareSeen } from './fitting';
import { hierarchyOf } from './hierarchy';

const chain = hierarchyOf(
  Array.from({ length: 11 }, (_, i) => operation(`op${i}`, `Type${i}`, i > 0 ? [`op${i - 1}:0`] : [])),
);

it('is the share of a drawing that a window shows', () => {
  expect(shareSeen({ width: 200, height: 400 }, { width: 100, height: 100 })).toBe(1 / 8);
  expect(shareSeen({ width: 20, height: 40 }, { width: 100, height: 100 })).toBe(1);
});

it('lays a graph sideways where more of it is seen then, and down else', () => {
  expect(fittingDirection(chain, new Set(), { width: 1600, height: 400 })).toBe('right');
  expect(fittingDirection(chain, new Set(), { width: 400, height: 900 })).toBe('down');
  expect(fittingDirection(chain, new Set(), { width: 5000, height: 5000 })).toBe('down');
});
