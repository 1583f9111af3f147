/** Draws images in a terminal. */
import { IMAGE_SIZE } from '../../mnist/sizes';

/** From no ink to full ink. */
const SHADES = [' ', '░', '▒', '▓', '█'];

/** Draws 28 × 28 pixels as 28 lines, two characters per pixel, because characters are about twice as high as wide. */
export function drawn(pixels: ArrayLike<number>): string {
  const row = (y: number) =>
    Array.from({ length: IMAGE_SIZE }, (_, x) => {
      const shade = SHADES[Math.round((pixels[y * IMAGE_SIZE + x]! / 255) * (SHADES.length - 1))]!;
      return shade + shade;
    }).join('');
  const edge = '─'.repeat(2 * IMAGE_SIZE);
  const lines = Array.from({ length: IMAGE_SIZE }, (_, y) => `│${row(y)}│`);
  return [`┌${edge}┐`, ...lines, `└${edge}┘`].join('\n');
}
