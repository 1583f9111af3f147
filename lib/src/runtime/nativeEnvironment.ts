/**
 * The C library's environment, which is the one that libtensorflow sees. `process.env` may be a copy of it: in worker
 * threads, in test runners, in Bun.
 */
import { koffi } from './koffi';

/**
 * What is set where the user has set nothing: silence but for errors, and thread pools that belong to a session, since otherwise the
 * process's first session decides how many threads every later one has. And oneDNN's operations: libtensorflow leaves them off on x86
 * processors that lack the instructions for neural networks, such as AMD's before 2022, where convolutions take nearly twice the time without.
 */
const DEFAULTS = {
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_OVERRIDE_GLOBAL_THREADPOOL: '1',
  ...(process.arch === 'x64' && { TF_ENABLE_ONEDNN_OPTS: '1' }),
};

/**
 * Sets what libtensorflow reads when it is loaded, by us or by the addon of tfjs-node. What this thread says comes first, then what the
 * process was started with.
 *
 * @returns the least severe messages that it is to log
 */
export function prepareEnvironment(): { readonly logLevel: number } {
  const libc = process.platform === 'win32' ? undefined : koffi().load(null);
  const get = libc?.func<string | null>('const char *getenv(const char *)');
  const set = libc?.func('int setenv(const char *, const char *, int)');
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const known = get?.(name);
    const wanted = process.env[name] ?? known ?? value;
    process.env[name] = wanted;
    // Not without need: other threads may be reading the environment.
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

/** What gRPC would ask a proxy for that is none of its business: servers of this machine. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];
