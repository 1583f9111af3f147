import { expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { hierarchyOf } from './hierarchy';
import { inWords } from './inWords';

it('says how large a graph is, and what its parts are made of', () => {
  expect(inWords(hierarchyOf(trainedLine))).toBe(
    'Graph of 20 operations. Model: x, line, loss. Training: gradients, global_step, GradientDescent. Auxiliary: loss_1, init, save.',
  );
});

it('says what is on which device where it is arranged by them', () => {
  const on = (device: string, name: string) => ({ ...operation(name, 'Neg'), device });
  expect(inWords(hierarchyOf([on('/gpu:0', 'a'), on('/cpu:0', 'b'), on('/gpu:0', 'c')], 'device'))).toBe(
    'Graph of 3 operations. /cpu:0: b. /gpu:0: a, c.',
  );
});

it('names no more than one wants to hear', () => {
  const many = Array.from({ length: 30 }, (_, i) => operation(`op${i}`, `Type${i}`));
  expect(inWords(hierarchyOf(many))).toMatch(/op18, op19, 10 more\.$/);
});

it('is told in Chinese in a Chinese notebook', () => {
  expect(inWords(hierarchyOf([operation('a', 'Neg'), operation('b', 'Neg')], 'structure', 'zh'))).toBe(
    '计算图，2 个操作。模型：a、b。',
  );
});
