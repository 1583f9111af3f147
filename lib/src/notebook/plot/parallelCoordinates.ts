/** Shows which hyperparameters make a good trial. */

import { type FlatValue, flatConfig, type SearchResults } from '../../hyperparameters';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { colorsOf } from '../figure/colors';
import { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { type ColorScale, sequentialScale } from '../figure/theme';
import { type ParallelAxis, valuesAxis } from './parallelAxis';
import { checkResults } from './results';

/** Options of {@link parallelCoordinates}. */
export interface ParallelCoordinatesOptions {
  title?: string;
  /**
   * The hyperparameters to show, in this order.
   *
   * @defaultValue those with several values among the trials
   */
  hyperparameters?: readonly string[];
}

/** Pixels. */
const HEIGHT = 420;
/** The number of colours in the still picture. */
const SHADES = 33;

/**
 * Plots the trials of a search as lines across an axis for each hyperparameter; the last axis and the colour show the
 * value by which they are compared: the darker, the better. In the page, you can select a range on each axis.
 *
 * Hyperparameters sampled logarithmically have a logarithmic axis. If a trial lacks a hyperparameter, its line passes
 * below the other values.
 *
 * @param results the result of `search` or `readResults`
 * @throws {InvalidArgumentError} when no trial has finished, or none has a requested hyperparameter
 * @example
 * plot.parallelCoordinates(hyperparameters.readResults('summaries/search'));
 */
export function parallelCoordinates(results: SearchResults, options: ParallelCoordinatesOptions = {}): Figure {
  onlyOptions(options, { title: 'string', hyperparameters: 'array' });
  checkResults(results);
  const { metric, mode } = results;
  const trials = results.trials.filter(({ value }) => Number.isFinite(value));
  if (trials.length === 0) throw new InvalidArgumentError('expected a search in which a trial has finished');
  const configs = trials.map(({ config }) => flatConfig(config));
  const names = options.hyperparameters ?? varying(configs);
  for (const name of names)
    if (!configs.some((config) => name in config))
      throw new InvalidArgumentError(`no trial has a hyperparameter '${name}'`);
  const values = trials.map(({ value }) => value!);
  const drawnByLogarithm = logarithmicIn(results.space);
  const hyperparameterAxis = (name: string) =>
    valuesAxis(name, configs.map((config) => config[name]), { logarithmic: drawnByLogarithm.includes(name) }); // biome-ignore format: short
  const axes = [...names.map(hyperparameterAxis), valuesAxis(metric, values)];
  const scale = mode === 'max' ? visibleScale : reversed(visibleScale);
  const title = { text: options.title ?? figureText({ en: 'Hyperparameters of trials', zh: '各次试验的超参数' }) };
  const figure = new Figure(
    [
      {
        type: 'parcoords',
        dimensions: axes.map(({ label, places, range, ticks }) => ({
          label,
          values: places,
          range,
          tickvals: ticks.map(({ place }) => place),
          ticktext: ticks.map(({ text }) => text),
        })),
        line: { color: values, colorscale: scale, showscale: true, colorbar: { title: { text: metric } } },
      },
    ],
    { title, height: HEIGHT, margin: { l: 80, r: 40, t: 90, b: 30 } },
  );
  figure.flat = flatFigure(axes, values, scale, title.text);
  return figure;
}

/** Lines must be visible on white. */
const visibleScale: ColorScale = sequentialScale.slice(1).map(([place, color]) => [(place - 0.25) / 0.75, color]);

function reversed(scale: ColorScale): ColorScale {
  return scale.map(([place, color]) => [1 - place, color] as const).reverse();
}

/** The hyperparameters that aren't the same in all trials. */
function varying(configs: readonly Record<string, FlatValue>[]): string[] {
  const names = [...new Set(configs.flatMap(Object.keys))];
  return names.filter((name) => new Set(configs.map((config) => config[name])).size > 1);
}

/** The hyperparameters that a space (as described by `describeSpace`) samples logarithmically. */
function logarithmicIn(description: unknown, path = ''): string[] {
  if (typeof description !== 'object' || description === null) return [];
  if ('logUniform' in description) return [path];
  if ('choice' in description)
    return (description.choice as unknown[]).flatMap((option) => logarithmicIn(option, path));
  return Object.entries(description).flatMap(([name, member]) =>
    logarithmicIn(member, path ? `${path}.${name}` : name),
  );
}

/** The same lines without a browser: from axis to axis, with all positions from 0 to 1. */
function flatFigure(
  axes: readonly ParallelAxis[],
  values: readonly number[],
  scale: ColorScale,
  title: string,
): Figure {
  const shades = colorsOf(scale, SHADES);
  const { places: last, range } = axes.at(-1)!;
  const share = (place: number, [low, high]: ParallelAxis['range']) => (place - low) / (high - low);
  const lines = values.map((_, trial) => ({
    type: 'scatter',
    mode: 'lines',
    x: axes.map((_, i) => i),
    y: axes.map((axis) => share(axis.places[trial]!, axis.range)),
    line: { color: `rgb(${shades[Math.round(share(last[trial]!, range) * (SHADES - 1))]})`, width: 1.5 },
    showlegend: false,
  }));
  const ticks = axes.flatMap((axis, i) =>
    axis.ticks.map(({ place, text }) => ({
      ...{ x: i, y: share(place, axis.range), text, showarrow: false, xanchor: 'left', xshift: 3 },
      ...{ font: { size: 10 }, bgcolor: 'rgba(255,255,255,0.7)' },
    })),
  );
  return new Figure(lines, {
    title: { text: title },
    height: HEIGHT,
    margin: { l: 40, r: 90, t: 80, b: 20 },
    xaxis: {
      side: 'top',
      tickvals: axes.map((_, i) => i),
      ticktext: axes.map(({ label }) => label),
      range: [-0.05, axes.length - 0.95],
      gridcolor: '#8b949e',
      zeroline: false,
      showline: false,
    },
    yaxis: { visible: false, range: [-0.03, 1.03] },
    annotations: ticks,
  });
}
