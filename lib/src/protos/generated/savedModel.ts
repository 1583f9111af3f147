/**
 * A saved model: graphs with what they take and give, in a folder with the values of their variables and the files they read.
 *
 * Made by `npm run protos` from lib/protos/saved_model.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { MetaGraphDef } from './metaGraph';

/** The file `saved_model.pb` of the folder. */
export interface SavedModel {
  savedModelSchemaVersion: number;
  /** Each with tags of its own, by which it is chosen. */
  metaGraphs: MetaGraphDef[];
}
export const SavedModel: Codec<SavedModel> = codec('SavedModel');
