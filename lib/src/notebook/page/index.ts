/**
 * The script that notebook outputs load into the page, once: `tfMechanics.mount` draws an output's data. `../html.ts`
 * generates the HTML that calls it.
 */
import { mountFigure } from './figure';
import { mountGraph } from './graph';
import { mountSound } from './sound';

/** The function that draws each kind of output, by its name in `../html.ts`. */
const kinds = { figure: mountFigure, graph: mountGraph, sound: mountSound };

/**
 * Draws `data` in an output's element.
 *
 * If drawing fails, the still picture in the element stays.
 */
export function mount(kind: keyof typeof kinds, element: HTMLElement | null, data: never): void {
  if (element) void kinds[kind](element, data);
}
