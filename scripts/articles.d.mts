/** A line of an article's, and what does the same here. */
export interface Line {
  python: string;
  typescript: string;
  /** What to look at after the line: an expression, and Python's that has the same value. */
  gives?: readonly [typescript: string, python: string];
  /** What the line needs, and isn't shown. */
  before?: { python?: string; typescript?: string };
}
export const articles: readonly { title: string; lines: readonly Line[] }[];
