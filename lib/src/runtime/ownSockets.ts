/**
 * The sockets that libtensorflow opened in this process. gRPC listens on every network interface, whatever address it
 * was given, and never stops. Linux lists a process's sockets, and lets the process do with them what libtensorflow
 * doesn't.
 *
 * @see man 5 proc_net, man 7 socket (`SO_ATTACH_FILTER`), man 7 epoll
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { capi } from './capi';
import { koffi } from './koffi';

/** Socket states, as in `/proc/net/tcp`. */
const [ESTABLISHED, LISTENING] = ['01', '0A'];

interface Socket {
  readonly state: string;
  readonly port: number;
  readonly peerPort: number;
  /** The remote address in the kernel's format: hexadecimal, in words of the machine's byte order. */
  readonly peer: string;
  readonly inode: string;
}

/** All TCP sockets of this machine, including those of other processes and those not yet accepted. */
function allSockets(): Socket[] {
  return ['tcp', 'tcp6'].flatMap((table) => {
    const file = `/proc/self/net/${table}`;
    if (table === 'tcp6' && !existsSync(file)) return []; // a kernel without IPv6
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    return lines.map((line) => {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/) as string[];
      const [peer, peerPort] = remote!.split(':') as [string, string];
      const port = Number.parseInt(local!.split(':')[1]!, 16);
      return { state: state!, port, peer, peerPort: Number.parseInt(peerPort, 16), inode: inode! };
    });
  });
}

/** The sockets with a local port. */
const socketsAt = (port: number): Socket[] => allSockets().filter((socket) => socket.port === port);

