/** The types of compiledCode.cjs, which says what this does. */

export declare function requireKept(
  file: string,
  edition: string,
): { readonly exports: unknown; readonly keep: (() => void) | undefined };
