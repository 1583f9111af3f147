/** `tf-mechanics setup`: installs libtensorflow into the user's cache. */
import { Command } from 'commander';
import { importSetup } from '../../shared/imports.cjs';

export function setupCommand(): Command {
  return new Command('setup')
    .description("install libtensorflow in your cache (207 MB, once, with Python's pip), and test it")
    .option('--from <path>', 'use this folder, wheel or archive instead of downloading')
    .option('--force', 'even if it is already there')
    .allowExcessArguments(false)
    .action(setup);
}

async function setup({ from, force }: { from?: string; force?: boolean }): Promise<void> {
  const { checkLibrary, getLibtensorflow, Interrupted, interruptibly, presentLibrary, say, whyNeeded } =
    await importSetup();
  try {
    await interruptibly(async () => {
      const reason = from === undefined ? (force ? 'asked for' : whyNeeded()) : `from ${from}`;
      let version: string | undefined;
      if (reason !== undefined) {
        say(`libtensorflow (${reason})`);
        const check = async (folder: string) => {
          version = await checkLibrary(folder);
        };
        await getLibtensorflow({ from, force, check });
      }
      const { folder, place } = presentLibrary()!;
      if (from !== undefined && place !== 'cache') say(`another one is used instead, which ${place} names`);
      if (place !== 'cache' || version === undefined) version = await checkLibrary(folder);
      console.log(`libtensorflow ${version} is ready: ${folder}`);
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
