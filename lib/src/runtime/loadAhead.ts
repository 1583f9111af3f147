/**
 * Loads libtensorflow in another thread as soon as this module is imported. Loading takes as long as importing the
 * library's own modules, and the two are independent. The first call of `capi` waits for the rest, because the linker
 * loads one library at a time.
 *
 * This happens only if libtensorflow is found immediately and nothing can interfere: in the main thread, and where
 * tfjs-node doesn't bring its own libtensorflow.
 */
import { realpathSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { type Library, libraryIn, locate, places } from '../../shared/libraryPlaces.cjs';
import type { Pointer } from './capi';
import { giveBackWhatLoadingRead } from './freedMemory';
import { koffi } from './koffi';
import { keepingFlags, leaveWithoutDestructors } from './lifetime';
import { prepareEnvironment } from './nativeEnvironment';
import { callInThread, hasNativeThreads, waitForReturns } from './nativeThreads';

/** `RTLD_LAZY | RTLD_NOLOAD`: `dlopen` returns a library only if it is already loaded. */
const IF_LOADED = 0x1 | 0x4;

let begun: Library | undefined;

/** The libtensorflow that is being loaded or has been loaded; a process can't have another one. */
export function libraryLoadedAhead(): Library | undefined {
  return begun;
}

if (isMainThread && hasNativeThreads()) begun = begin();

function begin(): Library | undefined {
  const library = libraryAtHand();
  const libc = koffi().load(null);
  const loaded = libc.func<Pointer | null>('void *dlopen(const char *, int)');
  // Test runners import all modules again for each of their files.
  if (library === undefined || loaded(library.main, IF_LOADED)) return undefined;
  prepareEnvironment();
  const dlopen = libc.func<Pointer>('void *dlsym(void *, const char *)')(null, 'dlopen');
  const file = libc.func<Pointer>('void *strdup(const char *)')(library.main);
  let state: 'loading' | 'loaded' | 'ending' = 'loading';
  const onLoaded = () => {
    if (state === 'loading') giveBackWhatLoadingRead(libc, library);
    state = 'loaded';
  };
  // Its constructors register exit handlers; `leaveWithoutDestructors` must register after them.
  process.on('exit', () => {
    while (state !== 'loaded') {
      state = 'ending';
      waitForReturns(1000);
    }
  });
  leaveWithoutDestructors(libc);
  callInThread(dlopen, [file, keepingFlags.linux!], onLoaded).abandon();
  return library;
}

/** The libtensorflow to use, if it can be found without asking Python, and no other one can get into this process. */
function libraryAtHand(): Library | undefined {
  const library = locate(places.filter(({ name }) => name !== 'Python'))?.library;
  const tfjs = places.find(({ name }) => name === 'tfjs-node')?.folder();
  const another = tfjs && libraryIn(tfjs);
  return library && another && realpathSync(another.main) !== realpathSync(library.main) ? undefined : library;
}
