/**
 * Formats shapes for errors and other texts: `[2, 3]`, `?` for an unknown size, and `of any rank` for an unknown shape.
 */
export function shapeText(shape: readonly unknown[] | null): string {
  return shape === null ? 'of any rank' : `[${shape.map((size) => String(size ?? '?')).join(', ')}]`;
}
