/**
 * The tags of what is written at once: of a single thing the tag itself, of a batch what TensorFlow's kernels make of it:
 * `tag/image/0`, `tag/image/1` …
 */
export function batchTags(tag: string, kind: 'image' | 'audio', batch: boolean, count: number): string[] {
  return batch ? Array.from({ length: count }, (_, i) => `${tag}/${kind}/${i}`) : [tag];
}
