import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { InvalidArgumentError } from '../runtime/errors';
import type { HostArray } from '../runtime/hostArray';
import { classNumbers } from './classNumbers';
import { type CsvColumn, type ReadCsvOptions, readCsv } from './csv';
import { DataSet } from './dataSet';

const folder = mkdtempSync(path.join(tmpdir(), 'csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'x.csv');

/** Reads columns of a file with these contents. */
async function read<T extends Record<string, CsvColumn>>(
  text: string | Uint8Array,
  columns: T,
  options?: ReadCsvOptions,
) {
  writeFileSync(file, text);
  return readCsv(file, columns, options);
}

/** The error of reading, without the folder's name. */
const errorOf = (text: string | Uint8Array, columns: Record<string, CsvColumn>, options?: ReadCsvOptions) =>
  read(text, columns, options).then(
    () => 'none',
    (error: Error) => {
      expect(error).toBeInstanceOf(InvalidArgumentError);
      return error.message.replace(folder + path.sep, '');
    },
  );

const iris = `sepal_length,sepal_width,petal_length,petal_width,species
5.1,3.5,1.4,.2,setosa
7.0,3.2,4.7,1.4,versicolor
6.3,3.3,6.0,2.5e0,virginica
`;

describe('readCsv', () => {
  it('reads columns as what they are said to be, of several a matrix, and types each', async () => {
    const columns = await read(iris, {
      features: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
      species: { classes: ['setosa', 'versicolor', 'virginica'] },
      name: { dtype: 'string', from: 'species' },
      petal_width: 'float64',
      one: { from: ['petal_width'], dtype: 'float64' },
      plain: { from: 'sepal_length' },
    });
    expectTypeOf(columns).toEqualTypeOf<{
      features: HostArray<'float32'>;
      species: HostArray<'int32'>;
      name: HostArray<'string'>;
      petal_width: HostArray<'float64'>;
      one: HostArray<'float64'>;
      plain: HostArray<'float32'>;
    }>();
    expect(columns.features.shape).toEqual([3, 4]);
    expect([...columns.features.data].map((value) => +value.toFixed(5))).toEqual([
      5.1, 3.5, 1.4, 0.2, 7, 3.2, 4.7, 1.4, 6.3, 3.3, 6, 2.5,
    ]);
    expect([...columns.species.data]).toEqual([0, 1, 2]);
    expect(columns.name.data.map(String)).toEqual(['setosa', 'versicolor', 'virginica']);
    expect([...columns.petal_width.data]).toEqual([0.2, 1.4, 2.5]);
    expect([columns.one.shape, columns.plain.shape]).toEqual([[3, 1], [3]]);
    const { features, species } = new DataSet(columns, { seed: 1 }).nextBatch(2);
    expect([features.shape, species.shape]).toEqual([[2, 4], [2]]);
  });

  it('reads every dtype, 64-bit integers to the last digit', async () => {
    const text = 'a,b,c,d,e\n9007199254740993,255,true,-3.0,+1\n-9223372036854775808,0,False,2,1.\n';
    const { a, b, c, d, e } = await read(text, { a: 'int64', b: 'uint8', c: 'bool', d: 'int16', e: 'uint64' });
    expect([...a.data]).toEqual([9007199254740993n, -(2n ** 63n)]);
    expect([[...b.data], c.toArray(), [...d.data], [...e.data]]).toEqual([
      [255, 0],
      [true, false],
      [-3, 2],
      [1n, 1n],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('takes lines that end in %j, and a last one without', async (end) => {
    const lines = ['a,b', '1,"x"', '', '2,"y""z"', '  ', '3,"q"'];
    for (const text of [lines.join(end), lines.join(end) + end, `\ufeff${lines.join(end)}`]) {
      const { a, b } = await read(text, { a: 'int32', b: 'string' });
      expect([[...a.data], b.data.map(String)]).toEqual([
        [1, 2, 3],
        ['x', 'y"z', 'q'],
      ]);
      expect(await errorOf(`${text}${end}4,5,6`, { a: 'int32' })).toMatch(/^x\.csv:[78]: expected 2 fields/);
    }
    const mixed = 'a,b\r\n1,"x\ny"\n2,z\r\n';
    expect((await read(mixed, { b: 'string' })).b.data.map(String)).toEqual(['x\ny', 'z']);
  });

  it('takes other delimiters, quotes, comments and names, and gzip', async () => {
    const text = "# by hand\n1;'a;b'\n# more\n2;'c''d'\n";
    const options = { names: ['number', 'text'], delimiter: ';', quote: "'", comment: '#' };
    for (const bytes of [text, gzipSync(text)]) {
      const { number, text: texts } = await read(bytes, { number: 'int32', text: 'string' }, options);
      expect([[...number.data], texts.data.map(String)]).toEqual([
        [1, 2],
        ['a;b', "c'd"],
      ]);
    }
    expect(await errorOf(text.replace('2;', 'x;'), { number: 'int32' }, options)).toBe(
      "x.csv:4: column number: expected a whole number, got 'x'",
    );
    const quoted = '# it"s by hand\na,b\n1,"x\ny"\n# "\n?,z\n';
    expect(await errorOf(quoted, { a: 'int32' }, { comment: '#' })).toContain('x.csv:6: column a: ');
    expect((await read('a\tb\n1\t2', { b: 'float32' }, { delimiter: '\t' })).b.at(0)).toBe(2);
    expect((await read(' a , b \n 1 , 2 \n', { b: 'int32' })).b.at(0)).toBe(2);
  });

  it('gives what is to stand for missing values, which are errors else', async () => {
    const text = 'a,b,c\n1,?,x\n,2,\n NA ,3,?\n';
    const options = { missing: ['NA', '?'] };
    const columns = await read(
      text,
      {
        a: { ifMissing: Number.NaN },
        b: { dtype: 'int32', ifMissing: -1 },
        c: { dtype: 'string', ifMissing: 'none' },
        isC: { from: 'c', classes: ['x', 'y'], ifMissing: -1 },
      },
      options,
    );
    expect([...columns.a.data]).toEqual([1, Number.NaN, Number.NaN]);
    expect([[...columns.b.data], columns.c.data.map(String)]).toEqual([
      [-1, 2, 3],
      ['x', 'none', 'none'],
    ]);
    expect([...columns.isC.data]).toEqual([0, -1, -1]);
    expect((await read(text, { c: 'string' })).c.data.map(String)).toEqual(['x', '', '?']);
    expect(await errorOf(text, { a: 'float32' }, options)).toBe(
      'x.csv:3: column a: there is no value; ifMissing says what to put there',
    );
    expect(await errorOf(text, { b: 'float32' }, options)).toBe(
      "x.csv:2: column b: '?' stands for no value; ifMissing says what to put there",
    );
    expect(await errorOf(text, { c: 'string' }, options)).toBe(
      "x.csv:4: column c: '?' stands for no value; ifMissing says what to put there",
    );
    // A line with an empty field isn't an empty line.
    expect((await read('a\n"x"\n""\n\n"y"', { a: 'string' })).a.data.map(String)).toEqual(['x', '', 'y']);
    expect(await errorOf('a\n1', { a: { dtype: 'int32', ifMissing: 0.5 } })).toBe(
      'column a: expected a value of int32 for what is missing, got 0.5',
    );
  });

  it.each([
    ['float32', ['abc', '1,5', '0x10', 'NaN', 'inf', '1_000', '1e', '--1', '1 2', '٣'], 'a number'],
    ['float32', ['1e39', '-1e39'], 'a number that float32 holds'],
    ['float64', ['1e400'], 'a number that float64 holds'],
    ['int32', ['1.5', '1e3', 'x', '0x1'], 'a whole number'],
    ['int32', ['2147483648', '-2147483649', '99999999999999999999'], 'a whole number that int32 holds'],
    ['uint8', ['256', '-1'], 'a whole number that uint8 holds'],
    ['int64', ['9223372036854775808'], 'a whole number that int64 holds'],
    ['uint64', ['-1', '18446744073709551616'], 'a whole number that uint64 holds'],
    ['bool', ['yes', '2'], 'true or false'],
  ] as const)('reads no %s in %j', async (dtype, texts, wanted) => {
    for (const text of texts)
      expect(await errorOf(`n;x\n1;${text}\n`, { x: dtype }, { delimiter: ';' })).toBe(
        `x.csv:2: column x: expected ${wanted}, got '${text}'`,
      );
  });

  it('names file, line and column of what is wrong', async () => {
    const numbers = iris.replace('1.4,versicolor', 'abc,versicolor');
    expect(await errorOf(numbers, { x: ['sepal_width', 'petal_width'] })).toBe(
      "x.csv:3: column petal_width: expected a number, got 'abc'",
    );
    expect(
      await errorOf(iris.replace('virginica', 'virginca'), {
        species: { classes: ['setosa', 'versicolor', 'virginica'] },
      }),
    ).toBe(
      "x.csv:4: column species: expected one of setosa, versicolor, virginica, got 'virginca'; is it 'virginica'?",
    );
    // Where fields have ends of lines in them, and lines are empty, an error is in the line where its record begins.
    expect(await errorOf('a,b\n"x\ny\nz",1\n\n"u\nv",?\n', { b: 'int32' })).toBe(
      "x.csv:6: column b: expected a whole number, got '?'",
    );
    expect(await errorOf(`a\n${'x'.repeat(1000)}`, { a: 'int32' })).toBe(
      `x.csv:2: column a: expected a whole number, got '${'x'.repeat(40)}'…`,
    );
    expect(await errorOf('a,b\n1,2\n3\n', { a: 'int32' })).toBe(
      'x.csv:3: expected 2 fields, one for each column, got 1',
    );
    expect(await errorOf('a,b\n1,2,3\n', { a: 'int32' })).toBe(
      'x.csv:2: expected 2 fields, one for each column, got 3',
    );
    expect(await errorOf('a,b\n1,2\n3,"x\n5,6\n', { a: 'int32' })).toBe(
      'x.csv:3: a field that begins with " has no " at its end',
    );
    expect(await errorOf('a,b\n1,2\n3,"x"y\n', { a: 'int32' })).toBe(
      'x.csv:3: expected the end of the field behind its second "; one within a field is written twice',
    );
    expect(await errorOf(Buffer.from('a,b\n1,2\n3,M\xfcller\n', 'latin1'), { a: 'int32' })).toBe(
      'x.csv:3: expected text in UTF-8, found other bytes',
    );
    expect(await errorOf(Buffer.from('\ufeffa\n1\n', 'utf16le'), { a: 'int32' })).toBe(
      'x.csv:1: expected text in UTF-8, found other bytes',
    );
    expect(await errorOf('', { a: 'int32' })).toBe(
      'x.csv: expected a first line with the names of the columns, found no lines',
    );
  });

  it('names columns that the file has not, or twice', async () => {
    expect(await errorOf(iris, { x: ['petal_widht'] })).toBe(
      "x.csv:1: there is no column 'petal_widht'; did you mean 'petal_width'?",
    );
    expect(await errorOf('# c\na,b', { other: 'int32' }, { comment: '#' })).toBe(
      "x.csv:2: there is no column 'other'; the columns are a, b",
    );
    expect(await errorOf('a,b,a\n1,2,3', { a: 'int32' })).toBe("x.csv:1: there are two columns 'a'");
    expect((await read('a,b,a\n1,2,3', { b: 'int32' })).b.at(0)).toBe(2);
    expect(await errorOf('1,2', { other: 'int32' }, { names: ['a', 'b'] })).toBe(
      "x.csv: there is no column 'other'; the columns are a, b",
    );
    expect((await read('a,b\n', { a: 'int64', m: ['a', 'b'] })).m.shape).toEqual([0, 2]);
  });

  it('says what is wrong with what it is told', async () => {
    const told = (columns: unknown, options?: object) => errorOf(iris, columns as Record<string, CsvColumn>, options);
    expect(await told({})).toBe("expected columns to read, such as { price: 'float32' }, got none");
    expect(await told(undefined)).toBe('what is read of a CSV file is an object, not undefined');
    expect(await told({ x: 'float23' })).toBe("column x: no array holds elements of dtype 'float23'");
    expect(await told({ x: { form: 'y' } })).toBe("column x: there is no option 'form'; did you mean 'from'?");
    expect(await told({ x: [] })).toBe("column x: expected names of the file's columns, got none");
    expect(await told({ x: { classes: ['a'], dtype: 'int64' } })).toBe(
      'column x: expected a dtype or classes, whose numbers are int32, got both',
    );
    expect(await told({ x: { classes: ['a', 'a'] } })).toContain(
      'column x: expected a name for each class, got one twice',
    );
    expect(await told({ x: 'int32' }, { delimeter: ';' })).toContain("did you mean 'delimiter'?");
    expect(await told({ x: 'int32' }, { delimiter: '' })).toBe("expected a delimiter such as ',' or ';', got ''");
    expect(await told({ x: 'int32' }, { delimiter: '"', quote: "'" })).toContain('expected a delimiter such as');
    expect(await told({ x: 'int32' }, { comment: ',' })).toBe(
      "expected another beginning of comments than the delimiter, ','",
    );
    expect(await told({ x: 'int32' }, { quote: '""' })).toBe('expected one character as a quote, got \'""\'');
    await expect(readCsv(path.join(folder, 'none.csv'), { x: 'int32' })).rejects.toThrow('could not read');
    await expect(read(gzipSync(iris).subarray(0, 60), { x: 'int32' })).rejects.toThrow('expected a whole gzip file');
  });

  it('reads whatever texts and numbers are written by the rules of RFC 4180', async () => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const record = fc.record({
      text: fc.string({ unit: 'binary' }),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), // no -0, which JavaScript writes as 0
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), async (records, end) => {
        // A text with an end of line of another kind makes a file of more than one kind, in which there is one.
        const plain = records.map(({ text, number }) => ({
          text: text.replace(/[\r\n]+/g, end).replaceAll('\ufeff', ''),
          number,
        }));
        const lines = plain.map(({ text, number }) => `${quoted(text)},${number}`);
        const columns = await read(`text,number${end}${lines.join(end)}${end}`, { text: 'string', number: 'float64' });
        expect(columns.text.data.map(String)).toEqual(plain.map(({ text }) => text));
        expect([...columns.number.data]).toEqual(plain.map(({ number }) => number));
      }),
      { numRuns: 50 },
    );
  });
});

describe('classNumbers', () => {
  it('numbers the texts that there are, or those that are known', () => {
    const { numbers, names } = classNumbers(['b', 'a', 'b', 'c']);
    expect([[...numbers.data], names]).toEqual([
      [1, 0, 1, 2],
      ['a', 'b', 'c'],
    ]);
    expect([...classNumbers(['c', 'a'], names).numbers.data]).toEqual([2, 0]);
    expect(() => classNumbers(['c', 'd'], ['c', 'x'])).toThrow("example 1: expected one of c, x, got 'd'");
    expect(() => classNumbers([])).toThrow('expected names of classes, got none');
    expect(() => classNumbers([1] as never)).toThrow('expected string, got 1 at [0]');
  });
});
