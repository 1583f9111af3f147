/** Describes a confusion matrix. */
import type { ArrayLike } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import { percentText } from '../figure/units';
import type { Bilingual } from '../language';
import { confusions } from '../plot/confusions';
import { Observation } from './observation';
import { counted } from './texts';

/** Options of {@link confusionMatrix}. */
export interface ObserveClassesOptions {
  /**
   * The names of the classes.
   *
   * @defaultValue their numbers
   */
  classes?: readonly string[];
}

/** The maximum number of named confusions. */
const NAMED = 3;

/**
 * Describes a confusion matrix: the fraction of correct answers, the most frequent confusions, and the hardest classes.
 *
 * @param labels the true classes: class numbers `[n]` or one-hot rows `[n, classes]`
 * @param predictions the model's answers: class numbers `[n]`, or its logits or probabilities `[n, classes]`
 * @throws {InvalidArgumentError} when the numbers of predictions and labels differ
 * @example
 * observe.confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2]);
 */
export function confusionMatrix(
  labels: ArrayLike,
  predictions: ArrayLike,
  options: ObserveClassesOptions = {},
): Observation {
  const { classes } = onlyOptions(options, { classes: 'array' });
  const { names, counts, total } = confusions(labels, predictions, classes);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const said: Bilingual[] = [
    {
      en: `${counted(right)} of ${counted(total)} are right, ${percentText(right / total)}.`,
      zh: `${counted(total)} 个中有 ${counted(right)} 个正确，占 ${percentText(right / total)}。`,
    },
  ];
  const mistakes = counts
    .flatMap((row, is) => row.map((count, says) => ({ is, says, count })))
    .filter(({ is, says, count }) => is !== says && count > 0)
    .sort((a, b) => b.count - a.count);
  const often = mistakes.slice(0, NAMED);
  if (often.length > 0)
    said.push({
      en: `What it gets wrong most often: ${often.map(({ is, says, count }) => `${names[is]} for ${names[says]} (${count})`).join(', ')}.`,
      zh: `最常见的错误：${often.map(({ is, says, count }) => `把 ${names[is]} 当成 ${names[says]}（${count} 次）`).join('，')}。`,
    });
  const [first] = often;
  const back = first && counts[first.says]![first.is]!;
  if (first && back !== undefined && first.count >= 2 * Math.max(1, back))
    said.push({
      en: `The other way around, ${names[first.says]} for ${names[first.is]}, happens less often (${back}).`,
      zh: `反过来把 ${names[first.says]} 当成 ${names[first.is]} 则少见（${back} 次）。`,
    });
  const shares = counts
    .map((row, i) => ({ name: names[i], share: row[i]! / row.reduce((a, b) => a + b) }))
    .filter(({ share }) => !Number.isNaN(share))
    .sort((a, b) => a.share - b.share);
  const [hardest, easiest] = [shares[0], shares.at(-1)];
  if (hardest && easiest && hardest.share < easiest.share)
    said.push({
      en: `Hardest are those of class ${hardest.name}: ${percentText(hardest.share)} of them are right. Easiest are those of class ${easiest.name}: ${percentText(easiest.share)}.`,
      zh: `最难的是类别 ${hardest.name}：正确率 ${percentText(hardest.share)}；最容易的是类别 ${easiest.name}：${percentText(easiest.share)}。`,
    });
  return new Observation(said);
}
