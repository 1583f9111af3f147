/** The scripts of pads, for the page and for HTML. */
import { gzipSync } from 'node:zlib';
import { pageCode } from '../../notebook/widgets/pageCode';
import { canExecute } from './executor/executor';
import type { NetworkBeside, NetworkWithin, Payload } from './payload';
import type { PadLanguage } from './words';

let zipped: string | undefined;

/** A pad for HTML, including its scripts. TensorFlow.js, 170 kB of text, is included only if the network needs it. */
export function payloadOf(network: NetworkWithin | NetworkBeside, json: string, language: PadLanguage): Payload {
  const preparation = pageCode('padPreparation');
  if (canExecute(json)) return { language, preparation, network };
  zipped ??= gzipSync(pageCode('padNetwork'), { level: 9 }).toString('base64');
  return { language, preparation, network: { ...network, zippedScript: zipped } };
}
