/** Loads Plotly when the first figure needs it. */
import type { FigureData } from '../figure/figureData';
import { loadScript } from './loadScript';

/** The part of Plotly that is used. */
export interface Plotly {
  react(element: HTMLElement, figure: FigureData & { config: object }): Promise<unknown>;
}

/** Its file is next to this script's. */
const url = new URL('plotly.min.js', (document.currentScript as HTMLScriptElement | null)?.src ?? location.href).href;

let loading: Promise<Plotly> | undefined;

/** Plotly, once it is loaded. After a failure, the next call tries again. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Plotly> {
  const page = window as { Plotly?: Plotly };
  if (!page.Plotly) await loadScript(url);
  if (!page.Plotly) throw new Error(`${url} defines no Plotly`);
  return page.Plotly;
}
