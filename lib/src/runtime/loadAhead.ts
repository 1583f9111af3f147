/**
 * Has another thread load libtensorflow when this module is imported: that takes as long as it takes Node to read the library's own modules,
 * and neither needs the other. The first call of `capi` waits for what is left of it, since the linker loads one library at a time.
 *
 * Only where it is found at once, and where nothing can be in its way: in the process's first thread, and where tfjs-node would
 * not bring a libtensorflow of its own.
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
