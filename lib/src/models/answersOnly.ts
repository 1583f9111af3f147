/** Removes from SavedModels what only training needs. */
import path from 'node:path';
import { type MetaGraphDef, SavedModel, VariableDef } from '../protos';
import { readWhole, replaceFile } from '../runtime/files';
import type { Graph } from '../tf/graph/graph';
import { removeDropout } from '../tf/graphUtil/dropout';
import { withCalled } from '../tf/graphUtil/freezing';
import { nodeOf } from '../tf/graphUtil/names';
import { subGraph } from '../tf/graphUtil/subGraph';
import { FILES, KEYS } from '../tf/savedModel/constants';

/**
 * Removes from a SavedModel everything that its signatures don't need, and dropout, which other converters may not
 * support. All variables and their initializers remain.
 *
 * @param graph the graph that was saved
 */
export async function keepAnswersOnly(graph: Graph, folder: string): Promise<void> {
  const file = path.join(folder, FILES.model);
  const model = SavedModel.decode(await readWhole(file));
  for (const metaGraph of model.metaGraphs) reduce(graph, metaGraph);
  await replaceFile(file, SavedModel.encode(model));
}

/** Other collections refer to removed operations, such as summaries. */
const isKept = (key: string) => /variables$/.test(key) || (Object.values(KEYS) as string[]).includes(key);

function reduce(graph: Graph, metaGraph: MetaGraphDef): void {
  const { graphDef, signatureDef, saverDef } = metaGraph;
  if (!graphDef) return;
  metaGraph.collectionDef = Object.fromEntries(Object.entries(metaGraph.collectionDef).filter(([key]) => isKept(key)));
  const collections = Object.entries(metaGraph.collectionDef);
  const variables = collections.flatMap(([key, { bytesList }]) =>
    /variables$/.test(key) ? (bytesList?.value ?? []).map((bytes) => VariableDef.decode(bytes)) : [],
  );
  const names = [
    ...Object.values(signatureDef).flatMap(({ inputs, outputs }) =>
      [...Object.values(inputs), ...Object.values(outputs)].map(({ name }) => name),
    ),
    ...(saverDef ? [saverDef.filenameTensorName, saverDef.saveTensorName, saverDef.restoreOpName] : []),
    ...variables.flatMap(({ variableName, initializerName, snapshotName, initialValueName }) => [
      variableName,
      initializerName,
      snapshotName,
      initialValueName,
    ]),
    ...collections.flatMap(([, { nodeList }]) => nodeList?.value ?? []),
    ...metaGraph.assetFileDef.map(({ tensorInfo }) => tensorInfo?.name),
  ];
  removeDropout(graph, graphDef);
  metaGraph.graphDef = withCalled(
    subGraph(
      graphDef,
      names.flatMap((name) => (name ? [nodeOf(name)] : [])),
    ),
  );
}
