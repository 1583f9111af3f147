/** Sends a live chart's points to the page as bytes, if it has anywidget. */
import { randomUUID } from 'node:crypto';
import { type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import type { Layout } from '../figure/figureData';
import { MAX_POINTS } from '../figure/series';
import { anywidgetClass } from '../widgets/anywidget';
import { WidgetModel } from '../widgets/model';
import { pageCode } from '../widgets/pageCode';

/** Points of a curve. A gap is NaN, or null if there is only one kind of number. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** A chart in its current state. */
export interface ChartSource {
  readonly id: string;
  readonly window: number | undefined;
  /** The names of curves to draw as points. */
  readonly drawnAsPoints: readonly string[];
  layout(): Layout;
  /** The points that represent all of them, by the names of curves. */
  points(): [name: string, points: Points][];
}

/**
 * Sends the points added to a chart, once a page has reported that it can draw them. Until then, and if no page can, it
 * does nothing: there is no other way to know a page's capabilities.
 */
export class ChartModel {
  readonly #source: ChartSource;
  readonly #model: WidgetModel;
  /** The points added since the last message, by the names of curves. */
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

  /** Whether a page has reported that it draws points. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Keeps a point until the next message. */
  add(name: string, x: number, y: number): void {
    if (!this.#isReady || this.#isTooMuch) return;
    let added = this.#added.get(name);
    if (!added) {
      added = { x: [], y: [] };
      this.#added.set(name, added);
    }
    added.x.push(x);
    added.y.push(y);
    // At that size, sending the representative points is cheaper.
    this.#isTooMuch = added.x.length > MAX_POINTS;
  }

  /** Adds the widget, with all points so far, to the other forms. */
  bundle(others: MimeBundle): MimeBundle {
    this.#isTooMuch = true;
    this.send();
    return this.#model.bundle(others);
  }

  /** Sends the points added since the last message. */
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

/** The model of a chart in a notebook whose page runs scripts; otherwise undefined. */
export function chartModel(source: ChartSource): ChartModel | undefined {
  const host = notebookHost();
  return host?.openComm && host.resources !== undefined ? new ChartModel(source, host.resources) : undefined;
}
