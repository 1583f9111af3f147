import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedFiles } from './protos.mjs';
import { inRoot } from './setup/paths.mjs';

describe('npm run protos', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'protos-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What is made of a `.proto` file. */
  function madeOf(source) {
    const text = `// Things.\nsyntax = "proto3";\npackage tensorflow;\n${source}`;
    writeFileSync(path.join(folder, 'some_things.proto'), text);
    return generatedFiles(folder)['someThings.ts'];
  }

  it('has made lib/src/protos/generated of lib/protos as it is now', () => {
    const generated = inRoot('lib', 'src', 'protos', 'generated');
    const there = readdirSync(generated).map((name) => [name, readFileSync(path.join(generated, name), 'utf8')]);
    expect(Object.fromEntries(there)).toEqual(generatedFiles());
  });

  it('makes an interface of a message, with its comments, and a codec', () => {
    const made = madeOf(`
      // A thing; \`int_val\` is its number, \`not_a_field\` is none.
      message Thing {
        // A part.
        message Part {
          bytes content = 1;
        }
        // How many there are,
        // or none.
        repeated int32 int_val = 1;
        Part first_part = 2; // The first.
      }`);
    expect(made).toBe(`/**
 * Things.
 *
 * Made by \`npm run protos\` from lib/protos/some_things.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** A thing; \`intVal\` is its number, \`not_a_field\` is none. */
export interface Thing {
  /**
   * How many there are,
   * or none.
   */
  intVal: number[];
  /** The first. */
  firstPart?: Thing.Part;
}
export namespace Thing {
  /** A part. */
  export interface Part {
    content: Uint8Array;
  }
}
export const Thing: Codec<Thing> = codec('Thing');
`);
  });

  it('types 64-bit integers as exact unless the file says that a number will do, maps by their keys, and members of oneofs as optional', () => {
    const made = madeOf(`
      message Thing {
        int64 exact = 1;
        repeated fixed64 list = 2;
        uint64 step = 3 [jstype = JS_NUMBER];
        map<uint32, string> by_number = 4;
        map<fixed64, Thing> by_id = 5;
        map<string, int64> counts = 6;
        oneof kind {
          bool flag = 7;
          double value = 8;
        }
        optional int32 line = 9;
      }`);
    const [, fields] = /interface Thing \{\n([^}]*)\}/.exec(made);
    expect(fields.trim().split(/;\s*/)).toEqual([
      'exact: number | bigint',
      'list: (number | bigint)[]',
      'step: number',
      'byNumber: Record<number, string>',
      'byId: Record<string, Thing>',
      'counts: Record<string, number | bigint>',
      'flag?: boolean',
      'value?: number',
      'line?: number',
      '',
    ]);
  });

  it('names enums and their values without what C++ needs in them', () => {
    const made = madeOf(`
      enum Plain { ONE_THING = 0; OTHER_THING = 1; }
      enum DataKind { DATA_KIND_NONE = 0; DATA_KIND_SOME_MORE = 1; }
      message ThingDef {
        enum Level { LOW = 0; HIGH = -1; }
        Level level = 1; // How high.
        DataKind kind = 2;
      }`);
    expect(made).toContain('export const Plain = {\n  ONE_THING: 0,\n  OTHER_THING: 1,\n} as const;');
    expect(made).toContain('export const DataKind = {\n  NONE: 0,\n  SOME_MORE: 1,\n} as const;');
    expect(made).toContain(
      '/** `ThingDef.Level`. */\nexport const ThingLevel = {\n  LOW: 0,\n  HIGH: -1,\n} as const;',
    );
    expect(made).toContain('/** One of {@link ThingLevel}. How high. */\n  level: number;');
  });

  it('refuses two things of one name', () => {
    const enumIn = (message) => `message ${message} { enum Kind { ${message.toUpperCase()}_NONE = 0; } }`;
    expect(() => madeOf(`${enumIn('ThingDef')} ${enumIn('ThingProto')}`)).toThrow(
      'ThingDef.Kind and ThingProto.Kind would both be called ThingKind',
    );
  });
});
