import { expect, it } from 'vitest';
import { summarize } from '../testing/summarize';
import { constant } from '../tf/ops/constants';
import { mergeAll } from '../tf/summary/builders';
import { variableSummaries } from './variableSummaries';

/** What is written about 1, 2, 3 and 6 in the scope `weights`. */
const summarized = (name?: string) =>
  summarize((graph) => {
    graph.nameScope('weights', () => variableSummaries(constant([1, 2, 3, 6]), name));
    return mergeAll();
  });
const stddev = Math.fround(Math.sqrt((4 + 1 + 0 + 9) / 4));

it('has the tags of the last edition of the article', () => {
  expect(summarized()).toMatchObject([
    { tag: 'weights/summaries/mean', simpleValue: 3 },
    { tag: 'weights/summaries/stddev', simpleValue: stddev },
    { tag: 'weights/summaries/max', simpleValue: 6 },
    { tag: 'weights/summaries/min', simpleValue: 1 },
    { tag: 'weights/summaries/histogram', histo: { num: 4, sum: 12 } },
  ]);
});

it('has the tags of its first edition where it is given a name', () => {
  expect(summarized('layer1/weights')).toMatchObject([
    { tag: 'mean/layer1/weights', simpleValue: 3 },
    { tag: 'stddev/layer1/weights', simpleValue: stddev },
    { tag: 'max/layer1/weights', simpleValue: 6 },
    { tag: 'min/layer1/weights', simpleValue: 1 },
    { tag: 'layer1/weights', histo: { num: 4, sum: 12 } },
  ]);
});
