/** Finds the name that a mistyped one was probably meant to be. */

/**
 * The one of `names` that was probably meant by `typed`: at most a third of the letters (at least one) were added,
 * omitted, changed, swapped or in another case. Undefined if none is that close.
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

/** How to present a suggestion in a message. */
interface GuessStyle {
  /**
   * The text before it.
   *
   * @defaultValue `'; '`
   */
  before?: string;
  /**
   * The text if no name is close enough.
   *
   * @defaultValue nothing
   */
  otherwise?: string;
  /**
   * Formats the name.
   *
   * @defaultValue in quotes
   */
  as?: (name: string) => string;
}

/**
 * The end of an error message about an unknown name: which known one was probably meant.
 *
 * @example
 * `there is no option 'learningrate'${didYouMean('learningrate', ['learningRate'])}`; // … ; did you mean 'learningRate'?
 */
export function didYouMean(typed: string, names: readonly string[], style: GuessStyle = {}): string {
  const { before = '; ', otherwise = '', as = (name) => `'${name}'` } = style;
  const guess = nearest(typed, names);
  return guess === undefined ? otherwise : `${before}did you mean ${as(guess)}?`;
}

/** The format of names in messages of models and of the command line. */
export const unquoted = (name: string) => name;

/** The minimum number of letters to add, omit, change or swap with a neighbour to turn `a` into `b`. */
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
