/** Lists folders. */
import { readdirSync } from 'node:fs';

/** The names in a folder; empty if it doesn't exist or can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
