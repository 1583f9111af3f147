/** Finds libtensorflow on this machine. `shared/libraryPlaces.cjs` lists the places to search, in order. */
import { cacheFolder, type Library, linkIn, locate, mainNames, namedFolder } from '../../shared/libraryPlaces.cjs';
import { NotFoundError } from './errors';

/**
 * Finds the libtensorflow to use.
 *
 * @throws {NotFoundError} when there is none; the message lists the searched places and says how to get one
 */
export function locateLibrary(): Library {
  const found = locate();
  if (found) return found.library;
  const named = namedFolder();
  if (named !== undefined)
    throw new NotFoundError(
      `TF_MECHANICS_LIBTENSORFLOW names ${named}, but that folder holds no libtensorflow (${mainNames[0]})`,
    );
  const cache =
    linkIn(cacheFolder()) ?? 'a cache (there is no home folder: set HOME, or TF_MECHANICS_CACHE to a folder)';
  throw new NotFoundError(
    `libtensorflow was not found: not in ${cache}, not in @tensorflow/tfjs-node, and no Python here has TensorFlow. ` +
      'To fetch it run: npx tf-mechanics setup. Or set TF_MECHANICS_LIBTENSORFLOW to a folder that holds it ' +
      '(the tensorflow folder of a Python installation does)',
  );
}
