/**
 * The Node flags that a search's processes inherit: loaders and memory limits, but nothing that is specific to one
 * process.
 */

/** Flags that are specific to one process, such as a debugger's port. */
const OWN =
  /^(?:--(?:inspect|debug-port|eval|print|interactive|check|test|watch|run|input-type|build-snapshot|experimental-sea-config)(?:-[\w-]+)?(?:=|$)|-[epicr]*[epic][epicr]*$)/;

/** Those of them whose value is the next word. */
const WITH_VALUE =
  /^(?:--(?:inspect-port|debug-port|inspect-publish-uid|eval|print|run|input-type|test-\w[\w-]*|watch-path|build-snapshot-config|experimental-sea-config)|-p?e|-p)$/;

/** The content of `NODE_OPTIONS` without flags that are specific to one process. */
export function inheritedOptions(options: string): string {
  return options.replace(/(^|\s)--(?:inspect|debug-port)(?:-[\w-]+)?(?:=\S+|\s+[\d.:]+)?(?=\s|$)/g, '').trim();
}

/** The flags of a process, as in `process.execArgv`, to pass to its children. */
export function inheritedExecArgv(words: readonly string[]): string[] {
  const inherited: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!OWN.test(word)) inherited.push(word);
    else if (WITH_VALUE.test(word)) i++;
  }
  return inherited;
}
