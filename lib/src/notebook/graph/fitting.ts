/** Chooses the direction in which a graph fits better into a window. */

import type { Drawing } from './drawing';
import type { Direction } from './graphData';
import type { Hierarchy } from './hierarchy';
import { layoutOf } from './layout';

/** The fraction of a drawing that is visible at once in a window of a given size in pixels. */
export function shareSeen(
  { width, height }: Pick<Drawing, 'width' | 'height'>,
  window: { width: number; height: number },
) {
  return Math.min(1, window.width / width) * Math.min(1, window.height / height);
}

/** The direction in which more of a graph is visible at once; down, the usual direction, if it is no worse. */
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
