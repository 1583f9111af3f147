// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
import { describe, expect, it } from 'vitest';
import { helpRequest, isOtherNotation, withAdvice } from './notation';
import { TypeScriptError } from './typeScriptError';

describe('a question for a name', () => {
  it('is a line at the end of a cell', () => {
    expect(helpRequest('tf.matmul?')).toEqual({ code: '', name: 'tf.matmul' });
    expect(helpRequest(' ??$a_1 \n\n')).toEqual({ code: '', name: '$a_1' });
    expect(helpRequest('? x')).toEqual({ code: '', name: 'x' });
    expect(helpRequest('größe??')).toEqual({ code: '', name: 'größe' });
    expect(helpRequest('const x = 1;\nx ?')).toEqual({ code: 'const x = 1;', name: 'x' });
  });

  it('is nothing that TypeScript has', () => {
    for (const source of [
      'a?.b',
      'a ? b : c',
      'a ?? b',
      'a\n? b\n: c',
      '// why?',
      '/* why?\n*/',
      '`\nwhy?',
      'const a =\nb?',
      'f()?',
      '?',
      '1?',
    ])
      expect(helpRequest(source), source).toBeUndefined();
    expect(helpRequest('/*\nwhy?')).toBeUndefined();
    expect(helpRequest('const x = y ?\nz?')).toBeUndefined();
  });
});

describe('what Python has', () => {
  const advice = (source: string, message = "Cannot find name 'ls'.") =>
    withAdvice(new TypeScriptError(message), source).message;

  it('is answered by what TypeScript has', () => {
    expect(advice('%%time\nf()')).toContain("console.time('it')");
    expect(advice('f();\n%time g()')).toBe(
      "cells are TypeScript, and %time is a magic of Python's kernel: console.time('it') before and console.timeEnd('it') after something tell how long it took",
    );
    expect(advice('%matplotlib inline')).toMatch(/figures show themselves/);
    expect(advice('%%bash\nls')).toContain('await $`ls`');
    expect(advice('%unknown')).toMatch(/%unknown is a magic of Python's kernel: leave it out$/);
    expect(advice('!pip install x')).toBe('to run a command of the shell: await $`pip install x`');
    expect(advice('x();\n!echo `date` ${HOME} \\n')).toBe(
      'to run a command of the shell: await $`echo \\`date\\` \\${HOME} \\\\n`',
    );
    expect(advice('!ls -la')).toBe('to run a command of the shell: await $`ls -la`');
    expect(advice('!ls')).toBe("Cannot find name 'ls'.\nto run a command of the shell: await $`ls`");
  });

  it('is not mistaken where the error is another', () => {
    for (const [source, message] of [
      ['!ready', "Type 'number' is wrong."],
      ['const a = `\n%time\n`;\nls', "Cannot find name 'ls'."],
      ['const a = `\n!ls\n`;\nfoo(', "')' expected."],
      ['a\n% b', "Cannot find name 'ls'."],
      ['', "Cannot find name 'ls'."],
    ] as const)
      expect(advice(source, message)).toBe(message);
  });

  it('is a whole cell for a console', () => {
    for (const source of ['%%time', '!ls', 'x?', '?x']) expect(isOtherNotation(source), source).toBe(true);
    for (const source of ['x', 'x ? y : z', '']) expect(isOtherNotation(source), source).toBe(false);
  });
});
