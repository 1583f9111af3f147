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

/** `RTLD_LAZY | RTLD_NOLOAD`: `dlopen` gives what has been loaded, and loads nothing. */
const IF_LOADED = 0x1 | 0x4;

let begun: Library | undefined;

/** The libtensorflow that is being loaded, or has been: a process can have no other. */
export function libraryLoadedAhead(): Library | undefined {
  return begun;
}

if (isMainThread && hasNativeThreads()) begun = begin();

function begin(): Library | undefined {
  const library = libraryAtHand();
  const libc = koffi().load(null);
  const loaded = libc.func<Pointer | null>('void *dlopen(const char *, int)');
  // Test runners import everything anew for each of their files.
  if (library === undefined || loaded(library.main, IF_LOADED)) return undefined;
  prepareEnvironment();
  const dlopen = libc.func<Pointer>('void *dlsym(void *, const char *)')(null, 'dlopen');
  const file = libc.func<Pointer>('void *strdup(const char *)')(library.main);
  let state: 'loading' | 'loaded' | 'ending' = 'loading';
  const onLoaded = () => {
    if (state === 'loading') giveBackWhatLoadingRead(libc, library);
    state = 'loaded';
  };
  // Its constructors register what is to happen at an end: `leaveWithoutDestructors` has to come after them.
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

/** The libtensorflow to use, where that is known without asking Python, and no other could come into this process. */
function libraryAtHand(): Library | undefined {
  const library = locate(places.filter(({ name }) => name !== 'Python'))?.library;
  const tfjs = places.find(({ name }) => name === 'tfjs-node')?.folder();
  const another = tfjs && libraryIn(tfjs);
  return library && another && realpathSync(another.main) !== realpathSync(library.main) ? undefined : library;
}
