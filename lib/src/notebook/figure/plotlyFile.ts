/** Plotly's one file, which HTML files of figures have within and stills are drawn by. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The package that it is of, an optional peer. */
export const PLOTLY = 'plotly.js-dist';

/** Where the repository's build puts it, half as large: beside what else pages load. */
const minified = path.join(__dirname, '..', 'plotly.min.js');

/** The path of Plotly's file: the minified one where it has been built, else the package's own. */
export function plotlyFile(): string {
  return existsSync(minified) ? minified : createRequire(__filename).resolve(`${PLOTLY}/plotly.js`);
}
