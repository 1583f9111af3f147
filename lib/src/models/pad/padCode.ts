/** Scripts of pads for the page, and what of them goes into HTML. */
import { gzipSync } from 'node:zlib';
import { pageCode } from '../../notebook/widgets/pageCode';

const zipped = new Map<string, string>();

/** A script, small: by gzip, in base64. */
function packed(name: 'padNetwork' | 'padPreparation'): string {
  let text = zipped.get(name);
  if (text === undefined) {
    text = gzipSync(pageCode(name), { level: 9 }).toString('base64');
    zipped.set(name, text);
  }
  return text;
}

/** The scripts of a worker that prepares drawings and has a network that reads them. */
export const workerScripts = (): readonly string[] => [packed('padNetwork'), packed('padPreparation')];
