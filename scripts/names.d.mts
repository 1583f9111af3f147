/** The table of names as a Markdown document. */
export function namesDocument(tf: object): string;
