/** The page's part of a live chart: a module for anywidget. It draws with the page's script, which figures share. */
import type { Layout, Trace } from '../figure/figureData';
import { type RecentSeries, type Series, seriesOf, tracesOf } from '../figure/series';
import type { PageModel, View } from './anywidget';
import { html } from './elements';
import { loadScript } from './loadScript';

type Page = { mount(kind: 'figure', element: HTMLElement, figure: { data: Trace[]; layout: Layout }): void };

/** The shared state: see `../live/chartModel.ts`. */
interface Chart {
  /** Unique to this chart. */
  readonly key: string;
  /** The id of its drawing, whether made of points or of an update. */
  readonly id: string;
  readonly resources: string;
  readonly window: number | null;
  /** The names of curves to draw as points. */
  readonly points?: readonly string[];
  readonly layout: Layout;
}

/** A message: points of these curves are in its buffers, first the steps and then the values of each curve. */
interface Points {
  readonly names: readonly string[];
  readonly layout: Layout;
  /** Whether they replace all earlier points. */
  readonly all: boolean;
}

/** The points received for a chart. */
class Curves {
  readonly #window: number | null;
  readonly #points: readonly string[];
  #series = new Map<string, Series | RecentSeries>();
  layout: Layout;
  readonly views = new Set<() => void>();

  constructor({ window, points = [], layout }: Chart) {
    this.#window = window;
    this.#points = points;
    this.layout = layout;
  }

  add({ names, layout, all }: Points, buffers: readonly DataView[]): void {
    if (all) this.#series = new Map();
    this.layout = layout;
    names.forEach((name, i) => {
      const series = this.#series.get(name) ?? seriesOf(this.#window ?? undefined);
      this.#series.set(name, series);
      const [xs, ys] = [buffers[2 * i]!, buffers[2 * i + 1]!];
      for (let at = 0; at < ys.byteLength / 4; at++)
        series.add(xs.getFloat64(8 * at, true), ys.getFloat32(4 * at, true));
    });
    for (const draw of this.views) draw();
  }

  get traces(): Trace[] {
    return tracesOf(this.#series, this.#points);
  }
}

/** By the charts' keys: models share this module, or each has its own. */
const charts = new Map<string, Curves>();

function chartOf(model: PageModel): Curves {
  const chart = model.get<Chart>('chart');
  const known = charts.get(chart.key);
  if (known) return known;
  const curves = new Curves(chart);
  charts.set(chart.key, curves);
  curves.add(model.get<Points>('points'), model.get<DataView[]>('buffers'));
  return curves;
}

/** Loads the page's script, as outputs with figures do: see `../figure/html.ts`. */
function loadPage(resources: string): Promise<Page> {
  const page = window as { tfMechanicsPage?: Promise<Page> | undefined; tfMechanics?: Page };
  const load = async () => {
    const config = document.getElementById('jupyter-config-data')?.textContent;
    const base = (config && JSON.parse(config).baseUrl) || document.body.dataset.baseUrl || '/';
    await loadScript(`${base}${resources}/page.js`);
    return page.tfMechanics!;
  };
  page.tfMechanicsPage ??= load().catch((error) => {
    page.tfMechanicsPage = undefined;
    throw error;
  });
  return page.tfMechanicsPage;
}

/** Tells the program that points may be sent instead of pictures. */
function initialize({ model }: { model: PageModel }): void {
  const curves = chartOf(model);
  model.on('msg:custom', (points: Points, buffers: DataView[]) => curves.add(points, buffers));
  const { resources } = model.get<Chart>('chart');
  loadPage(resources).then(
    () => model.send({ ready: true }),
    () => {},
  );
}

/**
 * Draws on request, but leaves the page at least twice as much time as drawing takes; further requests meanwhile are
 * combined.
 */
function unhurried(draw: () => void): () => void {
  let isResting = false;
  let isAsked = false;
  const ask = () => {
    isAsked = isResting;
    if (isResting) return;
    isResting = true;
    const begin = performance.now();
    draw();
    const rest = () => {
      isResting = false;
      if (isAsked) ask();
    };
    // After it is on the screen.
    requestAnimationFrame(() => setTimeout(() => setTimeout(rest, 2 * (performance.now() - begin))));
  };
  return ask;
}

/** Shows the chart in `el`; the returned function removes it. */
async function render({ model, el }: View): Promise<() => void> {
  const { id, resources } = model.get<Chart>('chart');
  const curves = chartOf(model);
  const page = await loadPage(resources);
  const output = html('div', { id });
  output.style.width = '100%';
  el.append(output);
  const draw = unhurried(() => page.mount('figure', output, { data: curves.traces, layout: curves.layout }));
  const drawInPage = () => {
    if (output.isConnected) draw();
    else if (curves.views.has(draw)) setTimeout(drawInPage, 20);
  };
  curves.views.add(draw);
  drawInPage();
  return () => curves.views.delete(draw);
}

export default { initialize, render };
