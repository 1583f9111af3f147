/** Guessing what somebody meant who mistyped a name. */

/**
 * The one of `names` that was probably meant by `typed`: letters added, left out, changed, exchanged or in another case, up to a third of
 * them, and one at least. Undefined where none is that close.
 *
 * @example
 * nearest('learningrate', ['lr', 'learningRate']); // 'learningRate'
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  const [closest] = names
    .map((name) => ({ name, distance: editDistance(plain(typed), plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  return closest && closest.distance <= Math.max(1, plain(closest.name).length / 3) ? closest.name : undefined;
}

/** The least number of letters to add, leave out, change or exchange with the next that makes `b` of `a`. */
function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged =
        b.length > 3 && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? twoAbove[j - 2]! + 1
          : Infinity;
      row.push(Math.min(changed, exchanged, above[j]! + 1, row[j - 1]! + 1));
    }
    twoAbove = above;
  }
  return row[b.length]!;
}
