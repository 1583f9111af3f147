/**
 * Makes the book in `folder`; `reference` is the reference's folder as seen from there, `notebooks` the one that the notebooks are in, with one for
 * each language but English.
 */
export function makeBook(folder: string, options?: { reference?: string; notebooks?: string }): void;
