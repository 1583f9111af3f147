/**
 * `npm run wasm`: compiles lib/src/data/scaleRows.wat, with WABT (which is needed for nothing else, and is no dependency of the library),
 * to the WebAssembly in scaleRows.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import wabt from 'wabt';
import { commandLine } from './commandLine.mjs';
import { inRoot } from './setup/paths.mjs';

const source = inRoot('lib', 'src', 'data', 'scaleRows.wat');
const target = inRoot('lib', 'src', 'data', 'scaleRows.ts');

const LINE = 116;

/** The TypeScript file with the module. */
export async function compiled() {
  const { parseWat } = await wabt();
  const { buffer } = parseWat(source, readFileSync(source, 'utf8'), { simd: true, threads: true }).toBinary({});
  const text = Buffer.from(buffer).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')).map((line) => `  '${line}'`);
  return `/** The WebAssembly of scaleRows.wat, in base64. Made by \`npm run wasm\`. */\nexport const scaleRows =\n${lines.join(' +\n')};\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  commandLine(import.meta.url);
  writeFileSync(target, await compiled());
}
