/** Navigation between nodes with arrow keys. */
import type { PlacedNode, Point } from './drawing';

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The weight of distance perpendicular to the direction. */
const ASIDE = 2;

/** The id of the next node in the direction of an arrow key, if any. */
export function nearestNode(nodes: readonly PlacedNode[], id: string, key: string): string | undefined {
  const direction = directions[key];
  const from = nodes.find(({ node }) => node.id === id);
  if (!direction || !from) return undefined;
  const start = placeOf(from);
  let nearest: { id: string; distance: number } | undefined;
  for (const other of nodes) {
    const { x, y } = placeOf(other);
    const [dx, dy] = [x - start.x, y - start.y];
    const along = dx * direction.x + dy * direction.y;
    const distance = along + ASIDE * Math.abs(dx * direction.y - dy * direction.x);
    if (along > 0 && distance < (nearest?.distance ?? Infinity)) nearest = { id: other.node.id, distance };
  }
  return nearest?.id;
}

/** The position of a node for navigation; for an open scope, that of its label. */
const placeOf = ({ x, y, width, height, open }: PlacedNode): Point => ({
  x: x + width / 2,
  y: open ? y + 10 : y + height / 2,
});
