/** How well texts stand out from what is behind them. */
import type { Locator } from 'playwright-core';

/** A text with its contrast, from 1 (the same colour) to 21 (black on white), as WCAG 2 defines it. */
export interface Contrast {
  text: string;
  ratio: number;
}

/** The contrasts of all texts within, but of those that are drawn on data: a figure's background isn't theirs. */
export function contrastsOf(locator: Locator): Promise<Contrast[]> {
  return locator.evaluateAll((roots) => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) =>
        value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const isOpaque = (color: string) => color !== '' && (channels(color)[3] ?? 1) > 0.9;
    const background = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)';
      // The layers of a figure lie on each other; only the first has the background.
      const bottom = element.matches('.main-svg') && element.parentElement?.querySelector('.main-svg');
      if (bottom && bottom !== element) return background(bottom);
      const color = getComputedStyle(element).backgroundColor;
      return isOpaque(color) ? color : background(element.parentElement);
    };
    return roots
      .flatMap((root) => [...root.querySelectorAll('*')])
      .filter((element) => element.checkVisibility() && !element.closest('.plot, .heatmap-label, script, style'))
      .flatMap((element) => {
        const text = [...element.childNodes]
          .filter((node) => node.nodeType === 3)
          .map((node) => node.nodeValue)
          .join('')
          .trim();
        if (text === '') return [];
        const { color, fill } = getComputedStyle(element);
        const [light, dark] = [luminance(element.closest('svg') ? fill : color), luminance(background(element))].sort(
          (a, b) => b - a,
        );
        return [{ text, ratio: (light! + 0.05) / (dark! + 0.05) }];
      });
  });
}
