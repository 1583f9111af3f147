// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
/** What is completed and explained, by the requests of pages; in the tables `|` is the cursor. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from '../testing/client';

const folder = mkdtempSync(path.join(tmpdir(), 'names-'));
let kernel: KernelClient;

beforeAll(async () => {
  writeFileSync(
    path.join(folder, 'helpers.ts'),
    'export function help(x: number) { return x; }\nexport const depth = 3;\n',
  );
  writeFileSync(path.join(folder, 'rows.json'), '[1]');
  kernel = await KernelClient.start({ cwd: folder });
  await kernel.run(`
    import * as path from 'node:path';
    /** What is done. */
    type Mode = 'train' | 'evaluate';
    interface Options { mode: Mode; steps?: number; 'log-dir'?: string }
    /**
     * Trains a while.
     *
     * @param options what to do
     * @returns how well
     * @throws {RangeError} when it can't
     * @example
     * train({ mode: 'train' })
     */
    function train(options: Options, name = 'x'): Mode { return options.mode; }`);
  await kernel.run(`
    /** @deprecated use train */ function trainAll() {}
    class Model { layers: number[] = []; #secret = 1; private hidden = 2; static create() { return new Model(); } }
    const model = new Model();
    let maybe: Model | undefined;
    let options: Options | undefined;
    enum Color { Red, Green }
    namespace Geo { export const scale = 2; export type Unit = 'm' | 'km'; }`);
});
afterAll(async () => {
  await kernel.shutDown();
  rmSync(folder, { recursive: true });
});

/** The offset of `|`, counted as pages do, and the cell without it. */
function withCursor(text: string): { code: string; cursor_pos: number } {
  const at = text.indexOf('|');
  return { code: text.slice(0, at) + text.slice(at + 1), cursor_pos: [...text.slice(0, at)].length };
}

/** The cell with what stands between the offsets in brackets, and the candidates. */
async function completed(text: string): Promise<[marked: string, matches: string[]]> {
  const { content } = await kernel.request('shell', 'complete_request', withCursor(text));
  const { matches, cursor_start: start, cursor_end: end } = content;
  const characters = [...withCursor(text).code];
  const parts = [characters.slice(0, start), characters.slice(start, end), characters.slice(end)].map((part) =>
    part.join(''),
  );
  // The library's types, which a kernel at rest reads ahead where the machine is quick, bring those of a page's GPU.
  const own = (matches as string[]).filter((name) => !name.startsWith('GPU'));
  return [`${parts[0]}[${parts[1]}]${parts[2]}`, own];
}

describe('completion', () => {
  it.each([
    ['model.|', 'model.[]', ['layers']],
    ['model.lay|ers.length', 'model.[layers].length', ['layers']],
    ['model\n  .la|', 'model\n  .[la]', ['layers']],
    ['Color.|', 'Color.[]', ['Green', 'Red']],
    ['Geo.|', 'Geo.[]', ['scale']],
    ['path.isAbs|', 'path.[isAbs]', ['isAbsolute']],
    ['trainA|', '[trainA]', ['trainAll']],
    ['`${mode|l}`', '`${[model]}`', ['model', 'Model']],
    ['maybe?.|', 'maybe?.[]', ['layers']],
    ['maybe.|', 'maybe[.]', ['?.layers']],
    ['maybe.la|', 'maybe[.la]', ['?.layers']],
    ['options!.|', 'options!.[]', ['mode', 'steps']],
    ['options.|', 'options[.]', ["?.['log-dir']", '?.mode', '?.steps']],
    ['options.st|', 'options[.st]', ['?.steps']],
    ["({ 'a-b': 1 }).|", "({ 'a-b': 1 })[.]", ["['a-b']"]],
    ['train({ | })', 'train({ [] })', ['mode', '"log-dir"', 'steps']],
    ["train({ mode: 'train', st| })", "train({ mode: 'train', [st] })", ['steps']],
    ["train({ mode: '|' })", "train({ mode: '[]' })", ['evaluate', 'train']],
    ["const m: Mode = 'ev|'", "const m: Mode = '[ev]'", ['evaluate']],
    ["model['|']", "model['[]']", ['hidden', 'layers']],
    ["import { | } from './helpers'", "import { [] } from './helpers'", ['depth', 'help', 'type']],
    ["import rows from './|'", "import rows from './[]'", ['helpers', 'rows.json']],
    ["await import('./he|')", "await import('./[he]')", ['helpers']],
    [
      "import { sep } from 'node:pa|'",
      "import { sep } from '[node:pa]'",
      ['node:path', 'node:path/posix', 'node:path/win32'],
    ],
    ['const { lay| } = model', 'const { [lay] } = model', ['layers']],
    ['model.layers.map((layer) => lay|)', 'model.layers.map((layer) => [lay])', ['layer']],
    ['let m: Mo|', 'let m: [Mo]', ['Mode', 'Model', 'NodeModule']],
    ['let u: Geo.|', 'let u: Geo.[]', ['Unit']],
    ['conti|', '[conti]', ['continue']],
    ['interf|', '[interf]', ['interface']],
    ["'🙂🙂'; model.la|", "'🙂🙂'; model.[la]", ['layers']],
    ["const é = '👩‍👩‍👧'; model.|; '🙂'", "const é = '👩‍👩‍👧'; model.[]; '🙂'", ['layers']],
    ["'a.|'", "'a.[]'", []],
    ['// model.|', '// model.[]', []],
    ['notThere.|', 'notThere.[]', []],
    ['tsLastE|', '[tsLastE]', []],
  ])('of %s', async (text, marked, matches) => {
    expect(await completed(text)).toEqual([marked, matches]);
  });

  it('says of what kind a name is', async () => {
    const { content } = await kernel.request('shell', 'complete_request', withCursor('tra|'));
    expect(content.metadata._jupyter_types_experimental[0]).toMatchObject({
      text: 'train',
      type: 'function',
      start: 0,
      end: 3,
    });
  });
});

const train = /^function train\(options: Options, name\?: string\): Mode\n\nTrains a while\.\n/;

describe('an explanation', () => {
  it.each([
    ['of a function', 'tra|in', train],
    ['from among its arguments', "train({ mode: 'train' }, |", train],
    ['from among those of a function in it', 'console.log(train(|', train],
    ['after something wider than a character', "'🙂🙂'; train(|", train],
    ['of a method', 'path.jo|in', /^\(method\) .*join\(\.\.\.paths: string\[\]\): string\n\n/],
    ['of a property', 'model.lay|ers', /^\(property\) Model\.layers: number\[\]$/],
    ['of a key', "train({ mo|de: 'train' })", /^\(property\) Options\.mode: Mode$/],
    ['of a class', 'new Mod|el()', /^constructor Model\(\): Model$/],
    ['of a variable of its own cell', 'const own = { a: 1 }; ow|n', /^const own: \{\s+a: number;\s+\}$/],
    ['of a parameter', '[1].map((item) => it|em)', /^\(parameter\) item: number$/],
    ['of a type alone', 'Mo|de', /^type Mode = "train" \| "evaluate"\n\nWhat is done\.$/],
    ['of an interface', 'Options|', /^interface Options$/],
    ['of a type of a namespace', 'Geo.Un|it', /^type Geo\.Unit = "m" \| "km"$/],
    ['of a type where one stands', 'let o: Opt|ions', /^interface Options$/],
    ['of what is no more to be used', 'train|All', /Deprecated:\n {2}use train$/],
  ])('%s', async (_, text, plain) => {
    const { content } = await kernel.request('shell', 'inspect_request', { ...withCursor(text), detail_level: 0 });
    expect(content).toMatchObject({ status: 'ok', found: true });
    expect(content.data['text/plain']).toMatch(plain);
  });

  it('has what the doc comment says, as text and as Markdown', async () => {
    const { content } = await kernel.request('shell', 'inspect_request', { ...withCursor('tra|in'), detail_level: 0 });
    expect(content.data['text/plain'].split('\n\n').slice(2)).toEqual([
      'Parameters:\n  options what to do',
      'Returns:\n  how well',
      "Throws:\n  RangeError when it can't",
      "Example:\n  train({ mode: 'train' })",
    ]);
    expect(content.data['text/markdown'].split('\n\n').slice(2)).toEqual([
      '**Parameters**',
      '- `options`: what to do',
      '**Returns**',
      '- how well',
      '**Throws**',
      "- `RangeError`: when it can't",
      '**Example**',
      "```typescript\ntrain({ mode: 'train' })\n```",
    ]);
  });

  it.each(['notThe|re', 'Geo.notThere|', '   |', '// mod|el', "'mod|el'", 'i|f', '|'])(
    'of %s there is none',
    async (text) => {
      const { content } = await kernel.request('shell', 'inspect_request', { ...withCursor(text), detail_level: 0 });
      expect(content).toMatchObject({ status: 'ok', found: false, data: {} });
    },
  );
});
