import { describe, expect, it } from 'vitest';
import { plainExpression } from './plainExpression';

/** As tslab gives a cell. */
const module = (expression: string, end = ';\nexport {};\n//# sourceMappingURL=__tslab__.js.map') =>
  `export const tsLastExpr = ${expression}${end}`;

describe('a plain expression', () => {
  for (const expression of [
    '1 + 1',
    'exports.x.shape',
    'plot.curves({ loss: exports.loss })',
    '`a\nb`',
    'await exports.f()',
  ])
    it(`is one: ${JSON.stringify(expression)}`, () => {
      const plain = plainExpression(module(expression));
      expect(plain?.code).toBe(`"use strict";\nexports.tsLastExpr = ${expression};\n`);
      expect(plain?.name).toBe('tsLastExpr');
      expect(plainExpression(module(expression, ';\nexport {  };\n'))).toEqual(plain);
    });

  for (const text of [
    module('(x) => x'),
    module('function () { }'),
    module('class { }'),
    module("import('node:fs')"),
    module('import.meta.url'),
    module('f().catch(g)'),
    module('{ f() { } }'),
    module('1', '; // one\nexport {};\n'),
    module('1', ';\nexport { x };\n'),
    'const x = 1;\nexport { x };\n',
    `f();\n${module('1')}`,
    'export {};\n',
  ])
    it(`is none: ${JSON.stringify(text)}`, () => expect(plainExpression(text)).toBeUndefined());

  it('tells where the code stands in the module', () => {
    const { map, code } = plainExpression(module('1 + f()'))!;
    const [, line = ''] = code.split('\n');
    expect(line.indexOf('f()') + map.columns).toBe(module('1 + f()').indexOf('f()'));
    expect(map.lines).toBe(-1);
  });
});
