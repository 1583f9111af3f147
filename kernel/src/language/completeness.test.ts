// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
import { describe, expect, it } from 'vitest';
import { ts } from './compiler';
import { completeness } from './completeness';

const complete = [
  '',
  '// only a comment',
  '/* a */',
  '1 + 1',
  '1;;;',
  'x\n\n',
  'a\n++b',
  'const f = <T>(x: T) => x;',
  'const f = <T,>(x: T) => x',
  '({ a }: T) => a',
  'async (a, b?: number) => 1',
  '(a, b)',
  'if (a) {}',
  'if (a) b',
  'if (a) {} else {}',
  'for (;;) {}',
  'for (using x of y) {}',
  'while (true) ;',
  'do {} while (a)',
  'label: for (;;) break label;',
  'await f();',
  'return 1', // the compiler's matter, not the parser's
  'let x',
  'let x: number',
  'var x',
  'const x;', // what is missing can't follow any more
  'const { a };',
  'declare const x: number',
  'declare function f(): void',
  'declare module "x"',
  'function f(): void;\nfunction f() {}',
  'using x = y',
  'await using x = y',
  'class A { @dec m() {} }',
  'class A { x }',
  'abstract class A { abstract m(): void }',
  '@dec class A {}',
  '@a @b() export class A {}',
  'class A { @dec m() {} @dec x = 1; @dec accessor y }',
  'type T = { a: number }',
  'type T = `a${B}`',
  'interface A {}',
  'namespace N {}',
  'enum E {}',
  "import { a } from 'b';",
  'import x from "./a" with { type: "json" }',
  'export {}',
  'a < b',
  'a<b>c',
  'new Map<string, number>()',
  '<T>x',
  '<T>(x)',
  'const text = `a\n${b}`;',
  '`a ${`b ${c}`}`',
  '`\\``',
  'const r = /a(b|c)[/]/g;',
  "const s = 'a // b';",
  '"a\\\nb"',
  'const a = 1 /* + */',
];

/** Cells, and what may follow them on a line of its own. */
const incomplete: Readonly<Record<string, string>> = {
  // templates
  '`': '`',
  '`text': '`',
  '`a ${b': '}`',
  '`a ${': 'b}`',
  '`a ${b} c': '`',
  '`a ${`b ${c': '}`}`',
  '`a ${`b`} ': '`',
  '`${{ a: 1': '}}`',
  '`${"}"': '}`',
  '`a \\` b': '`',
  'f`x ${y': '}`',
  'const t = `line\n  if (x) {\n': '`',
  'type T = `a${': 'B}`',
  'type T = `a${B}': '`',
  '`a ${(b, c: number': ') => b}`',
  // declarations
  const: 'x = 1',
  'const x': '= 1',
  'const x: number': '= 1',
  'const a:': 'number = 1',
  'const a =': '1',
  'const a = 1,': 'b = 2',
  'const a = 1, b': '= 2',
  'const { a, b }': '= c',
  'const { a': '} = c',
  let: 'x',
  'let a,': 'b',
  'let [a, b]': '= c',
  'using x': '= y',
  'await using x': '= y',
  function: 'f() {}',
  'function f(': ') {}',
  'function f()': '{}',
  'function f(): number': '{ return 1 }',
  'function f(a: string): number;': 'function f(a: any) { return 1 }',
  'function f({ a': '}) {}',
  'async function f': '() {}',
  'function* g() {': '}',
  'class A': '{}',
  'class A {': '}',
  'class A extends': 'B {}',
  'class A { x =': '1 }',
  'class A { constructor(private x': ') {} }',
  'class A { static {': '} }',
  'abstract class A { abstract m()': '}',
  'interface A {': '}',
  'interface A extends': 'B {}',
  'enum E {': '}',
  'enum E { A,': '}',
  'namespace N': '{}',
  'declare global {': '}',
  'type T': '= 1',
  'type T =': '1',
  'type T = [': ']',
  'type T = B extends C ? D': ': E',
  'type F = (a: number': ') => void',
  import: '"x"',
  'import { a': '} from "x"',
  'import { a } from': '"x"',
  'import * as': 'a from "x"',
  "import x from './a' with": "{ type: 'json' }",
  export: '{}',
  'export default': '1',
  // what may be parameters
  '(a, b': ') => a',
  '(a, b: number': ') => a',
  '(a = 1, b: number': ') => a',
  '(a, b:': 'number) => a',
  '(a, ...b: T[]': ') => a',
  '({ a, b }: { a: number': '}) => a',
  '([a]: T[]': ') => a',
  'const f = async (a, b?: number': ') => a',
  'f(1, (a, b: string': ') => a)',
  'async <T>(a, b: T': ') => a',
  '<T,': '>(x: T) => x',
  '() =>': '1',
  'const f = <T>(x: T) => // why\n': 'x',
  'new Map<string, number[]>(': ')',
  // what looks like JSX
  '<div>': 'x',
  'const a = <div>': 'x',
  '<T': '>x',
  '<T>(': 'x)',
  '<A<B>>': 'x',
  // decorators
  '@': 'dec class A {}',
  '@dec': 'class A {}',
  '@dec()\n': 'class A {}',
  '@dec({ a: 1': '}) class A {}',
  '@dec\n// why\n': 'class A {}',
  '@a @b': 'class A {}',
  '@a.b<': 'T>() class A {}',
  '@(a': ') class A {}',
  '@dec export': 'class A {}',
  '@dec class A': '{}',
  'export @dec': 'class A {}',
  'class A { @dec': 'x }',
  'class A {\n  @dec() static': 'x }',
  'class A { @dec m(': ') {} }',
  // statements
  'if (true) {': '}',
  'if (true) {\n\n\n': '}',
  'if (x)': 'y',
  'if (x) y(); else': 'z',
  'for (;;)': 'x',
  'for (const a of': 'b) {}',
  'for await (': 'const a of b) {}',
  'while (x)': 'y',
  do: '{} while (x)',
  'do {} while': '(x)',
  'try {}': 'finally {}',
  'try {} catch (e)': '{}',
  'switch (a) { case 1:': '}',
  'label:': 'x',
  throw: 'x',
  // expressions
  'f(1,': '2)',
  '[1, 2': ']',
  '({ a: 1': '})',
  'const a = [1, // one\n  2,\n': ']',
  '1 +': '1',
  '!': 'x',
  new: 'A()',
  await: 'x',
  'a ? b': ': c',
  'a ? b :': 'c',
  'a.': 'b',
  'a?.b(': ')',
  'a ??=': 'b',
  'x as': 'T',
  'x satisfies': 'T',
  "'text\\": "'",
  '/* comment': '*/',
  '/** doc\n * more': '*/',
};

