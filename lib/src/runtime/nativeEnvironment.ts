/**
 * The C library's environment, which is the one that libtensorflow sees. `process.env` may be a copy of it: in worker
 * threads, in test runners, in Bun.
 */
import { koffi } from './koffi';

/**
 * Defaults for variables that the user hasn't set: log only errors; use thread pools per session, because otherwise the
 * process's first session determines the number of threads of all later ones; enable oneDNN's operations, which
 * libtensorflow disables on x86 processors without neural network instructions, such as AMD's before 2022, although
 * convolutions take nearly twice as long without.
 */
const DEFAULTS = {
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_OVERRIDE_GLOBAL_THREADPOOL: '1',
  ...(process.arch === 'x64' && { TF_ENABLE_ONEDNN_OPTS: '1' }),
};

/**
 * Sets the variables that libtensorflow reads when it is loaded, by us or by the addon of tfjs-node. The environment of
 * this thread takes precedence, then that with which the process was started.
 *
 * @returns the minimum severity to log
 */
export function prepareEnvironment(): { readonly logLevel: number } {
  const libc = process.platform === 'win32' ? undefined : koffi().load(null);
  const get = libc?.func<string | null>('const char *getenv(const char *)');
  const set = libc?.func('int setenv(const char *, const char *, int)');
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const known = get?.(name);
    const wanted = process.env[name] ?? known ?? value;
    process.env[name] = wanted;
    // Only if necessary: other threads may be reading the environment.
    if (known !== wanted) set?.(name, wanted, 1);
  }
  const proxies = ['grpc_proxy', 'https_proxy', 'http_proxy'].some((name) => process.env[name] ?? get?.(name));
  if (proxies) {
    const others = process.env.no_grpc_proxy ?? get?.('no_grpc_proxy') ?? process.env.no_proxy ?? get?.('no_proxy');
    const value = [others, ...THIS_MACHINE].filter(Boolean).join(',');
    set?.('no_grpc_proxy', value, 1);
  }
  return { logLevel: Number(process.env.TF_CPP_MIN_LOG_LEVEL) };
}

/** Addresses for which gRPC must not use a proxy: this machine. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];
