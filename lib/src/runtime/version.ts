/** The version of the library. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this library. */
export function ownVersion(): string {
  return JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')).version;
}
