/** Pans and zooms content that is larger than its window. */
import type { Box, Size } from './graphBox';

/** Texts never become smaller: the overview shows more at once. */
const MIN_SCALE = 1;
const MAX_SCALE = 4;
/** A pointer that moves less than this, in pixels, counts as still. */
const STILL = 4;
/** The minimum distance from the window's border of something that is brought into view, in pixels. */
const MARGIN = 16;

export class PanZoom {
  /** The size of the content at scale 1. */
  size: Size = { width: 0, height: 0 };
  /** Whether the last press of the pointer moved the content. */
  dragged = false;

  readonly #viewport: HTMLElement;
  readonly #content: HTMLElement;
  readonly #moved: (seen: Box) => void;
  #x = 0;
  #y = 0;
  #scale = MIN_SCALE;

  /** @param moved receives the visible part of the content, in the content's own pixels */
  constructor(viewport: HTMLElement, content: HTMLElement, moved: (seen: Box) => void) {
    this.#viewport = viewport;
    this.#content = content;
    this.#moved = moved;
    this.#followPointer();
    // Without a modifier key, the wheel scrolls the notebook.
    viewport.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = viewport.getBoundingClientRect();
        this.zoom(2 ** (-event.deltaY / 300), event.clientX - left, event.clientY - top);
      },
      { passive: false },
    );
    // Focused elements are brought into view by panning, not by scrolling.
    viewport.addEventListener('scroll', () => viewport.scrollTo(0, 0));
  }

  /** The visible part of the content. */
  get seen(): Box {
    const { clientWidth, clientHeight } = this.#viewport;
    const scale = this.#scale;
    return { x: -this.#x / scale, y: -this.#y / scale, width: clientWidth / scale, height: clientHeight / scale };
  }

  /** Shows the beginning or the end of the content at reading size. */
  begin(atEnd: boolean): void {
    this.#scale = MIN_SCALE;
    this.#x = 0;
    this.#y = atEnd ? -this.size.height : 0;
    this.apply();
  }

  /** Zooms by a factor around a point of the window, by default its middle. */
  zoom(factor: number, x = this.#viewport.clientWidth / 2, y = this.#viewport.clientHeight / 2): void {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.apply();
  }

  /** Moves the content by screen pixels. */
  move(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.apply();
  }

  /** Centres a point of the content. */
  center(x: number, y: number): void {
    this.#x = this.#viewport.clientWidth / 2 - x * this.#scale;
    this.#y = this.#viewport.clientHeight / 2 - y * this.#scale;
    this.apply();
  }

  /** Brings a part of the content into view with minimal movement; if it is larger than the window, its beginning. */
  show({ x, y, width, height }: Box): void {
    const { seen } = this;
    const step = (from: number, size: number, start: number, room: number) =>
      from - MARGIN < start || size + 2 * MARGIN > room
        ? start - from + MARGIN
        : Math.min(0, start + room - (from + size + MARGIN));
    this.move(step(x, width, seen.x, seen.width) * this.#scale, step(y, height, seen.y, seen.height) * this.#scale);
  }

  /** Applies the position, within the limits of the window. */
  apply(): void {
    const { clientWidth, clientHeight } = this.#viewport;
    const within = (at: number, size: number, room: number) =>
      size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, at));
    this.#x = within(this.#x, this.size.width * this.#scale, clientWidth);
    this.#y = Math.min(within(this.#y, this.size.height * this.#scale, clientHeight), 0);
    this.#content.style.transform = `translate(${this.#x}px,${this.#y}px) scale(${this.#scale})`;
    this.#moved(this.seen);
  }

  #followPointer(): void {
    let from: { x: number; y: number } | undefined;
    const viewport = this.#viewport;
    viewport.addEventListener('pointerdown', ({ button, clientX, clientY }) => {
      this.dragged = false;
      from = button === 0 ? { x: clientX, y: clientY } : undefined;
    });
    viewport.addEventListener('pointermove', ({ clientX, clientY, pointerId }) => {
      if (!from) return;
      const [dx, dy] = [clientX - from.x, clientY - from.y];
      if (!this.dragged && Math.hypot(dx, dy) < STILL) return;
      this.dragged = true;
      viewport.setPointerCapture(pointerId);
      this.move(dx, dy);
      from = { x: clientX, y: clientY };
    });
    for (const end of ['pointerup', 'pointercancel'] as const)
      viewport.addEventListener(end, () => {
        from = undefined;
      });
  }
}
