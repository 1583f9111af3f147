import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findKernel,
  installedNames,
  installedSpec,
  installSpec,
  isCurrent,
  missingOf,
  specFolder,
  uninstallSpec,
  userData,
} from './kernelSpec.mjs';

const inRepository = (...parts) => path.join(fileURLToPath(new URL('../..', import.meta.url)), ...parts);
const parts = { kernel: inRepository('kernel'), plotly: inRepository('lib', 'dist', 'notebook', 'plotly.min.js') };

let data;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'jupyter-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const kernelJson = (name) => JSON.parse(readFileSync(path.join(data, 'kernels', name, 'kernel.json'), 'utf8'));

describe('userData', () => {
  const of = (env, platform = 'linux') => userData({ env, platform, home: '/home/ada' });

  it('is where Jupyter looks', () => {
    expect(of({})).toBe('/home/ada/.local/share/jupyter');
    expect(of({}, 'darwin')).toBe('/home/ada/Library/Jupyter');
  });

  it('is nowhere without a home, which is said', () => {
    expect(() => userData({ env: {}, home: '' })).toThrow('set HOME, or JUPYTER_DATA_DIR, or name a --prefix');
    expect(userData({ env: { XDG_DATA_HOME: '/data' }, home: '', platform: 'linux' })).toBe('/data/jupyter');
  });

  it('is where the environment puts it', () => {
    expect(of({ XDG_DATA_HOME: '/data' })).toBe('/data/jupyter');
    expect(of({ XDG_DATA_HOME: '/data' }, 'darwin')).toBe('/home/ada/Library/Jupyter');
    expect(of({ XDG_DATA_HOME: '/data', JUPYTER_DATA_DIR: '/jupyter' })).toBe('/jupyter');
  });
});

describe('installSpec', () => {
  it('tells Jupyter how to start the kernel with this Node, and what it is called', async () => {
    expect(await installSpec(data, parts)).toBe(path.join(data, 'kernels', 'tf-mechanics'));
    const { argv, ...rest } = kernelJson('tf-mechanics');
    expect(argv).toEqual([
      process.execPath,
      expect.stringMatching(/^\/.*kernel\/dist\/main\.js$/),
      '{connection_file}',
    ]);
    expect(rest).toEqual({
      display_name: 'TypeScript (tf-mechanics)',
      language: 'typescript',
      interrupt_mode: 'message',
      env: { TF_MECHANICS_KERNEL_NAME: 'tf-mechanics' },
      metadata: { debugger: false },
    });
  });

  it('puts beside it the logos and what outputs load, and leaves nothing else behind', async () => {
    await installSpec(data, parts);
    expect(readdirSync(path.join(data, 'kernels'))).toEqual(['tf-mechanics']);
    expect(readdirSync(specFolder(data)).sort()).toEqual(
      ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg', 'page.js', 'plotly.min.js'].sort(),
    );
  });

  it('goes without Plotly where there is none', async () => {
    await installSpec(data, { ...parts, plotly: undefined });
    expect(readdirSync(specFolder(data))).not.toContain('plotly.min.js');
  });

  it('takes another name', async () => {
    await installSpec(data, parts, 'other');
    expect(kernelJson('other')).toMatchObject({
      display_name: 'TypeScript (other)',
      env: { TF_MECHANICS_KERNEL_NAME: 'other' },
    });
  });

  it('replaces what is there', async () => {
    await installSpec(data, parts);
    writeFileSync(path.join(specFolder(data), 'old'), '');
    await installSpec(data, parts);
    expect(existsSync(path.join(specFolder(data), 'old'))).toBe(false);
  });
});

describe('findKernel', () => {
  it('prefers what the project has installed, and finds what is beside the library', () => {
    const own = path.join(data, 'node_modules', 'tf-mechanics-kernel');
    mkdirSync(own, { recursive: true });
    expect(findKernel(data)).toBe(inRepository('kernel'));
    writeFileSync(path.join(own, 'package.json'), '{}');
    expect(findKernel(data)).toBe(realpathSync(own));
  });
});

describe('installedNames', () => {
  it("are those of this project's kernels, of which missingOf says what they lack", async () => {
    expect(installedNames(data)).toEqual([]);
    mkdirSync(specFolder(data, 'python3'), { recursive: true });
    writeFileSync(path.join(specFolder(data, 'python3'), 'kernel.json'), '{}');
    for (const name of ['tf-mechanics', 'other']) await installSpec(data, parts, name);
    expect(installedNames(data)).toEqual(['other', 'tf-mechanics']);
    expect(missingOf(installedSpec(data))).toBeUndefined();
    expect(missingOf({ argv: [process.execPath, '/gone/main.js', '{connection_file}'] })).toBe('/gone/main.js');
  });
});

describe('isCurrent', () => {
  it('holds until a file is missing or has changed', async () => {
    expect(isCurrent(data, parts)).toBe(false);
    await installSpec(data, parts);
    expect(isCurrent(data, parts)).toBe(true);
    for (const file of readdirSync(specFolder(data))) {
      writeFileSync(path.join(specFolder(data), file), 'changed');
      expect([file, isCurrent(data, parts)]).toEqual([file, false]);
      await installSpec(data, parts);
    }
    rmSync(path.join(specFolder(data), 'page.js'));
    expect(isCurrent(data, parts)).toBe(false);
  });
});

describe('uninstallSpec', () => {
  it('removes the kernel, and says where there is none', async () => {
    await installSpec(data, parts);
    expect(installedSpec(data)).toMatchObject({ language: 'typescript' });
    expect(uninstallSpec(data)).toBe(true);
    expect(readdirSync(path.join(data, 'kernels'))).toEqual([]);
    expect(uninstallSpec(data)).toBe(false);
  });

  it("leaves others' kernels alone", () => {
    mkdirSync(specFolder(data, 'python3'), { recursive: true });
    writeFileSync(path.join(specFolder(data, 'python3'), 'kernel.json'), '{"language": "python"}');
    expect(uninstallSpec(data, 'python3')).toBe(false);
    expect(kernelJson('python3')).toEqual({ language: 'python' });
  });
});
