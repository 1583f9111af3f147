import { cpSync } from 'node:fs';
import { readOfflineSubset } from '../../lib/src/data/offlineSubset';
import { madeOnce } from './madeOnce';

/**
 * Gives a folder of data the digits that are there without a network, as the library keeps them. It would make them itself, in each folder
 * anew, which takes most of a second.
 */
export async function giveOfflineDigits(folder: string): Promise<void> {
  const made = await madeOnce('digits', async (empty) => {
    await readOfflineSubset(empty, { packageFolders: [__dirname] });
  });
  cpSync(made, folder, { recursive: true });
}
