/** Pads in self-contained HTML: the scripts are embedded; the network is embedded or in files next to it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Still, stillHtml } from '../../notebook/figure/html';
import { pageJson } from '../../notebook/figure/json';
import { pageCode } from '../../notebook/widgets/pageCode';
import { escapeHtml } from '../../runtime/html';
import { exportGraphModel } from '../../tf/tfjs';
import type { DigitReader } from './digitReader';
import { payloadOf } from './padCode';
import type { NetworkWithin } from './payload';
import type { PadLanguage } from './words';

/**
 * Exports the network of a pad for TensorFlow.js; see {@link exportGraphModel}.
 *
 * @param quantization with `float16`, weights take half the space, without a visible difference
 */
export function exportReader(
  { session, images, logits, layers }: DigitReader,
  dir: string,
  quantization: 'float16' | 'uint8' = 'float16',
): Promise<string> {
  const features = Object.fromEntries(layers.map((layer, i) => [`layer${String(i).padStart(3, '0')}`, layer]));
  return exportGraphModel(session, { logits, ...features }, dir, {
    inputs: { images },
    quantization,
  });
}

/**
 * The size of weights in bytes from which a notebook's output stores them with a byte each, to keep notebooks small.
 */
const LARGE = 300_000;

/** The network of a pad as text for its HTML. */
export async function networkWithin(reader: DigitReader): Promise<NetworkWithin> {
  const { json, weights } = await exported(reader, 'float16');
  const small = weights.length < LARGE ? { json, weights } : await exported(reader, 'uint8');
  return { json: small.json, weights: small.weights.toString('base64') };
}

async function exported(reader: DigitReader, quantization: 'float16' | 'uint8') {
  const folder = await mkdtemp(path.join(tmpdir(), 'tf-mechanics-pad-'));
  try {
    const json = await readFile(await exportReader(reader, folder, quantization), 'utf8');
    const { weightsManifest } = JSON.parse(json) as { weightsManifest: { paths: string[] }[] };
    const files = weightsManifest.flatMap(({ paths }) => paths);
    const weights = await Promise.all(files.map((file) => readFile(path.join(folder, file))));
    return { json, weights: Buffer.concat(weights) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** HTML that contains the still until its script replaces it by the pad. */
export function padHtml(id: string, network: NetworkWithin, still: Still, language: PadLanguage): string {
  const payload = payloadOf(network, network.json, language);
  return `<div id="${escapeHtml(id)}">${stillHtml(still)}</div><script>(()=>{let e=document.currentScript?.previousElementSibling,i=${pageJson(id)};
if(e?.id!=i)e=document.getElementById(i);
${pageCode('padPage')}
tfMechanicsPad.show(e,${pageJson(payload)})})()</script>`;
}
