/** Scripts and a network out of HTML. */
import type { ExportedReader } from '../answer';
import type { Payload } from '../payload';

/** Scripts as they were. */
export const scriptsOf = ({ scripts }: Payload): Promise<string[]> =>
  Promise.all(scripts.map(async (script) => new Response(unzipped(bytesOf(script))).text()));

function unzipped(bytes: Uint8Array<ArrayBuffer>): ReadableStream {
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The network, from within or from where it is. */
export async function networkOf({ network }: Payload): Promise<ExportedReader> {
  if ('json' in network) return { json: network.json, weights: bytesOf(network.weights).buffer };
  const url = new URL(network.url, document.baseURI);
  const json = await (await fetched(url)).text();
  const { weightsManifest } = JSON.parse(json) as { weightsManifest: { paths: string[] }[] };
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(files.map(async (file) => (await fetched(new URL(file, url))).arrayBuffer()));
  return { json, weights: await new Blob(parts).arrayBuffer() };
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`there is no ${url.pathname}: ${response.status} ${response.statusText}`);
  return response;
}
