/** The examples as modules: what compiles with the types that users get, and what runs with the sources. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { transform } from 'esbuild';
import * as library from '../../lib/src';
import type { Context } from './context';
import { type Example, examplesOfMarkdown, examplesOfSources, programOf, root, type Said } from './extract';

/** An example, its imports apart, and what its lines say that they give. */
export interface Program extends Example {
  imports: string;
  statements: string;
  said: Said[];
}

/** All that there are. */
export const programs: readonly Program[] = [
  ...examplesOfSources(),
  ...['README.md', 'lib/README.md', 'docs/notebooks.md', 'docs/projects.md', 'docs/library.md'].flatMap(
    examplesOfMarkdown,
  ),
].map((example) => ({ ...example, ...programOf(example) }));

type Check = (i: number, value: unknown) => Promise<void>;

/** An example as a module: a function of what examples may name, of which it uses some, and of who looks at what it gives. */
export function moduleOf(program: Program, used: readonly string[]): string {
  const { imports, statements } = program;
  const given = Object.keys(library).filter(
    (name) => mentions(program, name) && !imports.includes("from 'tf-mechanics'"),
  );
  return `${imports}
import { ${given.join(', ')} } from 'tf-mechanics';
${importsOfItsFile(program, given)}
import type { Context } from '${path.join(root, 'tests/examples/context')}';
export default async ({ ${used.join(', ')} }: Context, check: (i: number, value: unknown) => Promise<void>) => {{
${statements}
}};
`;
}

/** Runs what `moduleOf` made. */
export async function runModule({ file }: Example, text: string, context: Context, check: Check): Promise<void> {
  const { code } = await transform(text, { loader: 'ts', format: 'cjs', target: 'es2022' });
  const modules: Record<string, unknown> = { 'tf-mechanics': offline };
  const itsFile = compiledFrom(file);
  if (code.includes(`require("${itsFile}")`)) modules[itsFile] = await import(file);
  const require = createRequire(path.join(root, 'package.json'));
  const module: { exports: { default?: (context: Context, check: Check) => Promise<void> } } = { exports: {} };
  new Function('require', 'module', 'exports', code)(
    (name: string) => modules[name] ?? require(name),
    module,
    module.exports,
  );
  await module.exports.default!(context, check);
}

/** Whether an example speaks of `name`, not only of a member called so. */
export const mentions = ({ code }: Example, name: string) =>
  new RegExp(`(?<![\\w'/]|(?<!\\.\\.)\\.)${name}\\b(?!['/])`).test(code);

/** What isn't public is imported from the file in which its example stands. */
function importsOfItsFile(example: Example, given: readonly string[]): string {
  const { file } = example;
  if (!file.endsWith('.ts')) return '';
  const exported = readFileSync(file, 'utf8').matchAll(
    /^export (?:async |abstract )*(?:function\*?|class|const|type) (\w+)/gm,
  );
  const names = new Set([...exported].map(([, name]) => name!));
  const used = [...names].filter((name) => mentions(example, name) && !given.includes(name));
  return used.length ? `import { ${used.join(', ')} } from '${compiledFrom(file)}';` : '';
}

/** What a source file is compiled to, without its ending: examples see the types that users get. */
const compiledFrom = (file: string) =>
  path.join(root, 'lib/dist', path.relative(path.join(root, 'lib/src'), file)).slice(0, -'.ts'.length);

/** The library, whose data sets are made-up digits: examples run without a network. */
const offline = {
  ...library,
  data: {
    ...library.data,
    readDataSets: (folder: string, options: object) =>
      library.data.readDataSets(folder, { ...options, fakeData: true }),
  },
};
