/**
 * The script that notebook outputs load into the page, once: `tfMechanics.mount` draws what an output has. The HTML that calls it
 * is made by `../html.ts`.
 */
import { mountFigure } from './figure';
import { mountGraph } from './graph';
import { mountSound } from './sound';

/** How each kind of output is drawn, by its name in `../html.ts`. */
const kinds = { figure: mountFigure, graph: mountGraph, sound: mountSound };

/**
 * Draws `data` in `element`, an output's.
 *
 * A still picture that stands there stays when drawing fails.
 */
export function mount(kind: keyof typeof kinds, element: HTMLElement | null, data: never): void {
  if (element) void kinds[kind](element, data);
}
