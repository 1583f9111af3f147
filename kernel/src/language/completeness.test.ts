// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
import { describe, expect, it } from 'vitest';
import { completeness } from './completeness';

const table = {
  complete: [
    '',
    '// only a comment',
    '1 + 1',
    'const f = <T>(x: T) => x;',
    'if (a) {}',
    'for (;;) {}',
    'while (true) ;',
    'const text = `a\n${b}`;',
    'const r = /a(b|c)[/]/g;',
    "const s = 'a // b';",
    'const a = 1 /* + */',
    'x\n\n',
    'class A { @dec m() {} }',
    'await f();',
    'type T = { a: number }',
    'a < b',
    "import { a } from 'b';",
    'label: for (;;) break label;',
    'return 1', // the compiler's matter, not the parser's
  ],
  incomplete: [
    'if (true) {',
    'if (true) {\n\n\n',
    'if (x)',
    'if (x) y(); else',
    'for (;;)',
    'for (const a of',
    'while (x)',
    'do {} while',
    'try {}',
    'switch (a) { case 1:',
    'f(1,',
    '[1, 2',
    '({ a: 1',
    'const a =',
    'const',
    'let',
    'const a:',
    '1 +',
    '!',
    'new',
    'await',
    'a ? b',
    'a ? b :',
    'a.',
    'x as',
    '() =>',
    'function',
    'function f(',
    'function f()',
    'class A',
    'class A {',
    'class A extends',
    '@dec',
    '@dec()\n',
    'interface A {',
    'type T =',
    'type T = [',
    '`text',
    '`a ${b',
    '`a ${b} c',
    '/* comment',
    '/** doc\n * more',
    'import { a',
    'import { a } from',
    'import * as',
    'const f = <T>(x: T) => // why\n',
    'const a = [1, // one\n  2,\n',
    'throw',
    "'text\\",
    'enum E {',
  ],
  invalid: [
    '}',
    ')',
    'foo bar',
    "'text",
    '"text',
    '/regex',
    'const 1 = 2;',
    'a b c {',
    '1 = = 2',
    'if x {',
    'class 1 {}',
    'let a = 1 let b = 2',
    'f(1,, 2',
    'const a = \\u{;',
    "x = 'a\nb'",
  ],
} as const;

describe('a cell', () => {
  for (const [status, cells] of Object.entries(table))
    it(`is ${status}`, () => {
      expect(cells.filter((cell) => completeness(cell).status !== status)).toEqual([]);
    });

  it('that is unfinished says how far the next line is indented', () => {
    expect(completeness('if (a) {')).toEqual({ status: 'incomplete', indent: '  ' });
    expect(completeness('if (a) {\n  f(')).toEqual({ status: 'incomplete', indent: '    ' });
    expect(completeness('if (a) {\n  f();')).toEqual({ status: 'incomplete', indent: '  ' });
  });
});
