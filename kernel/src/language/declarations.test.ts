import { describe, expect, it } from 'vitest';
import { declaredNames, selectDeclarations } from './declarations';

const text = `import fs, { readFileSync as read, type Stats } from "node:fs";
import * as path from "node:path";
declare const a: number, b: string;
declare function f(x: number): number;
declare class C {
}
declare enum E {
    one = 0
}
interface I {
    x: number;
}
type T = string;
`;

describe('declarations', () => {
  it('name their values', () => {
    expect([...declaredNames(text)]).toEqual(['fs', 'read', 'Stats', 'path', 'a', 'b', 'f', 'C', 'E']);
  });

  it('are kept for the names that are wanted, a part of a statement if need be, and types always', () => {
    const wanted = new Set(['read', 'b', 'E']);
    expect(selectDeclarations(text, (name) => wanted.has(name))).toBe(`import { readFileSync as read } from "node:fs";
declare const b: string;
declare enum E {
    one = 0
}
interface I {
    x: number;
}
type T = string;
`);
  });

  it('are kept without types where those are known already', () => {
    expect(selectDeclarations(text, (name) => name === 'f', false)).toBe('declare function f(x: number): number;\n');
  });
});
