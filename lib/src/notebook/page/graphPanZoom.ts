/** Moves and scales what is larger than the window that it is seen through. */

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How high the window may be, in pixels. */
const MAX_HEIGHT = 640;
/** So that a few nodes don't need to be scrolled to when their scope opens. */
const MIN_HEIGHT = 420;
/** What lies over the lower end of the window: the height of the buttons. */
const BUTTONS = 40;
/** A pointer that moves less than this, in pixels, was held still. */
const STILL = 4;

export class PanZoom {
  /** The size of the content at scale 1. */
  size: Size = { width: 0, height: 0 };
  /** Whether the last press of the pointer moved the content. */
  dragged = false;
  /** Whether nothing was moved or scaled since all of the content was shown. */
  fitted = false;

  readonly #viewport: HTMLElement;
  readonly #content: HTMLElement;
  #x = 0;
  #y = 0;
  #scale = 1;

  constructor(viewport: HTMLElement, content: HTMLElement) {
    this.#viewport = viewport;
    this.#content = content;
    this.#followPointer();
    // Without a key, the wheel scrolls the notebook.
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
  }

  /** The height of the window that shows the content in full width, within limits. */
  bestHeight(): number {
    const { width, height } = this.size;
    const scale = Math.min(1, this.#viewport.clientWidth / width || 1);
    return Math.min(Math.max(height * scale + BUTTONS, MIN_HEIGHT), MAX_HEIGHT);
  }

  /** Shows all of the content, not larger than it is. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#viewport;
    const { width, height } = this.size;
    this.#scale = Math.min(1, clientWidth / width || 1, (clientHeight - BUTTONS) / height || 1);
    this.#x = Math.max(0, (clientWidth - width * this.#scale) / 2);
    this.#y = 0;
    this.#apply();
    this.fitted = true;
  }

  /** Scales by a factor; the point at `x` and `y` of the window, its middle by default, stays. */
  zoom(factor: number, x = this.#viewport.clientWidth / 2, y = this.#viewport.clientHeight / 2): void {
    const scale = Math.min(4, Math.max(0.05, this.#scale * factor));
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#apply();
  }

  /** Moves the content by pixels of the screen. */
  move(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.#apply();
  }

  /** Brings a rectangle of the screen to the middle of the window. */
  center({ left, top, width, height }: DOMRect): void {
    const window = this.#viewport.getBoundingClientRect();
    this.move(window.left + window.width / 2 - left - width / 2, window.top + window.height / 2 - top - height / 2);
  }

  #apply(): void {
    this.fitted = false;
    this.#content.style.transform = `translate(${this.#x}px,${this.#y}px) scale(${this.#scale})`;
  }

  #followPointer(): void {
    let from: { x: number; y: number } | undefined;
    const viewport = this.#viewport;
    viewport.addEventListener('pointerdown', ({ target, button, clientX, clientY }) => {
      this.dragged = false;
      const onContent = target === viewport || this.#content.contains(target as Node);
      from = button === 0 && onContent ? { x: clientX, y: clientY } : undefined;
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
