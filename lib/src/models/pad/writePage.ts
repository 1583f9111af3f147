/** Writes a pad as a static page: an HTML file, and the network next to it. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { stillHtml } from '../../notebook/figure/html';
import { pageJson } from '../../notebook/figure/json';
import { pageCode } from '../../notebook/widgets/pageCode';
import { replaceFileSync } from '../../runtime/files';
import { type DigitModel, DigitReader } from './digitReader';
import type { ModelJson } from './exportedModel';
import { payloadOf } from './padCode';
import { exportReader } from './padHtml';
import type { Payload } from './payload';
import { sample } from './sample';
import { stillOf } from './still';
import { digitOf } from './strokes';

/** The file to open, and the folder of the network. */
export const PAGE = 'index.html';
export const PAGE_MODEL = 'model';

/** Writes a self-contained page for any web server. */
export async function writePage(model: DigitModel, folder: string): Promise<void> {
  const reader = new DigitReader(model);
  const { pixels } = digitOf(sample);
  const still = stillHtml(stillOf(sample, pixels, await reader.read(pixels), 'en'));
  const json = await readFile(await exportReader(reader, path.join(folder, PAGE_MODEL)), 'utf8');
  const { weightsManifest } = JSON.parse(json) as ModelJson;
  const files = ['model.json', ...weightsManifest.flatMap(({ paths }) => paths)].map((file) => `${PAGE_MODEL}/${file}`);
  const payload = payloadOf({ url: files[0]! }, json, 'en');
  replaceFileSync(path.join(folder, PAGE), pageOf(still, payload, files));
}

/** @param files what the script will request: browsers fetch it while they read the page */
function pageOf(still: string, payload: Payload, files: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Draw a digit</title>
<link rel="icon" href="data:,">
${files.map((file) => `<link rel="preload" as="fetch" href="${file}" crossorigin>`).join('\n')}
<style>
:root { color-scheme: light dark; }
:root { background: Canvas; color: CanvasText; }
body { max-width: 720px; margin: 16px auto; padding: 0 16px; font: 16px/1.4 system-ui, sans-serif; }
img { max-width: 100%; height: auto; }
</style>
<body class="tf-mechanics-page">
<h1>Draw a digit</h1>
<p>A neural network reads it while you draw. It runs in this page: nothing of what you draw leaves it.</p>
<main id="pad">${still}</main>
<script>${pageCode('padPage')}
tfMechanicsPad.show(document.getElementById('pad'),${pageJson(payload)})</script>
`;
}
