/** Event files: writing them, and reading them back. */
export type { AudioOptions } from './audio';
export type { EmbeddingOptions } from './embedding';
export { FileWriter, type FileWriterOptions } from './fileWriter';
export type { HParams, HParamsOptions } from './hparams';
export type { ImageOptions } from './images';
export type { Classified, PrCurveOptions } from './prCurve';
export { type EventFileDamage, EventReader, readEvents } from './readEvents';
export { readScalars, type ScalarEvent } from './readScalars';
export type { Text } from './text';
