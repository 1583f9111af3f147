// In a process of its own: it changes the environment of the whole process.
import { describe, expect, it, vi } from 'vitest';
import { koffi } from './koffi';
import { prepareEnvironment } from './nativeEnvironment';

const NAME = 'TF_ENABLE_ONEDNN_OPTS';

/** What native code sees. */
const seen = () => koffi().load(null).func<string | null>('const char *getenv(const char *)')(NAME);

describe.runIf(process.arch === 'x64' && process.platform !== 'win32')("oneDNN's operations", () => {
  it('are asked for where nobody has said anything', () => {
    vi.stubEnv(NAME, undefined);
    koffi().load(null).func('int unsetenv(const char *)')(NAME);
    prepareEnvironment();
    expect(seen()).toBe('1');
  });

  it('stay off for who has turned them off', () => {
    vi.stubEnv(NAME, '0');
    prepareEnvironment();
    expect(seen()).toBe('0');
  });
});
