/**
 * Bundles the scripts that notebook outputs load into the page or contain: those of lib/src/notebook/page, of pads, and
 * Plotly.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { inRoot } from './paths.mjs';

const page = inRoot('lib', 'src', 'notebook', 'page');
const pad = inRoot('lib', 'src', 'models', 'pad', 'page');

/** The scripts by file name and kind: a widget's module, a script that defines a global, or a plain script. */
const scripts = [
  { folder: page, source: 'index', name: 'page', format: 'iife', globalName: 'tfMechanics' },
  { folder: page, name: 'controlsWidget', format: 'esm' },
  { folder: page, name: 'chartWidget', format: 'esm' },
  { folder: pad, name: 'padWidget', format: 'esm' },
  { folder: pad, name: 'padPage', format: 'iife', globalName: 'tfMechanicsPad' },
  { folder: pad, source: 'preparation', name: 'padPreparation', format: 'iife' },
  { folder: pad, source: 'network', name: 'padNetwork', format: 'iife', globalName: 'tfMechanicsNetwork' },
];

/** The files that {@link bundlePage} creates. */
export const pageFiles = scripts.map(({ name }) => `${name}.js`);

/** Writes lib/dist/notebook/page.js and the other scripts next to it. */
export async function bundlePage() {
  const { build } = await import('esbuild');
  for (const { folder, name, source = name, ...format } of scripts) {
    const { outputFiles } = await build({
      entryPoints: [path.join(folder, `${source}.ts`)],
      bundle: true,
      target: 'es2022',
      minify: true,
      write: false,
      ...format,
    });
    writeFileAtomic(inRoot('lib', 'dist', 'notebook', `${name}.js`), outputFiles[0].text);
  }
}

/** Writes lib/dist/notebook/plotly.min.js, half the size of the package's file, unless it is up to date. */
export async function minifyPlotly() {
  const { transform, version } = await import('esbuild');
  const source = readFileSync(inRoot('node_modules', 'plotly.js-dist', 'plotly.js'), 'utf8');
  const [license] = /^\/\*.*?\*\//s.exec(source) ?? [''];
  const origin = createHash('sha256').update(source).digest('hex');
  const banner = `${license}\n// by esbuild ${version} of ${origin}\n`;
  const result = inRoot('lib', 'dist', 'notebook', 'plotly.min.js');
  if (existsSync(result) && readFileSync(result, 'utf8').startsWith(banner)) return;
  const { code } = await transform(source, { minify: true, target: 'es2022', legalComments: 'none' });
  writeFileAtomic(result, banner + code);
}
