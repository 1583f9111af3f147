/** Describes a traced step. */
import type { RunMetadata } from '../../tf/session';
import { durationText, percentText } from '../figure/units';
import type { Bilingual } from '../language';
import { familyOf, tracedDevices } from '../plot/timeline';
import { Observation } from './observation';
import { counted } from './texts';

/** The maximum number of named kinds of operations. */
const NAMED = 3;

/**
 * Describes a traced step: which operations take most of its time, which single one takes longest, and how much ran in
 * parallel.
 *
 * @param runMetadata what `session.run` filled with `traceLevel: 'FULL_TRACE'`
 * @throws {InvalidArgumentError} when the run wasn't traced
 * @example
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * observe.timeline(runMetadata);
 */
export function timeline(runMetadata: RunMetadata): Observation {
  const activities = tracedDevices(runMetadata).flatMap((device) => device.activities);
  const families = new Map<string, number>();
  for (const { type, duration } of activities)
    families.set(familyOf(type), (families.get(familyOf(type)) ?? 0) + duration);
  const all = activities.reduce((sum, { duration }) => sum + duration, 0) || 1;
  const most = [...families].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  const shares = most.map(([name, time]) => `${name} ${percentText(time / all)}`);
  const longest = activities.reduce((a, b) => (b.duration > a.duration ? b : a));
  const span = Math.max(...activities.map(({ start, duration }) => start + duration));
  const said: Bilingual[] = [
    {
      en: `${counted(activities.length)} operations ran in ${durationText(span)}. Most of their time went into ${shares.join(', ')} (each with its gradients).`,
      zh: `${counted(activities.length)} 个操作在 ${durationText(span)} 内运行完。大部分时间花在 ${shares.join('、')}（都连同各自的梯度）。`,
    },
    {
      en: `The longest single one is ${longest.name}, a ${longest.type} of ${durationText(longest.duration)}.`,
      zh: `单个耗时最长的是 ${longest.name}（${longest.type}），用了 ${durationText(longest.duration)}。`,
    },
  ];
  const beside = all / (span || 1);
  said.push(
    beside > 1.1
      ? {
          en: `Together they took ${durationText(all)}: on the average ${beside.toFixed(1)} ran at the same time.`,
          zh: `合计用了 ${durationText(all)}：平均有 ${beside.toFixed(1)} 个同时在运行。`,
        }
      : {
          en: `They computed for ${percentText(Math.min(1, beside))} of that time, hardly ever two at once.`,
          zh: `其中 ${percentText(Math.min(1, beside))} 的时间在计算，几乎没有两个同时运行。`,
        },
  );
  return new Observation(said);
}
