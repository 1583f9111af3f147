/** The package as others install it: what is in it, what it brings along, and that it does without what only some need. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateLibrary } from '../lib/src/runtime/locate';
import { brought, installed, json, lib, manifest, packed, root } from './packed';

const kit = json(root, 'package.json');
const library = packed();
const { project, folder, link } = library;

const filesIn = (parent: string) =>
  readdirSync(parent, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** What a program in the folder prints. */
function run(file: string, code: string): string {
  writeFileSync(path.join(project, file), code);
  const { main } = locateLibrary();
  const env = { ...process.env, TF_MECHANICS_LIBTENSORFLOW: path.dirname(main) };
  return execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8', env });
}

describe('the package', () => {
  it('has what runs and its declarations, in less than 1.1 MB, and nothing of how it is made', () => {
    const { files, size } = library;
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']));
    expect(files).toContain('dist/notebook/page.js');
    const odd = files.filter((file) => !/^dist\/.+(\.d\.ts|\.js)$|^(shared|bin|setup|templates)\/|^[^/]+$/.test(file));
    expect(odd).toEqual([]);
    const own = files.filter((file) => !file.startsWith('templates/')); // whose tests are those of projects
    expect(own.filter((file) => /\.test\.|(^|\/)testing\/|tsbuildinfo|\.map$/.test(file))).toEqual([]);
    expect(files).toContain('templates/all/gitignore');
    const naming = files.filter((file) =>
      /sourceMappingURL=(?!data:)/.test(readFileSync(path.join(folder, file), 'utf8')),
    );
    expect(naming).toEqual([]);
    expect(size).toBeLessThan(1.1e6);
  });

  it("has every file that its entries name, and the repository's license", () => {
    const named = Object.values<string | object>(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values<string>(entry as never),
    );
    const files = [manifest.main, manifest.types, ...Object.values<string>(manifest.bin), ...named];
    expect(files.filter((file) => !existsSync(path.join(folder, file)))).toEqual([]);
    expect(Object.keys(manifest.exports)).toEqual(['.', './summary', './cli', './kernel-host', './package.json']);
    // For compilers that look at no `exports`.
    const types = Object.entries<{ types: string }>(manifest.exports).flatMap(([entry, { types }]) =>
      entry !== '.' && types ? [[entry.slice(2), [types.slice(2)]]] : [],
    );
    expect(manifest.typesVersions).toEqual({ '*': Object.fromEntries(types) });
    expect(readFileSync(path.join(folder, 'LICENSE'))).toEqual(readFileSync(path.join(root, 'LICENSE')));
  });

  it('brings at most 20 packages and 20 MB along', () => {
    expect(brought.size).toBeGreaterThan(5);
    expect(brought.size).toBeLessThanOrEqual(20);
    const folders = [folder, ...[...brought].map(installed)];
    const sizes = folders.flatMap(filesIn).map((file) => statSync(path.join(file.parentPath, file.name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(20e6);
  });

  it('brings nothing with an install script, for which pnpm ends with an error', () => {
    const scripts = (name: string) => Object.keys(json(installed(name), 'package.json').scripts ?? {});
    const names = ['preinstall', 'install', 'postinstall'];
    expect([...brought].filter((name) => scripts(name).some((script) => names.includes(script)))).toEqual([]);
    expect(Object.keys(manifest.scripts ?? {})).toEqual([]);
  });

  it('leaves what only some need to them, of the versions that the repository has', () => {
    const { peerDependencies, peerDependenciesMeta } = manifest;
    expect(Object.keys(peerDependenciesMeta)).toEqual(Object.keys(peerDependencies));
    expect(Object.values<object>(peerDependenciesMeta)).toEqual(
      Object.keys(peerDependencies).map(() => ({ optional: true })),
    );
    const { '@tensorflow/tfjs-core': typesOfTfjsNode, ...needed } = peerDependencies;
    expect(kit.dependencies).toMatchObject(needed);
    expect(typesOfTfjsNode).toBe(needed['@tensorflow/tfjs-node']);
  });

  it('is imported and computes without them, from CommonJS and from ES modules', () => {
    const program = 'console.log(new tf.Session().runSync(tf.square(tf.constant(3))), typeof cli);';
    const esm = `import { tf } from 'tf-mechanics'; import { cli } from 'tf-mechanics/cli';
      import 'tf-mechanics/summary'; import 'tf-mechanics/kernel-host';`;
    expect(run('a.mjs', `${esm}\n${program}`)).toBe('9 function\n');
    const requires = `const { tf } = require('tf-mechanics'), { cli } = require('tf-mechanics/cli');`;
    expect(run('a.cjs', `${requires}\n${program}`)).toBe('9 function\n');
  });

  it('says in one line what is missing where it is needed, with the command that installs it', () => {
    const output = run(
      'b.cjs',
      `const { tf, Figure, models } = require('tf-mechanics');
      const figure = new Figure([{ y: [1, 2] }]);
      const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
      require('node:fs').writeFileSync('picture.png', picture);
      (async () => {
        for (const need of [
          async () => tf.hostArray([1]).toTensor(),
          () => figure.toHtml(),
          () => figure.toPng(),
          () => models.readImages('picture.png'),
        ])
          await need().then(console.log, ({ name, message }) => console.log(name + ': ' + message));
      })();`,
    );
    const install = (...names: string[]) =>
      names.map((name) => `${name}@${manifest.peerDependencies[name].replace('^', '')}`).join(' ');
    const still = ['plotly.js-dist', 'jsdom', '@napi-rs/canvas', '@expo-google-fonts/open-sans'];
    const missing = (purpose: string, ...names: string[]) =>
      `FailedPreconditionError: ${purpose} needs ${names.join(', ')}, which ${names.length > 1 ? 'are' : 'is'} not installed; ` +
      `install ${names.length > 1 ? 'them' : 'it'} by: npm install ${install(...names)}`;
    expect(output.trim().split('\n')).toEqual([
      missing('conversion to a tfjs tensor', '@tensorflow/tfjs-node'),
      missing('the HTML file of a figure', 'plotly.js-dist'),
      missing('a still picture of a figure', ...still),
      missing('reading a picture', '@napi-rs/canvas'),
    ]);
  });

  it("has Plotly's own file in a figure's HTML, where the repository has the one that its build minified", () => {
    link('plotly.js-dist');
    const program = `const { Figure } = require('tf-mechanics');
      new Figure([{ y: [1, 2] }]).toHtml().then((html) => console.log(html.length, html.split('</script>').length));`;
    const [length, scripts] = run('c.cjs', program).split(' ').map(Number);
    const html = readFileSync(path.join(installed('plotly.js-dist'), 'plotly.js'), 'utf8');
    expect(scripts).toBe(3);
    expect(length! - html.length).toBeGreaterThan(0);
    const minified = readFileSync(path.join(lib, 'dist', 'notebook', 'plotly.min.js'), 'utf8');
    expect(minified.length).toBeLessThan(html.length / 2);
    expect(minified.slice(0, 200)).toContain('MIT license');
  });
});
