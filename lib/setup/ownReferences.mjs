/**
 * Resolves symbol references within libtensorflow in advance. Its two files make the dynamic linker look up 300,000 of
 * their own functions and tables by name whenever a program starts, which takes longer than the rest of loading.
 * Moreover, the linker searches the program first: Node contains OpenSSL and libtensorflow BoringSSL, which share many
 * names, so reading from `gs://` called some of Node's functions and no connection could be made.
 *
 * References by name therefore become references by address, as if the files had been linked with `-Bsymbolic`. Two
 * kinds are left: symbols that a file doesn't define itself, such as the streams of C++, of which the program may have
 * the only copy in use; and C++ symbols that both files define, since they share static variables, which have to remain
 * those of the main file.
 *
 * @see the System V ABI, "Object Files" and "Program Loading and Dynamic Linking", and its supplement for AMD64,
 * "Relocation"; `elf.h`
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Section types: relocations (RELA) and the dynamic symbol table. */
const SECTION = { references: 4, symbols: 11 };
/** The flag of sections that are loaded into memory. */
const IS_LOADED = 2;
/** The index of undefined symbols, and the first reserved section index. */
const UNDEFINED = 0;
const FIRST_RESERVED = 0xff00;
/** Symbol types that stand for their address: none, data, function. */
const ADDRESSES = [0, 1, 2];
/** The binding of symbols that are unique in a process, whoever defines them. */
const UNIQUE = 10;
/**
 * Relocation types on AMD64: address plus addend, address of data, address of a function, and load address plus addend.
 */
const REFERENCE = { address: 1, data: 6, function: 7, own: 8 };
/** The size of an entry in all tables that are read here, except for the section headers. */
const ENTRY = 24;
const SECTION_ENTRY = 64;

/**
 * Changes the files of a libtensorflow for Linux on AMD64, which no process must have loaded.
 *
 * @param library its files
 * @returns the number of resolved references
 */
export function resolveOwnReferences({ main, framework }) {
  const mains = withFile(main, (file) => ({
    names: new Set(file.definitions().filter((name) => name.startsWith('_Z'))), // C++ symbols
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

  /** The names of the symbols that the file defines. */
  definitions() {
    const names = [];
    for (const symbol of entriesOf(this.#symbols, ENTRY)) if (isDefined(symbol)) names.push(this.#nameOf(symbol));
    return names;
  }

  /** Resolves references to the file's own symbols whose names `isOwn` accepts; returns their number. */
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
