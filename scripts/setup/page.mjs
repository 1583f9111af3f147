/** The script that notebook outputs load into the page: one file of lib/src/notebook/page. */
import { writeFileAtomic } from './atomic.mjs';
import { inRoot } from './paths.mjs';

/** Writes lib/dist/notebook/page.js. */
export async function bundlePage() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [inRoot('lib', 'src', 'notebook', 'page', 'index.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'tfMechanics',
    target: 'es2022',
    minify: true,
    write: false,
  });
  writeFileAtomic(inRoot('lib', 'dist', 'notebook', 'page.js'), outputFiles[0].text);
}
