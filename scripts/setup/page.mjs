/** The scripts that notebook outputs load into the page: one file of lib/src/notebook/page, Plotly, and modules of widgets. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { inRoot } from './paths.mjs';

/** The modules of widgets, which their states have within. */
export const widgetModules = ['controlsWidget', 'chartWidget'];

/** Writes lib/dist/notebook/page.js, and the modules beside it. */
export async function bundlePage() {
  await bundle('index', 'page', { format: 'iife', globalName: 'tfMechanics' });
  for (const name of widgetModules) await bundle(name, name, { format: 'esm' });
}

async function bundle(source, result, format) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [inRoot('lib', 'src', 'notebook', 'page', `${source}.ts`)],
    bundle: true,
    target: 'es2022',
    minify: true,
    write: false,
    ...format,
  });
  writeFileAtomic(inRoot('lib', 'dist', 'notebook', `${result}.js`), outputFiles[0].text);
}

/** Writes lib/dist/notebook/plotly.min.js, half as large as the package's file. What has been made of the same file stays. */
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
