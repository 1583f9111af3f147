/** Many small pictures in one figure: they form a single PNG, and their captions a single text trace. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { Kinds } from '../../runtime/options';
import { type Rgb, rgbOf } from '../figure/colors';
import { Figure } from '../figure/figure';
import type { Layout } from '../figure/figureData';
import { encodePng } from '../figure/png';
import { textColor } from '../figure/theme';

/** Pictures of one size. */
export interface Tiles {
  count: number;
  width: number;
  height: number;
  /**
   * How they change on dark pages: paper with `ink` becomes dark with light ink, zero of `weights` becomes dark.
   * Otherwise they stay the same.
   */
  inDark?: 'ink' | 'weights';
  /** The colour of a picture's pixel. */
  colorAt(tile: number, row: number, column: number): Rgb;
}

/** The caption and frame of a picture. */
export interface Caption {
  text: string;
  /** The text shown on hover. */
  hover?: string;
  /** The colour of the text and of a frame around the picture; without one, there is no frame. */
  color?: string;
}

/** Options of pictures in rows and columns. */
export interface TilesOptions {
  title?: string;
  /**
   * The number of pictures per row.
   *
   * @defaultValue `10`, or as many as there are
   */
  columns?: number;
  /**
   * The longer side of a picture in CSS pixels. If a row is wider than its output, pictures shrink.
   *
   * @defaultValue about 56, an integer multiple, and no smaller than the picture
   */
  size?: number;
}

/** The options of {@link TilesOptions}. */
export const tilesOptions = {
  title: 'string',
  columns: 'number',
  size: 'number',
} as const satisfies Kinds<TilesOptions>;

/** The gap between two pictures in picture pixels, including a frame of one pixel each. */
const GAP = 3;
/** CSS pixels: the minimum size of a picture, and the height of a caption. */
const SHOWN = 56;
const CAPTION = 16;
const FONT = 11;
/** The minimum width of the figure. */
const MIN_WIDTH = 300;
/** The width in which captions must fit: the output in a window of about 700 pixels. */
const NARROW = 520;
/** The maximum number of captions in the figure's description. */
const TOLD = 60;
const MARGIN = { left: 12, right: 12, top: 44, bottom: 12 };

/** A figure of pictures, in rows. */
export function tilesFigure(tiles: Tiles, captions: readonly Caption[] | undefined, options: TilesOptions): Figure {
  const { count, width, height } = tiles;
  checkPositive('columns', options.columns);
  checkPositive('size', options.size);
  const columns = Math.max(1, Math.min(options.columns ?? 10, count));
  const rows = Math.ceil(count / columns);
  const longer = Math.max(width, height);
  const scale = options.size === undefined ? Math.max(1, Math.round(SHOWN / longer)) : options.size / longer;
  const across = width + GAP;
  // Captions keep their size where the pictures shrink.
  const least = Math.min(scale, NARROW / (columns * across + GAP));
  const below = captions ? Math.ceil(CAPTION / least) : 0;
  const down = height + GAP + below;
  const picture = { width: columns * across + GAP, height: rows * down + GAP, rgba: new Uint8Array() };
  picture.rgba = new Uint8Array(4 * picture.width * picture.height); // transparent between the pictures
  const paint = (x: number, y: number, [red, green, blue]: Rgb) =>
    picture.rgba.set([red, green, blue, 255], 4 * (y * picture.width + x));
  const origin = (tile: number) => ({
    left: GAP + (tile % columns) * across,
    top: GAP + Math.floor(tile / columns) * down,
  });
  for (let tile = 0; tile < count; tile++) {
    const { left, top } = origin(tile);
    const color = captions?.[tile]?.color;
    const frame = color === undefined ? undefined : rgbOf(color);
    for (let row = -1; row <= height; row++)
      for (let column = -1; column <= width; column++) {
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        if (inside) paint(left + column, top + row, tiles.colorAt(tile, row, column));
        else if (frame) paint(left + column, top + row, frame);
      }
  }

  const axis = { visible: false, fixedrange: true };
  const margin = { ...MARGIN, top: options.title === undefined ? MARGIN.bottom : MARGIN.top };
  const beside = Math.max(0, (MIN_WIDTH / scale - picture.width) / 2); // room for the title
  const layout: Layout = {
    ...(options.title !== undefined && { title: { text: options.title } }),
    width: Math.round((picture.width + 2 * beside) * scale + margin.left + margin.right),
    height: Math.round(picture.height * scale + margin.top + margin.bottom),
    margin: { l: margin.left, r: margin.right, t: margin.top, b: margin.bottom },
    meta: { keepsAspect: true, alt: inWords(tiles, captions, columns) },
    xaxis: { ...axis, range: [-0.5 - beside, picture.width - 0.5 + beside] },
    yaxis: { ...axis, range: [picture.height - 0.5, -0.5] },
  };
  const source = `data:image/png;base64,${encodePng(picture).toString('base64')}`;
  const { inDark } = tiles;
  const image = { type: 'image', source, hoverinfo: 'skip', ...(inDark && { inDark }) };
  if (!captions) return new Figure([image], layout);
  const places = captions.map((_, tile) => origin(tile));
  const text = {
    type: 'scatter',
    mode: 'text',
    x: places.map(({ left }) => left + (width - 1) / 2),
    y: places.map(({ top }) => top + height + 1),
    textposition: 'bottom center',
    text: captions.map(({ text }) => text),
    textfont: { size: FONT, color: captions.map(({ color }) => color ?? textColor) },
    hovertext: captions.map(({ hover, text }) => hover ?? text),
    hoverinfo: 'text',
    showlegend: false,
  };
  // A page draws captions again for its width, but a still shrinks as a whole: its captions are larger, as far as they
  // fit side by side.
  const widest = Math.max(...captions.map(({ text }) => widthOf(text)));
  const size = Math.min(Math.ceil((FONT * scale) / least), Math.floor((across * scale) / widest));
  const inStills = size > FONT && { inStills: { textfont: { ...text.textfont, size } } };
  return new Figure([image, { ...text, ...inStills }], layout);
}

/** The approximate width of a text in em: Chinese characters are square. */
const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (one < '\u2e80' ? 0.56 : 1), 0);

function checkPositive(name: string, value: number | undefined): void {
  if (value !== undefined && !(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError(`expected ${name} as a number above 0, got ${shown(value)}`);
}

/** A description: how many pictures, their size, and their captions. */
function inWords({ count, width, height }: Tiles, captions: readonly Caption[] | undefined, columns: number): string {
  const rows = count > columns ? `, ${columns} in a row` : '';
  const below = captions
    ? `. Below: ${captions
        .slice(0, TOLD)
        .map(({ text }) => text)
        .join('; ')}`
    : '';
  const more = captions && captions.length > TOLD ? ' …' : '';
  return `${count} picture${count === 1 ? '' : 's'} of ${width} by ${height} pixels${rows}${below}${more}`;
}
