/** One call of an article's, and what does the same here. */
export interface Line {
  python: string;
  typescript: string;
  /** An expression, and the value that it has after the line. */
  gives?: readonly [expression: string, value: unknown];
}
export const articles: readonly { title: string; lines: readonly Line[] }[];
