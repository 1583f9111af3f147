/** Pads in HTML that needs nothing else: the scripts are within, and the network is, or stands beside. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Still, stillHtml } from '../../notebook/figure/html';
import { pageJson } from '../../notebook/figure/json';
import { pageCode } from '../../notebook/widgets/pageCode';
import { escapeHtml } from '../../runtime/html';
import { exportGraphModel } from '../../tf/tfjs';
import type { DigitReader } from './digitReader';
import { workerScripts } from './padCode';
import type { Payload } from './payload';

/** Writes the network that a pad asks, for TensorFlow.js; see {@link exportGraphModel}. */
export function exportReader({ session, images, logits, layers }: DigitReader, dir: string): Promise<string> {
  const features = Object.fromEntries(layers.map((layer, i) => [`layer${String(i).padStart(3, '0')}`, layer]));
  return exportGraphModel(session, { logits, ...features }, dir, {
    inputs: { images },
    quantization: 'float16', // half the size, and no bar is seen to be another
  });
}

/** The network of a pad as a text for its HTML. */
export async function networkWithin(reader: DigitReader): Promise<Payload['network']> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tf-mechanics-pad-'));
  try {
    const json = await readFile(await exportReader(reader, folder), 'utf8');
    const { weightsManifest } = JSON.parse(json) as { weightsManifest: { paths: string[] }[] };
    const files = weightsManifest.flatMap(({ paths }) => paths);
    const weights = await Promise.all(files.map((file) => readFile(path.join(folder, file))));
    return { json, weights: Buffer.concat(weights).toString('base64') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** HTML that is the still until its script has put the pad there. */
export function padHtml(id: string, network: Payload['network'], still: Still): string {
  const payload: Payload = { scripts: workerScripts(), network };
  return `<div id="${escapeHtml(id)}">${stillHtml(still)}</div><script>(()=>{let e=document.currentScript?.previousElementSibling,i=${pageJson(id)};
if(e?.id!=i)e=document.getElementById(i);
${pageCode('padPage')}
tfMechanicsPad.show(e,${pageJson(payload)})})()</script>`;
}
