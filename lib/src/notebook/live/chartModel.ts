/** A live chart's points on their way to the page, as bytes, where it has anywidget. */
import { randomUUID } from 'node:crypto';
import { type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import type { Layout } from '../figure/figureData';
import { MAX_POINTS } from '../figure/series';
import { anywidgetClass } from '../widgets/anywidget';
import { WidgetModel } from '../widgets/model';
import { pageCode } from '../widgets/pageCode';

/** Points of a curve. A gap is NaN, or null where there is only one kind of number. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** A chart as it is now. */
export interface ChartSource {
  readonly id: string;
  readonly window: number | undefined;
  /** The names of curves that are points. */
  readonly drawnAsPoints: readonly string[];
  layout(): Layout;
  /** The points that stand for all, by the curves' names. */
  points(): [name: string, points: Points][];
}

/**
 * Sends what is added to a chart since the last time, once a page has said that it can draw that. Until then, and where none can, it is as if it
 * weren't there: nobody knows beforehand what a page can do.
 */
export class ChartModel {
  readonly #source: ChartSource;
  readonly #model: WidgetModel;
  /** What was added, by the curves' names. */
  #added = new Map<string, { x: number[]; y: number[] }>();
  #isTooMuch = false;
  #isReady = false;

  constructor(source: ChartSource, resources: string) {
    this.#source = source;
    const { id, window = null, drawnAsPoints: points } = source;
    const chart = { key: randomUUID(), id, resources, window, points, layout: source.layout() };
    this.#model = new WidgetModel(
      { ...anywidgetClass(pageCode('chartWidget')), chart },
      {},
      {
        current: () => this.#all(),
        onMessage: (content) => {
          if ((content as { ready?: unknown } | null)?.ready === true) this.#isReady = true;
        },
      },
    );
    this.#model.open();
  }

  /** Whether a page has said that it draws points. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Keeps a point until they are sent. */
  add(name: string, x: number, y: number): void {
    if (!this.#isReady || this.#isTooMuch) return;
    let added = this.#added.get(name);
    if (!added) {
      added = { x: [], y: [] };
      this.#added.set(name, added);
    }
    added.x.push(x);
    added.y.push(y);
    // The points that stand for all are fewer than these then.
    this.#isTooMuch = added.x.length > MAX_POINTS;
  }

  /** The form that shows it, which has all points by then, beside the others. */
  bundle(others: MimeBundle): MimeBundle {
    this.#isTooMuch = true;
    this.send();
    return this.#model.bundle(others);
  }

  /** Sends what was added since the last time. */
  send(): void {
    const { points, buffers } = this.#isTooMuch ? this.#all() : this.#message([...this.#added], false);
    this.#added = new Map();
    this.#isTooMuch = false;
    if (points.names.length > 0) this.#model.send(points, buffers);
  }

  #all() {
    return this.#message(this.#source.points(), true);
  }

  #message(curves: readonly [string, Points][], all: boolean) {
    return {
      points: { names: curves.map(([name]) => name), layout: this.#source.layout(), all },
      buffers: curves.flatMap(([, { x, y }]) => [
        Float64Array.from(x),
        Float32Array.from(y, (value) => value ?? Number.NaN),
      ]),
    };
  }
}

/** The model of a chart in a notebook whose page has scripts; undefined elsewhere. */
export function chartModel(source: ChartSource): ChartModel | undefined {
  const host = notebookHost();
  return host?.openComm && host.resources !== undefined ? new ChartModel(source, host.resources) : undefined;
}
