/** Computes the sizes and positions of texts in an SVG document, because jsdom does no layout. */

/** The canvas library, which measures texts. */
export type CanvasLibrary = typeof import('@napi-rs/canvas');

/** Plotly's line height, in em. */
const LINE_HEIGHT = 1.3;

/**
 * Returns a function that computes the bounding box of the texts in an element, in the coordinates of `outer` (null: of
 * the page).
 */
export function textBoxes({ createCanvas, DOMMatrix }: CanvasLibrary, fontFamily: string) {
  const context = createCanvas(1, 1).getContext('2d');

  /** A text's box before any transformation. */
  const localBox = (text: SVGTextElement) => {
    const size = Number.parseFloat(text.style.fontSize) || 12;
    context.font = `${text.style.fontWeight || 'normal'} ${size}px "${fontFamily}"`;
    const lines = [...text.querySelectorAll('tspan.line')];
    const widths = (lines.length > 0 ? lines : [text]).map((line) => context.measureText(line.textContent ?? '').width);
    const width = Math.max(...widths);
    const anchor = text.getAttribute('text-anchor');
    const left = Number(text.getAttribute('x')) - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
    const top = Number(text.getAttribute('y')) - size;
    return { left, top, right: left + width, bottom: top + LINE_HEIGHT * size * widths.length };
  };

  /** The transformation from a text's coordinates to those of `outer`. */
  const matrixOf = (text: Element, outer: Element | null) => {
    const matrix = new DOMMatrix();
    for (let element: Element | null = text; element && element !== outer; element = element.parentElement) {
      const steps = new DOMMatrix();
      for (const [, name, list] of (element.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
        const [a, b, c] = list!.split(/[ ,]+/).map(Number) as [number, number?, number?];
        if (name === 'translate') steps.translateSelf(a, b ?? 0);
        else if (name === 'scale') steps.scaleSelf(a, b ?? a);
        else if (name === 'rotate')
          steps
            .translateSelf(b ?? 0, c ?? 0)
            .rotateSelf(a)
            .translateSelf(-(b ?? 0), -(c ?? 0));
      }
      matrix.preMultiplySelf(steps);
    }
    return matrix;
  };

  return (element: Element, outer: Element | null) => {
    const inText = element.closest('text');
    const texts = inText ? [inText] : [...element.querySelectorAll('text')].filter((text) => text.textContent);
    const corners = texts.flatMap((text) => {
      const { left, top, right, bottom } = localBox(text);
      const matrix = matrixOf(text, outer);
      return [left, right].flatMap((x) => [top, bottom].map((y) => matrix.transformPoint({ x, y })));
    });
    const xs = corners.length > 0 ? corners.map(({ x }) => x) : [0];
    const ys = corners.length > 0 ? corners.map(({ y }) => y) : [0];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
  };
}
