/** Checks of vectors: which ones are close together. */
import type { HostArray } from '../tf';

/**
 * The rows nearest to a row, nearest first.
 *
 * @param vectors one vector per row
 */
export function nearestRows(vectors: HostArray, row: number, count: number): number[] {
  const [rows = 0, size = 0] = vectors.shape;
  const values = vectors.data;
  const distance = (other: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (Number(values[other * size + i]) - Number(values[row * size + i])) ** 2;
    return sum;
  };
  return Array.from({ length: rows }, (_, other) => [other, distance(other)] as const)
    .filter(([other]) => other !== row)
    .sort(([, a], [, b]) => a - b)
    .slice(0, count)
    .map(([other]) => other);
}
