/** That the code says the same thing in the same way, where neither the compiler nor the linter looks. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(__dirname, '..');
const sources = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'lib/src', 'kernel/src', 'lib/shared', 'tests'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => /\.(ts|cts|cjs)$/.test(file) && file !== 'tests/dialect.test.ts' && !file.includes('/generated/'))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));

/** Where the sources say something, as `file: what they say`. */
function found(pattern: RegExp, isFine: (match: string) => boolean = () => false): string[] {
  return sources.flatMap(({ file, text }) =>
    Array.from(text.matchAll(pattern), ([match]) => match)
      .filter((match) => !isFine(match))
      .map((match) => `${file}: ${match}`),
  );
}

describe('“is there”', () => {
  // An element of an array or a map, of a list by a number: `x[0]`, `x[i]`, `x.get(k)`, not `x['a name']`, whose type may be anything.
  const element =
    /(?:[\w)\]!]\[[^\]'"]+\]|\.(?:at|get|pop|shift|exec|match|find|getStore)\([^()]*\)) as (?!const\b|never\b|unknown\b)[^;\n]*/g;

  it('is said by `!`; `as` says only what something is', () => {
    const isFine = (match: string) => /\| (null|undefined)\b|=> unknown/.test(match);
    expect(found(element, isFine)).toEqual([]);
  });
});

describe('doc comments', () => {
  it('say what is thrown, and when: `@throws {InvalidArgumentError} when …`', () => {
    expect(found(/@throws[^\n]*/g, (tag) => /^@throws \{[A-Z][\w.]*\} when(ever)?[ ,]\S*/.test(tag))).toEqual([]);
  });

  it("give a property's value where it is left out as its `@defaultValue`", () => {
    const property = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s+(?:readonly )?\w+\?: /g;
    expect(found(property, (text) => !/by default|default:|\(the default|when left out/i.test(text))).toEqual([]);
    expect(found(/@default\b[^\n]*/g)).toEqual([]);
  });
});
