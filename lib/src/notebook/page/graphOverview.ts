/**
 * The overview map of a graph, with a frame around the visible part; pressing, dragging and arrow keys move the view.
 */
import { svg } from './elements';
import type { Box, Size } from './graphBox';

/** How far an arrow key moves the view, as a fraction of the visible part. */
const STEP = 0.25;

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Overview {
  readonly #element: HTMLElement;
  readonly #frame = svg('rect', { class: 'seen', rx: '4' });
  #size: Size = { width: 1, height: 1 };
  #seen: Box = { x: 0, y: 0, width: 0, height: 0 };

  /**
   * @param name its name for screen readers
   * @param look receives the position in the content to show in the middle of the view
   */
  constructor(element: HTMLElement, name: string, look: (x: number, y: number) => void) {
    this.#element = element;
    element.tabIndex = 0;
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', name);
    const follow = ({ clientX, clientY, buttons }: PointerEvent) => {
      if ((buttons & 1) === 0) return;
      const { left, top, width, height } = this.#picture.getBoundingClientRect();
      look(((clientX - left) / width) * this.#size.width, ((clientY - top) / height) * this.#size.height);
    };
    element.addEventListener('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId);
      follow(event);
    });
    element.addEventListener('pointermove', follow);
    element.addEventListener('keydown', (event) => {
      const [x, y] = arrows[event.key] ?? [0, 0];
      if (x === 0 && y === 0) return;
      event.preventDefault();
      const { x: left, y: top, width, height } = this.#seen;
      look(left + width * (0.5 + STEP * x), top + height * (0.5 + STEP * y));
    });
  }

  get #picture(): Element {
    return this.#element.firstElementChild!;
  }

  /** Shows another drawing: its SVG, and its size. */
  draw(picture: string, size: Size): void {
    this.#size = size;
    this.#element.innerHTML = picture;
    this.#picture.append(this.#frame);
  }

  /** Frames the visible part. */
  frame(seen: Box): void {
    this.#seen = seen;
    // More than the content may be in view.
    const [x, y] = [Math.max(0, seen.x), Math.max(0, seen.y)];
    const width = Math.min(this.#size.width, seen.x + seen.width) - x;
    const height = Math.min(this.#size.height, seen.y + seen.height) - y;
    const box = { x, y, width: Math.max(0, width), height: Math.max(0, height) };
    for (const [name, value] of Object.entries(box)) this.#frame.setAttribute(name, String(value));
  }
}