/** The open descriptors of this process, with their targets: `socket:[INODE]`. */
function ownDescriptors(): { readonly descriptor: number; readonly what: string }[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [{ descriptor: Number(name), what: readlinkSync(`/proc/self/fd/${name}`) }];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** The sockets that belong to this process. */
function own(sockets: readonly Socket[]): (Socket & { readonly descriptor: number })[] {
  if (sockets.length === 0) return [];
  const descriptors = new Map(ownDescriptors().map(({ descriptor, what }) => [what, descriptor]));
  return sockets.flatMap((socket) => {
    const descriptor = descriptors.get(`socket:[${socket.inode}]`);
    return descriptor === undefined ? [] : [{ ...socket, descriptor }];
  });
}

/** Whether something listens on a port of this machine, according to the system. */
export function isListenedAt(port: number): boolean {
  try {
    return socketsAt(port).some(({ state }) => state === LISTENING);
  } catch {
    return false;
  }
}

/** Whether this process is connected to a port of any machine; undefined if the system doesn't tell. */
export function isConnectedTo(port: number): boolean | undefined {
  try {
    return own(allSockets().filter(({ state, peerPort }) => state === ESTABLISHED && peerPort === port)).length > 0;
  } catch {
    return undefined;
  }
}

/** The result of {@link keepToThisMachine}. */
export type Confinement = 'confined' | 'not possible here' | 'a stranger was faster';

/**
 * Restricts this process's listening sockets on a port to connections from this machine, through the loopback
 * interface. The kernel drops everything else, as if nobody listened; connections inherit the filter.
 */
export function keepToThisMachine(port: number): Confinement {
  if (process.platform !== 'linux') return 'not possible here';
  try {
    const listening = own(socketsAt(port)).filter(({ state }) => state === LISTENING);
    if (listening.length === 0 || !listening.every(({ descriptor }) => attachFilter(descriptor)))
      return 'not possible here';
    return socketsAt(port).some(({ state, peer }) => state === ESTABLISHED && !isLoopback(peer))
      ? 'a stranger was faster'
      : 'confined';
  } catch {
    return 'not possible here'; // no /proc, or it doesn't list this process's sockets
  }
}

function attachFilter(descriptor: number): boolean {
  const { malloc, memcpy, free } = capi();
  const setOption = koffi().load(null).func('int setsockopt(int, int, int, void *, uint)');
  const instructions = malloc(FILTER.byteLength)!;
  try {
    memcpy(instructions, FILTER, FILTER.byteLength);
    // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
    const program = BigInt64Array.of(BigInt(FILTER.byteLength / 8), instructions);
    return setOption(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program, program.byteLength) === 0;
  } finally {
    free(instructions); // the kernel has made a copy
  }
}

const [SOL_SOCKET, SO_ATTACH_FILTER] = [1, 26];

/**
 * A classic BPF program that accepts packets from 127.0.0.0/8 and ::1. Offsets are relative to the IP header
 * (`SKF_NET_OFF`), whose first four bits are the version: an IPv6 socket receives IPv4 packets too.
 */
const FILTER = (() => {
  const NETWORK = 0xfff00000; // SKF_NET_OFF, -0x100000
  const [loadByte, loadWord, and, ifEqual, giveBack] = [0x30, 0x20, 0x54, 0x15, 0x06];
  /** The operands of `ifEqual`: how many instructions to skip if it holds, and if not. */
  const instructions: readonly (readonly [code: number, value: number, then?: number, otherwise?: number])[] = [
    [loadByte, NETWORK],
    [and, 0xf0],
    [ifEqual, 0x40, 0, 2],
    [loadByte, NETWORK + 12], // the IPv4 source address
    [ifEqual, 127, 9, 10],
    [ifEqual, 0x60, 0, 9],
    [loadWord, NETWORK + 8], // the IPv6 source address
    [ifEqual, 0, 0, 7],
    [loadWord, NETWORK + 12],
    [ifEqual, 0, 0, 5],
    [loadWord, NETWORK + 16],
    [ifEqual, 0, 0, 3],
    [loadWord, NETWORK + 20],
    [ifEqual, 1, 0, 1],
    [giveBack, 0xffffffff],
    [giveBack, 0],
  ];
  // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8));
  for (const [i, [code, value, then = 0, otherwise = 0]] of instructions.entries()) {
    bytes.setUint16(i * 8, code, true);
    bytes.setUint8(i * 8 + 2, then);
    bytes.setUint8(i * 8 + 3, otherwise);
    bytes.setUint32(i * 8 + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
})();

/**
 * Whether an address in `/proc/net/tcp` (or `tcp6`) is in 127.0.0.0/8, ::1, or an IPv4 loopback address in IPv6 form.
 */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F');
  return address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address);
}

/**
 * Closes everything that this process has on a port: listening sockets and connections. The owners of the sockets only
 * notice that the connections are gone.
 *
 * @returns whether it was possible
 */
export function endSocketsAt(port: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const libc = koffi().load(null);
    const shutdown = libc.func('int shutdown(int, int)');
    const sockets = own(socketsAt(port));
    for (const { descriptor } of sockets.filter(({ state }) => state === LISTENING)) unlisten(descriptor);
    for (const { descriptor } of own(socketsAt(port))) shutdown(descriptor, SHUT_RDWR);
    return sockets.some(({ state }) => state === LISTENING);
  } catch {
    return false;
  }
}

const SHUT_RDWR = 2;
const EPOLL_CTL_DEL = 2;
const O_CLOEXEC = 0o2000000;

/**
 * Closes a socket that another event loop polls. It is removed from the loop first, which would otherwise treat its end
 * as an error. Its descriptor stays occupied by something that never becomes ready, because the owner still believes it
 * owns it.
 */
function unlisten(descriptor: number): void {
  const libc = koffi().load(null);
  const control = libc.func('int epoll_ctl(int, int, int, void *)');
  const replace = libc.func('int dup3(int, int, int)');
  for (const { descriptor: loop, what } of ownDescriptors())
    if (what === 'anon_inode:[eventpoll]') control(loop, EPOLL_CTL_DEL, descriptor, new Uint8Array(16));
  const nothing = openSync('/dev/null', 'r');
  try {
    replace(nothing, descriptor, O_CLOEXEC);
  } finally {
    closeSync(nothing);
  }
}
