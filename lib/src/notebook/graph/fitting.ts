/** In which direction a graph fits into a window. */

import type { Drawing } from './drawing';
import type { Direction } from './graphData';
import type { Hierarchy } from './hierarchy';
import { layoutOf } from './layout';

/** The share of a drawing that is seen at once in a window of that size, in pixels. */
export function shareSeen(
  { width, height }: Pick<Drawing, 'width' | 'height'>,
  window: { width: number; height: number },
) {
  return Math.min(1, window.width / width) * Math.min(1, window.height / height);
}

/** The direction in which more of a graph is seen at once; down, as graphs are usually drawn, where that is no worse. */
export function fittingDirection(
  hierarchy: Hierarchy,
  expanded: ReadonlySet<string>,
  window: { width: number; height: number },
): Direction {
  const [down, right] = (['down', 'right'] as const).map((direction) =>
    shareSeen(layoutOf(hierarchy, expanded, direction), window),
  );
  return down! >= right! ? 'down' : 'right';
}
