/** Describes curves. */
import { checkObject, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { type Kinds, onlyOptions } from '../../runtime/options';
import type { Bilingual } from '../language';
import { type Curve, type Points, pointsOf } from '../plot/curves';
import { Observation } from './observation';
import { counted, told } from './texts';
import { Way } from './way';

/** Options of describing curves. */
export interface ObserveCurvesOptions {
  /** Reports when each curve first falls below this level, without its noise: for a loss. */
  below?: number;
  /** Reports when each curve first exceeds this level, without its noise: for an accuracy. */
  above?: number;
}

/** Their names. */
export const levels = ['below', 'above'] as const satisfies (keyof ObserveCurvesOptions)[];
export const levelOptions = { below: 'number', above: 'number' } as const satisfies Kinds<ObserveCurvesOptions>;

/**
 * Describes curves: where each begins and ends, when it passes a level, how noisy it is, and which one is first. Noise
 * is removed by averaging over a fortieth of a curve.
 *
 * @param series as for `plot.curves`: values by the curve's name, or `{ x, y }`
 * @throws {InvalidArgumentError} when there is no curve, or the numbers of values and x positions differ
 * @example
 * observe.curves({ loss: [2.3, 0.9, 0.5, 0.4] }, { below: 0.6 });
 */
export function curves(series: Record<string, Curve>, options: ObserveCurvesOptions = {}): Observation {
  checkLevels(options);
  checkObject('a set of curves', series);
  const points = Object.entries(series).map(([name, curve]) => [name, pointsOf(curve, undefined, name)] as const);
  if (points.length === 0) throw new InvalidArgumentError('expected at least one curve, got none');
  return new Observation(saidOf(new Map(points), options));
}

/** @throws {InvalidArgumentError} when a level is not a number, or an option is unknown */
export function checkLevels(options: ObserveCurvesOptions): void {
  onlyOptions(options, levelOptions);
  for (const level of levels) {
    const value = options[level];
    if (value !== undefined && !Number.isFinite(value))
      throw new InvalidArgumentError(`${level} is a number, got ${shown(value)}`);
  }
}

/** The description of curves, by name. */
export function saidOf(curves: ReadonlyMap<string, Points>, options: ObserveCurvesOptions): Bilingual[] {
  const ways = [...curves].map(([name, points]) => [name, new Way(points)] as const);
  const each = ways.flatMap(([name, way]) => saidOfOne(name, way, options));
  return ways.length > 1 ? [...each, ...compared(ways, options)] : each;
}

function saidOfOne(name: string, way: Way, options: ObserveCurvesOptions): Bilingual[] {
  const said: Bilingual[] = [];
  if (way.steps.length > 0) {
    const [begin, end, last] = [told(way.begin), told(way.end), counted(way.lastStep)];
    said.push({
      en: `${name} goes from ${begin} to ${end} at step ${last}.`,
      zh: `${name} 从 ${begin} 变到 ${end}（第 ${last} 步）。`,
    });
  }
  if (way.brokenAt !== undefined) {
    const step = counted(way.brokenAt);
    said.push({
      en: `From step ${step} on ${name} is no number any more: the training has broken, as it does when the learning rate is too large.`,
      zh: `从第 ${step} 步起 ${name} 不再是数：训练已经崩溃，学习率过大时就会这样。`,
    });
  }
  for (const level of levels) {
    const value = options[level];
    if (value !== undefined) said.push(passed(name, level, value, passing(way, level, value)));
  }
  if (way.jitter > Math.abs(way.end) * NOTICED)
    said.push({
      en: `In the second half its values lie about ${told(way.jitter)} off their mean: that is how unlike the batches are.`,
      zh: `在后半段，它的值偏离均值约 ${told(way.jitter)}：各批次（batch）之间的差别就有这么大。`,
    });
  return said;
}

/** The minimum relative noise that is mentioned. */
const NOTICED = 0.02;

type Level = (typeof levels)[number];

const passing = (way: Way, level: Level, value: number) =>
  level === 'below' ? way.firstBelow(value) : way.firstAbove(value);

function passed(name: string, level: Level, value: number, step: number | undefined): Bilingual {
  const chinese = level === 'below' ? '降到' : '升到';
  const side = level === 'below' ? '以下' : '以上';
  const verb = level === 'below' ? ['fell', 'fall'] : ['rose', 'rise'];
  return step === undefined
    ? {
        en: `${name} didn't ${verb[1]} ${level} ${told(value)}.`,
        zh: `${name} 没有${chinese} ${told(value)} ${side}。`,
      }
    : {
        en: `${name} ${verb[0]} ${level} ${told(value)} at step ${counted(step)}.`,
        zh: `${name} 在第 ${counted(step)} 步${chinese} ${told(value)} ${side}。`,
      };
}

function compared(ways: readonly (readonly [name: string, way: Way])[], options: ObserveCurvesOptions): Bilingual[] {
  const said: Bilingual[] = [];
  for (const level of levels) {
    const value = options[level];
    if (value === undefined) continue;
    const first = ways
      .map(([name, way]) => ({ name, step: passing(way, level, value) }))
      .filter((one): one is { name: string; step: number } => one.step !== undefined)
      .sort((a, b) => a.step - b.step)[0];
    if (first) said.push({ en: `The first to get there is ${first.name}.`, zh: `最先到达的是 ${first.name}。` });
  }
  const ended = ways.filter(([, way]) => way.brokenAt === undefined).sort(([, a], [, b]) => a.end - b.end);
  const [lowest, highest] = [ended[0], ended.at(-1)];
  if (lowest && highest && lowest !== highest) {
    const [low, high] = [told(lowest[1].end), told(highest[1].end)];
    said.push({
      en: `${lowest[0]} ends lowest, with ${low}, and ${highest[0]} highest, with ${high}.`,
      zh: `结束时最低的是 ${lowest[0]}（${low}），最高的是 ${highest[0]}（${high}）。`,
    });
  }
  return said;
}
