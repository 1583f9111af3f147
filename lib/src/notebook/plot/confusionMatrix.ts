/** Confusion matrices. */
import type { ArrayLike } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { confusions } from './confusions';

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions {
  title?: string;
  /**
   * The number of classes, or their names.
   *
   * @defaultValue as many as occur among labels and predictions
   */
  classes?: number | readonly string[];
}

/**
 * Plots how many examples of each class a model assigns to which class: rows are the true classes, columns the
 * predictions, and the colour is the fraction of the row.
 *
 * @param labels the true classes: class numbers `[n]` or one-hot rows `[n, classes]`
 * @param predictions the model's answers: class numbers `[n]`, or its logits or probabilities `[n, classes]`
 * @throws {InvalidArgumentError} when the numbers of predictions and labels differ, or one is not a class
 * @example
 * const { test } = sets;
 * plot.confusionMatrix(test.labels, await session.run(logits, [[images, test.images]]));
 */
export function confusionMatrix(
  labels: ArrayLike,
  predictions: ArrayLike,
  options: ConfusionMatrixOptions = {},
): Figure {
  onlyOptions(options, { title: 'string', classes: 'any' });
  const { names, counts, total } = confusions(labels, predictions, options.classes);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const share = ((100 * right) / total).toFixed(1);
  const shares = counts.map((row) => {
    const total = row.reduce((a, b) => a + b);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
  const axis = { type: 'category', showgrid: false, dtick: 1 };
  const side = Math.max(320, Math.min(720, 140 + 36 * names.length));
  return new Figure(
    [
      {
        type: 'heatmap',
        x: names,
        y: names,
        z: shares,
        zmin: 0,
        zmax: 1,
        text: counts.map((row) => row.map((count) => (count === 0 ? '' : `${count}`))),
        texttemplate: names.length <= 20 ? '%{text}' : '',
        hovertemplate: figureText({
          en: 'true class %{y}, predicted %{x}: %{text} (%{z:.1%})<extra></extra>',
          zh: '真实类别 %{y}，预测为 %{x}：%{text}（%{z:.1%}）<extra></extra>',
        }),
        xgap: 1,
        ygap: 1,
        colorbar: {
          tickformat: '.0%',
          thickness: 14,
          title: { text: figureText({ en: 'of the row', zh: '占该行的比例' }), side: 'right' },
        },
      },
    ],
    {
      title: { text: options.title ?? figureText({ en: `${share} % are right`, zh: `正确率 ${share} %` }) },
      width: side + 80,
      meta: { keepsAspect: true },
      height: side,
      xaxis: { ...axis, title: { text: figureText({ en: 'predicted class', zh: '预测类别' }) }, constrain: 'domain' },
      yaxis: {
        ...axis,
        title: { text: figureText({ en: 'true class', zh: '真实类别' }) },
        autorange: 'reversed',
        scaleanchor: 'x',
      },
    },
  );
}
