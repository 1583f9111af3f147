/** Makes the reference in a folder, and the book within; what typedoc warns of is an error. */
export function makeDocs(folder?: string, options?: { colorsTypeScript?: boolean }): void;
