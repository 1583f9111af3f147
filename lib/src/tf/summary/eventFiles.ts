/**
 * Writes and reads event files. The package exports this module as `tf-mechanics/summary`; it loads neither
 * libtensorflow nor anything that calls it.
 */
export { Event, SessionLog, Summary, TaggedRunMetadata } from '../../protos';
export type { AudioFile, AudioOptions } from './audio';
export type { EmbeddingOptions } from './embedding';
export { FileWriter, type FileWriterOptions } from './fileWriter';
export { FileWriterCache } from './fileWriterCache';
export type { Histogram } from './histogram';
export { type HParams, type HParamsOptions, readHParams } from './hparams';
export type { ImageFile, ImageOptions } from './images';
export type { Classified, PrCurveOptions } from './prCurve';
export { type EventFileDamage, EventReader, type ReadEventsOptions, readEvents } from './readEvents';
export {
  type ReadSummariesOptions,
  readScalars,
  readSummaries,
  type ScalarEvent,
  type SummaryEvent,
  type SummaryKinds,
} from './readSummaries';
export type { Text, TextValue } from './text';
