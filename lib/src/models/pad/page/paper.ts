/** The paper of a pad, for drawing with mouse, finger, pen or keyboard. */

import { svg } from '../../../notebook/page/elements';
import { PEN, type Stroke } from '../strokes';
import type { PadWords } from '../words';

/** The side of the paper in SVG units. */
const SIDE = 100;
/** How far a key moves the pen, as a fraction of the side; with Shift, a quarter of that. */
const KEY_STEP = 0.04;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Point = [x: number, y: number];

/** Receives events of the paper. */
export interface PaperListener {
  /** The drawing has changed. */
  changed(): void;
  /** The pen was put down or lifted by a key. */
  said(words: string): void;
}

export class Paper {
  readonly element = svg('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, class: 'tf-mechanics-paper' });
  readonly #says: PadWords;
  readonly #listener: PaperListener;
  readonly #strokes: Point[][] = [];
  readonly #lines: SVGPathElement[] = [];
  readonly #pen = svg('path', { class: 'tf-mechanics-pen' });
  /** The drawing pointer. */
  #pointer: number | undefined;
  /** The position of the keyboard's pen, and whether it is down. */
  #place: Point = [0.5, 0.25];
  #isDown = false;

  constructor(says: PadWords, listener: PaperListener) {
    this.#says = says;
    this.#listener = listener;
    const { element } = this;
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', says.paper);
    element.append(this.#pen);
    element.addEventListener('pointerdown', (event) => this.#begin(event));
    element.addEventListener('pointermove', (event) => this.#goOn(event));
    for (const end of ['pointerup', 'pointercancel'] as const)
      element.addEventListener(end, (event) => this.#end(event));
    element.addEventListener('keydown', (event) => this.#press(event));
    this.#showPen();
  }

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  /** Undoes the last stroke. */
  undo(): void {
    if (this.#strokes.length === 0) return;
    this.#strokes.pop();
    this.#lines.pop()!.remove();
    this.#isDown = false;
    this.#listener.changed();
  }

  clear(): void {
    for (const line of this.#lines.splice(0)) line.remove();
    this.#strokes.length = 0;
    this.#isDown = false;
    this.#listener.changed();
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0 || this.#pointer !== undefined) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.element.dataset.by = 'pointer';
    this.#isDown = false;
    this.#newStroke(this.#placeOf(event));
  }

  #goOn(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // An event contains all movements since the last frame.
    const events = event.getCoalescedEvents?.() ?? [];
    this.#draw(...(events.length > 0 ? events : [event]).map((each) => this.#placeOf(each)));
  }

  #end(event: PointerEvent): void {
    if (event.pointerId === this.#pointer) this.#pointer = undefined;
  }

  #placeOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return [inside((clientX - left) / width), inside((clientY - top) / height)];
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    if (arrow) this.#move(arrow, event.shiftKey ? KEY_STEP / 4 : KEY_STEP);
    else if (event.key === ' ' || event.key === 'Enter') this.#putDown(!this.#isDown);
    else if (event.key === 'Backspace') this.undo();
    else if (event.key === 'Delete') this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has its own shortcuts
    this.element.dataset.by = 'keys';
    this.#showPen();
  }

  #move([across, down]: readonly [number, number], step: number): void {
    this.#place = [inside(this.#place[0] + step * across), inside(this.#place[1] + step * down)];
    if (this.#isDown) this.#draw(this.#place);
  }

  #putDown(isDown: boolean): void {
    this.#isDown = isDown;
    this.#listener.said(isDown ? this.#says.penDown : this.#says.penUp);
    if (isDown) this.#newStroke(this.#place);
  }

  #newStroke(point: Point): void {
    this.#strokes.push([]);
    const line = svg('path', { 'stroke-width': `${PEN * SIDE}` });
    this.#lines.push(line);
    this.#pen.before(line);
    this.#draw(point);
  }

  #draw(...points: Point[]): void {
    const stroke = this.#strokes.at(-1)!;
    stroke.push(...points);
    // A line of length zero shows its round caps.
    const place = ([x, y]: Point) => `${(SIDE * x).toFixed(2)} ${(SIDE * y).toFixed(2)}`;
    this.#lines.at(-1)!.setAttribute('d', `M${place(stroke[0]!)}L${stroke.map(place).join(' ')}`);
    this.#listener.changed();
  }

  #showPen(): void {
    const [x, y] = [SIDE * this.#place[0], SIDE * this.#place[1]];
    this.#pen.setAttribute('d', `M${x - 4} ${y}H${x + 4}M${x} ${y - 4}V${y + 4}`);
    this.element.dataset.pen = this.#isDown ? 'down' : 'up';
  }
}

const inside = (place: number) => Math.min(1, Math.max(0, place));
