/** The file of Plotly, which is embedded into HTML files of figures and used to draw stills. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Its package, an optional peer dependency. */
export const PLOTLY = 'plotly.js-dist';

/** The minified version made by the repository's build, half as large: next to the other files for pages. */
const minified = path.join(__dirname, '..', 'plotly.min.js');

/** The path of Plotly's file: the minified one where it has been built, else the package's own. */
export function plotlyFile(): string {
  return existsSync(minified) ? minified : createRequire(__filename).resolve(`${PLOTLY}/plotly.js`);
}
