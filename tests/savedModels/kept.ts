/** A few models that Python's TensorFlow has saved, for tests without Python. keep.py puts them into models.json. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { tf } from '../../lib/src';

/** What a model has given in Python. */
export interface KeptAnswer {
  tags: string[];
  signature: string;
  feeds: Record<string, tf.savedModel.SignatureInput>;
  values: Record<string, unknown>;
}

interface KeptModel {
  files: Record<string, string>;
  answers: KeptAnswer[];
  /** What `saved_model_cli show --all` prints of it. */
  shown: string;
}

/** That with operations in their order: Python prints a set. */
export const inOrder = (shown: string) =>
  shown.replace(/ops: \{(.*)\}/g, (_, types: string) => `ops: {${types.split(', ').sort().join(', ')}}`);

const text = readFileSync(path.join(__dirname, 'models.json'), 'utf8');

export const kept = JSON.parse(text) as Readonly<Record<string, KeptModel>>;

/** Writes the files of a model into a folder. */
export function unpack(name: string, folder: string): string {
  for (const [file, packed] of Object.entries(kept[name]!.files)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, gunzipSync(Buffer.from(packed, 'base64')));
  }
  return folder;
}
