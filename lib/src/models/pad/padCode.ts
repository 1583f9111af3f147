/** Scripts of pads for the page, and what of them goes into HTML. */
import { gzipSync } from 'node:zlib';
import { pageCode } from '../../notebook/widgets/pageCode';
import { canExecute } from './executor/executor';
import type { NetworkBeside, NetworkWithin, Payload } from './payload';
import type { PadLanguage } from './words';

let zipped: string | undefined;

/** A pad in HTML with its scripts: TensorFlow.js is among them, 170 kB of text, only where the network needs it. */
export function payloadOf(network: NetworkWithin | NetworkBeside, json: string, language: PadLanguage): Payload {
  const preparation = pageCode('padPreparation');
  if (canExecute(json)) return { language, preparation, network };
  zipped ??= gzipSync(pageCode('padNetwork'), { level: 9 }).toString('base64');
  return { language, preparation, network: { ...network, zippedScript: zipped } };
}
