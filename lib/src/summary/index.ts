/** Event files: writing them, and reading them back. */
export { FileWriter, type FileWriterOptions } from './fileWriter';
export { type EventFileDamage, EventReader, readEvents } from './readEvents';
export { readScalars, type ScalarEvent } from './readScalars';
