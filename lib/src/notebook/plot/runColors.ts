/** Assigns a unique colour to each run. */

import { NotFoundError } from '../../runtime/errors';
import { didYouMean } from '../../runtime/nearest';
import { figureText } from '../figure/figureText';
import { palette } from '../figure/theme';
import { labelsOf } from '../runs/labels';
import type { FlatConfig } from '../runs/runName';
import { shortNames, valueText } from '../runs/runName';
import type { WholeRun } from '../runs/runParts';
import type { ReadPart } from './chosenRuns';

/** A run, as a grouping function receives it. */
export interface RunToGroup {
  /** Its path below the folder in which runs were searched. */
  readonly name: string;
  /** Its hyperparameters by path; empty if it recorded none. */
  readonly config: FlatConfig;
}

/** How runs are grouped: by a hyperparameter, or by a function of each run. */
export type GroupBy = string | ((run: RunToGroup) => string | number | boolean);

/** The style of a curve. */
export interface CurveStyle {
  /** Its label in the legend; curves with the same label share an entry. */
  readonly label: string;
  /** Its colour; undefined for runs in the background, if there are more runs than colours. */
  readonly color: string | undefined;
  readonly dash: string;
  /** What distinguishes it from others with the same label. */
  readonly detail: string;
}

/** The styles of all curves. */
export interface RunStyles {
  readonly styles: ReadonlyMap<ReadPart, CurveStyle>;
  /** The numbers of runs without and with their own colours. */
  readonly faded: number;
  readonly coloured: number;
  /** The parts of runs, if they are distinguished by line style. */
  readonly parts: readonly string[];
  /** What is counted: groups or runs. */
  readonly noun: 'run' | 'group';
}

const DASHES = ['solid', 'dash', 'dot', 'dashdot'];

/**
 * Assigns colours to runs, or to groups of them. The parts of a run share its colour and have different line styles. If
 * there are more runs than colours, the newest ones get them.
 *
 * @param areNamed whether the caller named the runs
 * @throws {NotFoundError} when no run has the hyperparameter to group by
 */
export function runStyles(all: readonly ReadPart[], groupBy: GroupBy | undefined, areNamed: boolean): RunStyles {
  const wholes = [...new Set(all.map(({ whole }) => whole))];
  const names = [...new Set(all.map(({ part }) => part))];
  const isOne = wholes.length === 1;
  // A single training has a colour per part; several have one each, and line styles for the parts.
  const byLine = !isOne && names.length > 1 && names.length <= DASHES.length && all.length > wholes.length;
  const labels = areNamed ? new Map(wholes.map((whole) => [whole, whole.name])) : labelsOf(wholes);
  const groups = groupBy === undefined ? undefined : groupsOf(wholes, groupBy);
  const labelOf = ({ whole, part, name }: ReadPart): string => {
    if (groups) return groups.get(whole)!;
    if (isOne) return part || name;
    return byLine || part === '' || names.length === 1 ? labels.get(whole)! : `${labels.get(whole)}/${part}`;
  };
  const byLabel = new Map<string, ReadPart[]>();
  for (const one of all) byLabel.set(labelOf(one), [...(byLabel.get(labelOf(one)) ?? []), one]);
  const newest = [...byLabel.keys()]
    .map((label) => ({ label, time: Math.max(...byLabel.get(label)!.map(lastTime)) }))
    .sort((one, other) => other.time - one.time)
    .slice(0, palette.length)
    .map(({ label }) => label);
  const coloured = [...byLabel.keys()].filter((label) => newest.includes(label));
  const styles = new Map(
    all.map((one) => {
      const label = labelOf(one);
      const detail = [...(groups ? [labels.get(one.whole)!] : []), ...(byLine || groups ? [one.part] : [])];
      const color = coloured.includes(label) ? palette[coloured.indexOf(label)] : undefined;
      return [
        one,
        {
          label,
          color,
          dash: byLine ? DASHES[names.indexOf(one.part)]! : 'solid',
          detail: detail.filter(Boolean).join(' '),
        },
      ] as const;
    }),
  );
  return {
    styles,
    coloured: coloured.length,
    faded: byLabel.size - coloured.length,
    parts: byLine ? names : [],
    noun: groups ? 'group' : 'run',
  };
}

function groupsOf(wholes: readonly WholeRun[], groupBy: GroupBy): Map<WholeRun, string> {
  const groupOf = typeof groupBy === 'function' ? byFunction(groupBy) : byKey(wholes, groupBy);
  const groups = new Map(wholes.map((whole) => [whole, groupOf(whole)]));
  const counts = new Map<string, number>();
  for (const group of groups.values()) counts.set(group, (counts.get(group) ?? 0) + 1);
  const counted = (group: string) =>
    counts.get(group)! > 1
      ? figureText({ en: `${group} (${counts.get(group)} runs)`, zh: `${group}（${counts.get(group)} 次）` })
      : group;
  return new Map([...groups].map(([whole, group]) => [whole, counted(group)]));
}

const byFunction =
  (groupBy: Exclude<GroupBy, string>) =>
  ({ name, config = {} }: WholeRun): string =>
    String(groupBy({ name, config }));

function byKey(wholes: readonly WholeRun[], asked: string): (whole: WholeRun) => string {
  const keys = [...new Set(wholes.flatMap(({ config = {} }) => Object.keys(config)))];
  const short = shortNames(keys);
  const key = keys.find((one) => one === asked) ?? keys.find((one) => short.get(one) === asked);
  if (key === undefined) {
    const otherwise =
      keys.length > 0
        ? `; there are ${keys.join(', ')}`
        : ': none has written its hyperparameters (runDirectory with a config does)';
    throw new NotFoundError(`no run has a hyperparameter '${asked}'${didYouMean(asked, keys, { otherwise })}`);
  }
  return ({ config }) =>
    config?.[key] === undefined
      ? figureText({ en: `without ${short.get(key)}`, zh: `没有 ${short.get(key)}` })
      : `${short.get(key)}=${valueText(config[key])}`;
}

function lastTime({ values }: ReadPart): number {
  return Math.max(...[...values.values()].map((events) => events.at(-1)?.wallTime ?? 0), 0);
}
