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
   * @defaultValue the order in which they first appear
   */
  series?: readonly string[];
  /**
   * Shows only this many of the last steps.
   *
   * @defaultValue all
   */
  window?: number;
  /**
   * How strongly curves are smoothed, from 0 (not at all) to below 1, by TensorBoard's rule; the original values are
   * pale behind. 0.9 shows the trend of about twenty steps, 0.99 that of about two hundred.
   *
   * @defaultValue `0`
   */
  smoothing?: number;
  /**
   * The names of curves to draw as points without lines, for values without an order, such as a search's trials.
   *
   * @defaultValue none
   */
  points?: readonly string[];
}

/** The minimum interval between two updates, in milliseconds, in a notebook and in a terminal. */
const PERIOD = 250;
const TERMINAL_PERIOD = 1000;
/** The maximum fraction of the time spent on updates … */
const SHARE = 1 / 150;
/** … but the interval is at most this long: the first updates take longer than later ones. */
const LONGEST_PERIOD = 1000;

let charts = 0;

/**
 * A chart that grows with each `add`, created by {@link liveChart}. A notebook updates it a few times per second in
 * place, and with a still picture when the cell ends. A cell that evaluates it shows it again, and it continues to grow
 * there too: after a page was closed and reopened, for example. A terminal gets a line per second; other outputs get
 * nothing.
 *
 * @example
 * const chart = liveChart({ yLabel: 'loss' });
 * await chart.add(0, { loss: 2.3 });
 */
export class LiveChart implements Displayable {
  readonly #options: LiveChartOptions;
  /** By the names of curves, and of smoothed ones. */
  readonly #series = new Map<string, Series | RecentSeries>();
  readonly #smoothers = new Map<string, Smoother>();
  readonly #breath = new Breath();
  readonly #id = `chart-${++charts}`;
  /** @internal */
  readonly [jupyterDisplayId] = randomUUID();
  #last: { step: number; values: Readonly<Record<string, number>> } | undefined;
  /** Whether there are points that weren't shown, or only without a still. */
  #unfinished = false;
  #shown = false;
  #nextPicture = 0;
  #endAwaited = false;
  /** Sends points to pages that can draw them, from the first update on, if available. */
  #model: ChartModel | undefined;
  /** Whether the page draws points itself instead of showing updates. */
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
   * @param values by the curve's name; a value that is not a finite number leaves a gap
   * @returns what a loop should await, so that the kernel stays responsive. It costs almost nothing: it lets the event
   * loop turn every 50 ms
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

  /** Shows the chart in its current state, with a still picture. Otherwise, this happens at the cell's end. */
  async done(): Promise<void> {
    if (!this.#unfinished) return;
    this.#unfinished = false;
    this.#model?.send(); // a reloaded page doesn't get updates
    const host = notebookHost();
    this.#isDrawnByPage = false;
    if (host) this.#display(await figureBundle(this.figure(), this.#id));
    else this.#print();
  }

  /** The chart's display: it continues to grow where it was displayed last. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    const bundle = await figureBundle(this.figure(), this.#id);
    this.#shown = true;
    this.#isDrawnByPage = false; // the new place has a picture
    return { ...bundle, 'text/plain': this.#status() };
  }

  /** The chart in its current state. */
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

  /**
   * Shows the chart without a still, which would take longer than everything else, or as points in a page that draws
   * them.
   */
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
 * Creates a chart that grows in place while a cell trains, cheaply, and that allows interrupts.
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
