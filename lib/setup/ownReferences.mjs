/**
 * Resolves what libtensorflow refers to of its own by names. Its two files ask the linker for 300,000 of their own functions and tables, at each start of
 * a program anew: that takes longer than all else that loading does. And the linker looks for a name in the program first: Node has OpenSSL,
 * libtensorflow BoringSSL, many of whose functions have the same names, so what read from `gs://` called some of Node's, and no
 * connection came about.
 *
 * So a reference by name becomes one by address, as if the files had been linked by `-Bsymbolic`. Two kinds stay as they are. What a file
 * doesn't define itself: the streams of C++, say, of which a program may have the only copy that is in use. And what both files define in C++: they share
 * static variables, and have to go on doing so, the main file's.
 *
 * @see the System V ABI, "Object Files" and "Program Loading and Dynamic Linking", and its supplement for AMD64, "Relocation"; `elf.h`
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Kinds of sections: references, and the symbols of the linker. */
const SECTION = { references: 4, symbols: 11 };
/** The linker reads what is loaded. */
const IS_LOADED = 2;
/** The undefined section, and from where on numbers are no sections. */
const UNDEFINED = 0;
const FIRST_RESERVED = 0xff00;
/** Symbols of other kinds than a function, data and what has no kind stand for something else than their address. */
const ADDRESSES = [0, 1, 2];
/** How symbols are bound that are one in the whole process, whoever defines them. */
const UNIQUE = 10;
/** Kinds of references on AMD64: the address plus an addend, the address, a function's, and the file's own address plus an addend. */
const REFERENCE = { address: 1, data: 6, function: 7, own: 8 };
/** All entries of the tables that are read here, but for sections. */
const ENTRY = 24;
const SECTION_ENTRY = 64;

/**
 * Changes the files of a libtensorflow for Linux on AMD64 that nobody has loaded yet.
 *
 * @param library its files
 * @returns how many references were resolved
 */
export function resolveOwnReferences({ main, framework }) {
  const mains = withFile(main, (file) => ({
    names: new Set(file.definitions().filter((name) => name.startsWith('_Z'))), // names of C++
    count: file.resolve(() => true),
  }));
  if (framework === undefined) return mains.count;
  return mains.count + withFile(framework, (file) => file.resolve((name) => !mains.names.has(name)));
}

function withFile(name, work) {
  const descriptor = openSync(name, 'r+');
  try {
    const result = work(new SharedObject(name, descriptor));
    fsyncSync(descriptor);
    return result;
  } finally {
    closeSync(descriptor);
  }
}

class SharedObject {
  #descriptor;
  #sections;
  #symbols;
  #names;

  constructor(name, descriptor) {
    this.#descriptor = descriptor;
    const header = this.#read({ offset: 0, size: 64 });
    const isOurs = header.latin1Slice(0, 5) === '\x7fELF\x02' && header.readUInt16LE(18) === 62;
    if (!isOurs) throw new Error(`${name} is no shared object for AMD64`);
    const size = SECTION_ENTRY * header.readUInt16LE(60);
    const sections = this.#read({ offset: number(header, 40), size });
    this.#sections = [...entriesOf(sections, SECTION_ENTRY)].map((entry) => ({
      type: entry.readUInt32LE(4),
      isLoaded: (number(entry, 8) & IS_LOADED) !== 0,
      offset: number(entry, 24),
      size: number(entry, 32),
      link: entry.readUInt32LE(40),
    }));
    const symbols = this.#sections.find(({ type }) => type === SECTION.symbols);
    this.#symbols = this.#read(symbols);
    this.#names = this.#read(this.#sections[symbols.link]);
  }

  /** The names of what the file defines. */
  definitions() {
    const names = [];
    for (const symbol of entriesOf(this.#symbols, ENTRY)) if (isDefined(symbol)) names.push(this.#nameOf(symbol));
    return names;
  }

  /** Resolves references to what the file defines under names that `isOwn` says yes to, and gives their number. */
  resolve(isOwn) {
    const addressOf = (index) => {
      const symbol = this.#symbolAt(index);
      if (isDefined(symbol) && isAddress(symbol) && isOwn(this.#nameOf(symbol))) return symbol.readBigInt64LE(8);
    };
    let count = 0;
    for (const section of this.#sections.filter(({ type, isLoaded }) => type === SECTION.references && isLoaded)) {
      const bytes = this.#read(section);
      for (const reference of entriesOf(bytes, ENTRY)) {
        const [type, symbol] = [reference.readUInt32LE(8), reference.readUInt32LE(12)];
        const isAdded = type === REFERENCE.address;
        if (!isAdded && type !== REFERENCE.data && type !== REFERENCE.function) continue;
        const address = addressOf(symbol);
        if (address === undefined) continue;
        reference.writeUInt32LE(REFERENCE.own, 8);
        reference.writeUInt32LE(0, 12);
        reference.writeBigInt64LE(address + (isAdded ? reference.readBigInt64LE(16) : 0n), 16);
        count++;
      }
      this.#write(section, bytes);
    }
    return count;
  }

  #symbolAt(index) {
    return this.#symbols.subarray(index * ENTRY, (index + 1) * ENTRY);
  }

  #nameOf(symbol) {
    const begin = symbol.readUInt32LE(0);
    return this.#names.latin1Slice(begin, this.#names.indexOf(0, begin));
  }

  #read({ offset, size }) {
    const bytes = Buffer.alloc(size);
    for (let done = 0; done < size; ) {
      const read = readSync(this.#descriptor, bytes, done, size - done, offset + done);
      if (read === 0) throw new Error('the file ends where its tables should be');
      done += read;
    }
    return bytes;
  }

  #write({ offset, size }, bytes) {
    for (let done = 0; done < size; ) done += writeSync(this.#descriptor, bytes, done, size - done, offset + done);
  }
}

const number = (bytes, offset) => Number(bytes.readBigUInt64LE(offset));

function* entriesOf(bytes, size) {
  for (let begin = 0; begin < bytes.length; begin += size) yield bytes.subarray(begin, begin + size);
}

function isDefined(symbol) {
  const section = symbol.readUInt16LE(6);
  return section !== UNDEFINED && section < FIRST_RESERVED;
}

const isAddress = (symbol) => ADDRESSES.includes(symbol[4] & 15) && symbol[4] >> 4 !== UNIQUE;
