/** Extracts scripts and the network from HTML. */
import { bytesOf, unzipped } from '../../../notebook/page/unzipped';
import type { ExportedReader } from '../answer';
import { modelOf } from '../exportedModel';
import type { Payload } from '../payload';

/** The worker's scripts. */
export function scriptsOf({ preparation, network: { zippedScript } }: Payload): string[] | Promise<string[]> {
  if (zippedScript === undefined) return [preparation]; // immediately
  return unzipped(zippedScript)
    .text()
    .then((script) => [script, preparation]);
}

/** The network, embedded or fetched. */
export async function networkOf({ network }: Payload): Promise<ExportedReader> {
  if ('json' in network) return { json: network.json, weights: bytesOf(network.weights).buffer };
  const url = new URL(network.url, document.baseURI);
  const json = await (await fetched(url)).text();
  const { weightsManifest } = modelOf(json);
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(files.map(async (file) => (await fetched(new URL(file, url))).arrayBuffer()));
  return { json, weights: parts.length === 1 ? parts[0]! : await new Blob(parts).arrayBuffer() };
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`there is no ${url.pathname}: ${response.status} ${response.statusText}`);
  return response;
}
