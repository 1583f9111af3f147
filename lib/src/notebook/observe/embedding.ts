/** Describes points that stand for examples. */
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { percentText } from '../figure/units';
import type { Bilingual } from '../language';
import { checkCount, classesOf } from '../plot/numbers';
import type { ObserveClassesOptions } from './confusionMatrix';
import { Observation } from './observation';

/** The maximum number of named pairs of classes. */
const NAMED = 3;

/**
 * Describes which classes are neighbours: whose points are closer to the centre of another class than to their own, and
 * which centres are close to each other.
 *
 * @param points `[n, dimensions]`: what `plot.embedding` draws, or what it was projected from
 * @param labels the classes: class numbers `[n]` or one-hot rows `[n, classes]`
 * @throws {InvalidArgumentError} when the numbers of labels and points differ, or there are fewer than two classes
 * @example
 * observe.embedding([[0, 0], [0, 1], [5, 5]], [0, 0, 1]);
 */
export function embedding(points: ArrayLike, labels: ArrayLike, options: ObserveClassesOptions = {}): Observation {
  const { classes: names } = onlyOptions(options, { classes: 'array' });
  const { shape, data } = numbersOf(points, 'points');
  const [count = 0, dimensions = 0] = shape;
  if (shape.length !== 2 || count === 0 || dimensions === 0)
    throw new InvalidArgumentError(`expected points of shape [n, dimensions], got ${shapeText(shape)}`);
  const classes = classesOf(labels, 'labels');
  checkCount(classes, 'labels', count, 'points');
  const point = (i: number) => Array.from({ length: dimensions }, (_, axis) => data[i * dimensions + axis]!);
  const members = new Map<number, number[]>();
  for (const [i, name] of classes.entries()) {
    const those = members.get(name) ?? [];
    members.set(name, those);
    those.push(i);
  }
  if (members.size < 2) throw new InvalidArgumentError('expected points of two classes or more, got one');
  const centres = [...members].map(([name, those]) => ({ name, at: meanOf(those.map(point)) }));
  const strangers = new Map<string, { is: number; near: number; count: number }>();
  for (const [i, is] of classes.entries()) {
    const near = closest(point(i), centres);
    const key = `${is} ${near}`;
    if (near !== is) strangers.set(key, { is, near, count: (strangers.get(key)?.count ?? 0) + 1 });
  }
  const wrong = [...strangers.values()].reduce((sum, one) => sum + one.count, 0);
  const often = [...strangers.values()].sort((a, b) => b.count - a.count).slice(0, NAMED);
  const called = (name: number) => names?.[name] ?? `${name}`;
  const said: Bilingual[] = [
    {
      en: `${percentText(wrong / count)} of the points lie nearer to the centre of another class than to that of their own.`,
      zh: `${percentText(wrong / count)} 的点离别的类的中心比离自己类的中心更近。`,
    },
  ];
  if (often.length > 0)
    said.push({
      en: `Most of these are ${often.map(({ is, near, count }) => `${called(is)} among ${called(near)} (${count})`).join(', ')}.`,
      zh: `其中最多的是 ${often.map(({ is, near, count }) => `${called(is)} 落在 ${called(near)} 中（${count} 个）`).join('，')}。`,
    });
  const [first, second] = pairs(centres).sort((a, b) => a.distance - b.distance);
  const named = [first, second].filter((pair) => pair !== undefined).map(({ a, b }) => [called(a), called(b)]);
  said.push({
    en: `The centres that lie closest together are those of ${named.map(([a, b]) => `${a} and ${b}`).join(', then ')}.`,
    zh: `中心靠得最近的是 ${named.map(([a, b]) => `${a} 和 ${b}`).join('，其次是 ')}。`,
  });
  return new Observation(said);
}

interface Centre {
  readonly name: number;
  readonly at: readonly number[];
}

const meanOf = (points: readonly (readonly number[])[]): number[] =>
  points[0]!.map((_, axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / points.length);

const squaredDistance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, axis) => sum + (value - b[axis]!) ** 2, 0);

const closest = (point: readonly number[], centres: readonly Centre[]): number =>
  centres.reduce((best, centre) =>
    squaredDistance(point, centre.at) < squaredDistance(point, best.at) ? centre : best,
  ).name;

const pairs = (centres: readonly Centre[]) =>
  centres.flatMap((one, i) =>
    centres.slice(i + 1).map((other) => {
      const [a, b] = [Math.min(one.name, other.name), Math.max(one.name, other.name)];
      return { a, b, distance: squaredDistance(one.at, other.at) };
    }),
  );