const invalid = [
  '}',
  ')',
  '(]',
  '`${]',
  '`${a b',
  '{ a: 1, b: 2 ]',
  'foo bar',
  "'text",
  '"text',
  "x = 'a\nb'",
  '/regex',
  '/a\n/',
  '1a',
  'a..b',
  '...',
  '#',
  '1 = = 2',
  'a ? b c',
  'a => b => }',
  'a b c {',
  'let a = 1 let b = 2',
  'f(1,, 2',
  '[1, 2;',
  'new ;',
  'const 1 = 2;',
  'const a = \\u{;',
  '(a, b: number;',
  'type = = 3',
  'import a b',
  'export a',
  'interface 1 {}',
  'class 1 {}',
  'class A { m( }',
  'class A { @dec }',
  'if x {',
  'else {}',
  'try catch',
  '=> a',
  '<div>text</div>',
  'const a = <div>text</div>;',
  '<div />',
  '<></>',
  '<div className="a">',
  'return <br/>',
];

const parses = (text: string) => {
  const file = ts.createSourceFile('cell.ts', `export {};\n${text}`, ts.ScriptTarget.Latest);
  return (file as unknown as { readonly parseDiagnostics: readonly unknown[] }).parseDiagnostics.length === 0;
};

const statusOf = (cell: string) => completeness(cell).status;

describe('a cell', () => {
  it('is complete when it is a program', () => {
    expect(complete.filter((cell) => !parses(cell))).toEqual([]);
    expect(complete.filter((cell) => statusOf(cell) !== 'complete')).toEqual([]);
  });

  it('is incomplete when more lines can make one of it', () => {
    const whole = Object.entries(incomplete).map(([cell, more]) => `${cell}\n${more}`);
    expect(whole.filter((cell) => !parses(cell) || statusOf(cell) !== 'complete')).toEqual([]);
    expect(Object.keys(incomplete).filter((cell) => statusOf(cell) !== 'incomplete')).toEqual([]);
  });

  it('is invalid when it is no program, and nothing that follows makes it one', () => {
    const mended = (cell: string) => ['', ...Object.values(incomplete)].find((more) => parses(`${cell}\n${more}`));
    expect(invalid.filter((cell) => mended(cell) !== undefined)).toEqual([]);
    expect(invalid.filter((cell) => statusOf(cell) !== 'invalid')).toEqual([]);
  });

  it('that is unfinished says how far the next line is indented', () => {
    const indents = {
      'if (a) {': 2,
      'if (a) { // why': 2,
      'if (a) {\n  f(': 4,
      'if (a) {\n  f();': 2,
      '  x = {': 4,
      'f({ a: [': 2,
      'class A {\n  m() {\n    return {': 6,
      'const s = "(" +': 0,
      'x = /[(]/ +': 0,
      '`${ f(': 2,
      '    `text of': 0, // it would be part of the template
    };
    const found = Object.keys(indents).map((cell) => {
      const { indent } = completeness(cell) as { indent?: string };
      return [cell, indent?.length];
    });
    expect(Object.fromEntries(found)).toEqual(indents);
  });
});
