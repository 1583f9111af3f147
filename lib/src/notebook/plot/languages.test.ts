/** What figures say in their own words, in a Chinese notebook; what they are told to say stays. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SearchResults } from '../../hyperparameters';
import { type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import * as plot from '.';

beforeEach(() => setNotebookHost({ folder: '/notebooks/zh' } as NotebookHost));
afterEach(() => setNotebookHost(undefined));

const axis = (title: string) => ({ title: { text: title } });

it('curves go over steps in Chinese, but under the names and labels that they are given', () => {
  const { data, layout } = plot.curves({ loss: [2, 1], 'best so far': [2, 1] }, { title: 'Step by step' });
  expect(data.map(({ name }) => name)).toEqual(['loss', 'best so far']);
  expect(layout).toMatchObject({ title: { text: 'Step by step' }, xaxis: axis('步数') });
  expect(plot.line([1, 2], { xLabel: 'step' }).layout.xaxis).toEqual(axis('step'));
});

it('a confusion matrix says what its rows and columns are', () => {
  const { data, layout } = plot.confusionMatrix([0, 1], [0, 0]);
  expect(layout).toMatchObject({ title: { text: '正确率 50.0 %' }, xaxis: axis('预测类别'), yaxis: axis('真实类别') });
  expect(data[0]!.colorbar).toMatchObject({ title: { text: '占该行的比例' } });
});

it('wrong digits are counted, and below each stands what it is', () => {
  const { data, layout } = plot.misclassified([Array(4).fill(0), Array(4).fill(1)], [3, 1], [5, 1]);
  expect(layout.title).toEqual({ text: '2 个中有 1 个认错' });
  expect(data[1]!.text).toEqual(['5，是 3']);
});

it('a search tells of its trials', () => {
  const evaluations = [{ iteration: 5, metrics: { loss: 1 }, time: 1 }];
  const trial = {
    id: 7,
    config: { lr: 0.1 },
    status: 'finished',
    iteration: 5,
    value: 1,
    evaluations,
    reports: [{ iteration: 5, metrics: { loss: 1 } }],
  };
  const results = { metric: 'loss', mode: 'min', space: {}, best: trial, trials: [trial] } as unknown as SearchResults;
  const { data, layout } = plot.bestSoFar(results);
  expect(data.map(({ name }) => name)).toEqual(['各次试验', '目前最好', '试验 7']);
  expect(layout).toMatchObject({ title: { text: '目前最好的结果' }, xaxis: axis('所有试验的迭代次数之和') });
  expect(data[0]!.text).toEqual(['试验 7，第 5 次迭代<br>lr 0.1']);
  expect(plot.learningCurves(results).layout).toMatchObject({ title: { text: '学习曲线' }, xaxis: axis('迭代次数') });
});

it('histograms over steps and distributions do, too', async () => {
  const steps = [0, 1].map((step) => ({ step, values: [1, 2, 3] }));
  expect((await plot.histograms(steps)).layout.xaxis).toEqual(axis('步数'));
  expect((await plot.distributions(steps)).data.map(({ name }) => name)).toContain('中位数');
  expect(plot.histogram([1, 2]).layout).toMatchObject({ xaxis: axis('值'), yaxis: axis('个数') });
});
