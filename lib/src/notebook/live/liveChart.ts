/** A chart that grows while a cell trains. */

import { randomUUID } from 'node:crypto';
import { checkObject, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import {
  type Displayable,
  jupyterDisplay,
  jupyterDisplayId,
  type MimeBundle,
  notebookHost,
} from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import { figureBundle, liveBundle } from '../figure/figureBundle';
import type { Layout } from '../figure/figureData';
import { isSmoothed, type RecentSeries, type Series, seriesOf, smoothedKey, tracesOf } from '../figure/series';
import { type ChartOptions, chartOptions, curvesLayout } from '../plot/curves';
import { checkSmoothing, Smoother } from '../plot/smoothing';
import { Breath } from './breath';
import { type ChartModel, chartModel } from './chartModel';

/** Options of {@link liveChart}. */
export interface LiveChartOptions extends ChartOptions {
  /**
   * The names of the curves, in the order of their colours.
   *
   * @defaultValue the order in which they come
   */
  series?: readonly string[];
  /**
   * Shows the last so many steps only.
   *
   * @defaultValue all
   */
  window?: number;
  /**
   * How strongly curves are smoothed, from 0, not at all, to below 1, by TensorBoard's rule; the values themselves are pale behind. 0.9 shows the
   * trend of some twenty steps, 0.99 that of some two hundred.
   *
   * @defaultValue `0`
   */
  smoothing?: number;
  /**
   * The names of curves that are points without lines between them: values that don't follow from each other, such as a search's trials.
   *
   * @defaultValue none
   */
  points?: readonly string[];
}

/** Milliseconds between two pictures, in a notebook and in a terminal. */
const PERIOD = 250;
const TERMINAL_PERIOD = 1000;
/** Showing a picture takes at most this share of the time … */
const SHARE = 1 / 150;
/** … but no more than this is waited: the first pictures take longer than those that follow. */
const LONGEST_PERIOD = 1000;

let charts = 0;

/**
 * A chart that grows with each `add`; {@link liveChart} makes one. A notebook shows it anew a few times a second, in its place, and with a
 * still picture when the cell ends. A cell that evaluates it shows it again, where it goes on growing, too: after a page was closed and
 * opened again, for example. A terminal gets a line a second, and what is no terminal nothing.
 *
 * @example
 * const chart = liveChart({ yLabel: 'loss' });
 * await chart.add(0, { loss: 2.3 });
 */
export class LiveChart implements Displayable {
  readonly #options: LiveChartOptions;
  /** By the curves' names; and smoothed ones. */
  readonly #series = new Map<string, Series | RecentSeries>();
  readonly #smoothers = new Map<string, Smoother>();
  readonly #breath = new Breath();
  readonly #id = `chart-${++charts}`;
  /** @internal */
  readonly [jupyterDisplayId] = randomUUID();
  #last: { step: number; values: Readonly<Record<string, number>> } | undefined;
  /** Whether there is something that was not shown, or only without a still. */
  #unfinished = false;
  #shown = false;
  #nextPicture = 0;
  #endAwaited = false;
  /** By which pages get points that can draw them, from the first picture on, where there are such. */
  #model: ChartModel | undefined;
  /** Whether the page shows what it draws of points, and not pictures. */
  #isDrawnByPage = false;

  constructor(options: LiveChartOptions = {}) {
    this.#options = onlyOptions(options, {
      ...chartOptions,
      series: 'array',
      window: 'number',
      smoothing: 'number',
      points: 'array',
    });
    checkSmoothing(options.smoothing ?? 0);
    for (const name of options.series ?? []) this.#curve(name);
  }

  /**
   * Adds a point to each of the curves.
   *
   * @param values by the curve's name; what is no finite number leaves a gap
   * @returns what a loop awaits, so that the kernel remains responsive. It costs next to nothing: it takes a turn of the event loop
   *   every 50 ms
   * @throws {Error} when the cell is interrupted: the interrupt
   */
  add(step: number, values: Readonly<Record<string, number>>): Promise<void> {
    if (typeof step !== 'number') throw new InvalidArgumentError(`the step of a value is a number, not ${shown(step)}`);
    checkObject('the values of a step', values);
    for (const name in values) {
      const value = values[name]!;
      this.#add(name, step, value);
      const smoother = this.#smootherOf(name);
      if (smoother) this.#add(smoothedKey(name), step, smoother.next(value));
    }
    this.#last = { step, values };
    this.#unfinished = true;
    this.#awaitEndOfCell();
    const now = performance.now();
    if (now >= this.#nextPicture) this.#show(now);
    return this.#breath.take(now);
  }

  /** Shows the chart as it is now, with a still picture. Without it, that happens at the cell's end. */
  async done(): Promise<void> {
    if (!this.#unfinished) return;
    this.#unfinished = false;
    this.#model?.send(); // a page that was loaded anew gets no pictures
    const host = notebookHost();
    this.#isDrawnByPage = false;
    if (host) this.#display(await figureBundle(this.figure(), this.#id));
    else this.#print();
  }

  /** The chart as a notebook shows it: it goes on growing where it is shown last. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    const bundle = await figureBundle(this.figure(), this.#id);
    this.#shown = true;
    this.#isDrawnByPage = false; // the new place has a picture
    return { ...bundle, 'text/plain': this.#status() };
  }

  /** The chart as it is now. */
  figure(): Figure {
    return new Figure(tracesOf(this.#series, this.#options.points), this.#layout());
  }

  #layout(): Layout {
    return curvesLayout(
      [...this.#series.keys()].filter((key) => !isSmoothed(key)),
      this.#options,
    );
  }

  #add(key: string, step: number, value: number): void {
    this.#curve(key).add(step, value);
    this.#model?.add(key, step, value);
  }

  #smootherOf(name: string): Smoother | undefined {
    const { smoothing = 0 } = this.#options;
    if (smoothing === 0) return undefined;
    let smoother = this.#smoothers.get(name);
    if (!smoother) {
      smoother = new Smoother(smoothing);
      this.#smoothers.set(name, smoother);
    }
    return smoother;
  }

  #curve(name: string): Series | RecentSeries {
    let series = this.#series.get(name);
    if (!series) {
      series = seriesOf(this.#options.window);
      this.#series.set(name, series);
    }
    return series;
  }

  #show(now: number): void {
    if (!notebookHost()) {
      this.#print();
      this.#nextPicture = now + TERMINAL_PERIOD;
      return;
    }
    if (this.#isDrawnByPage) this.#model?.send();
    else this.#showPicture();
    const end = performance.now();
    this.#nextPicture = end + Math.min(Math.max(PERIOD, (end - now) / SHARE), LONGEST_PERIOD);
  }

  /** Shows it as a picture, and in the page that draws points as that. A still would take longer than all the rest. */
  #showPicture(): void {
    this.#model ??= this.#makeModel();
    const picture: MimeBundle = { ...liveBundle(this.figure(), this.#id), 'text/plain': this.#status() };
    this.#isDrawnByPage = this.#model?.isReady === true;
    this.#display(this.#isDrawnByPage ? this.#model!.bundle(picture) : picture);
  }

  #makeModel(): ChartModel | undefined {
    return chartModel({
      id: this.#id,
      window: this.#options.window,
      drawnAsPoints: this.#options.points ?? [],
      layout: () => this.#layout(),
      points: () => [...this.#series].map(([name, series]) => [name, series.points()]),
    });
  }

  #display(bundle: MimeBundle): void {
    notebookHost()?.display(bundle, { displayId: this[jupyterDisplayId], update: this.#shown });
    this.#shown = true;
  }

  #print(): void {
    if (process.stdout.isTTY) console.log(this.#status());
  }

  #status(): string {
    if (!this.#last) return 'no step yet';
    const { step, values } = this.#last;
    const list = Object.entries(values).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
    return `step ${step}: ${list.join(', ')}`;
  }

  #awaitEndOfCell(): void {
    if (this.#endAwaited) return;
    this.#endAwaited = true;
    notebookHost()?.onCellEnd(() => {
      this.#endAwaited = false;
      return this.done();
    });
  }
}

/**
 * A chart that grows while a cell trains, in one place and cheaply, and that lets the cell be interrupted.
 *
 * @throws {InvalidArgumentError} when `smoothing` isn't from 0 to below 1
 * @example
 * const chart = liveChart({ title: 'Training', yLabel: 'loss', smoothing: 0.9 });
 * for (let step = 0; step < 100; step++) {
 *   const [, value] = session.runSync([trainOp, loss], mnist.fillFeedDict(sets.train, images, labels));
 *   await chart.add(step, { loss: value });
 * }
 */
export function liveChart(options: LiveChartOptions = {}): LiveChart {
  return new LiveChart(options);
}
