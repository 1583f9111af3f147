/**
 * The set-up commands of the command line: `tf-mechanics setup`, `doctor` and `kernel`. Nothing else of the library is
 * loaded for them.
 */
export { withTemporaryFolder } from './atomic.mjs';
export { checkLibrary } from './check.mjs';
export { Interrupted, interruptibly } from './command.mjs';
export {
  defaultName,
  environmentData,
  findKernel,
  installedNames,
  installedSpec,
  installSpec,
  missingOf,
  specFolder,
  uninstallSpec,
  userData,
} from './kernelSpec.mjs';
export { getLibtensorflow, presentLibrary, whyNeeded } from './libtensorflow.mjs';
export { say } from './progress.mjs';
export { wheelFor } from './wheels.mjs';
