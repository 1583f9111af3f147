import { expect, it } from 'vitest';
import { trainedLine } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { findNodes } from './search';

const line = hierarchyOf(trainedLine);
const find = (text: string) => findNodes(line, text).map(({ id }) => id);

it('finds by a part of the name, whatever the case', () => {
  expect(find('matm')).toEqual(['line/MatMul', 'gradients/MatMul_grad/MatMul']);
});

it('finds a scope by its own name, and not all that is in it', () => {
  expect(find('line')).toEqual(['line/']);
  expect(find('line/')).toEqual(['line/w', 'line/MatMul']);
});

it('finds by type, and what is drawn with an operation as that operation', () => {
  expect(find('applygradientdescent')).toEqual(['GradientDescent/update']);
  expect(find('w/Assign')).toEqual(['line/w']);
});

it('finds nothing for nothing', () => {
  expect(find('')).toEqual([]);
  expect(find('  ')).toEqual([]);
  expect(find('nowhere')).toEqual([]);
});
