/** A shape as errors and texts write it, `[2, 3]`; a size that isn't known is `?`, and a shape of which nothing is known `of any rank`. */
export function shapeText(shape: readonly unknown[] | null): string {
  return shape === null ? 'of any rank' : `[${shape.map((size) => String(size ?? '?')).join(', ')}]`;
}
