/**
 * The packed library and kernel in somebody's empty folder, for a user with an empty home: libtensorflow is got, looked after and used,
 * and the kernel made known and started.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { KernelClient } from '../kernel/src/testing/client';
import { fits, purposes } from '../lib/src/cli/doctor';
import { locateLibrary } from '../lib/src/runtime/locate';
import { addKernel, manifest, packed } from './packed';
import { unpack } from './savedModels/kept';

const library = packed();
const { project } = library;
const home = path.join(project, 'home');
const here = path.dirname(realpathSync(locateLibrary().main));
const link = path.join(home, '.cache', 'tf-mechanics', 'libtensorflow');

beforeAll(async () => {
  mkdirSync(home);
  // Where Node and the system's programs are, and no Python that could have a TensorFlow.
  mkdirSync(path.join(project, 'bin'));
  await addKernel(library);
});

const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TF_|XDG_|JUPYTER|npm_|INIT_CWD)/.test(name)),
  ),
  HOME: home,
  PATH: path.join(project, 'bin'),
};

/** `npx tf-mechanics …` in the folder. */
function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = path.join(project, 'node_modules', 'tf-mechanics', 'bin', 'tf-mechanics.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: project,
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

interface Finding {
  readonly what: string;
  readonly state: string;
  readonly says: string;
  readonly needed: boolean;
}

function doctor(): { status: number | null; of: Record<string, Finding | undefined> } {
  const { status, stdout } = run('doctor', '--json');
  const findings = JSON.parse(stdout) as Finding[];
  return { status, of: Object.fromEntries(findings.map((finding) => [finding.what, finding])) };
}

it('shows what a saved model takes and gives without libtensorflow', () => {
  const place = unpack('ragged_and_sparse', path.join(project, 'a saved model'));
  const { status, stdout, stderr } = run('saved-model', 'show', place);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain("\nMetaGraphDef with tag-set: 'serve' contains the following SignatureDefs:\n");
  expect(stdout).toContain("    outputs['product'] tensor_info:\n        dtype: DT_FLOAT\n        shape: (-1, 1)\n");
});

it('says its version, and without libtensorflow what to do, in one line', () => {
  expect(run('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  const { status, of } = doctor();
  expect(status).toBe(1);
  expect(of.libtensorflow).toMatchObject({
    state: 'missing',
    needed: true,
    says: expect.stringMatching(/npx tf-mechanics setup$/),
  });
  expect(of['python3 with pip']).toMatchObject({ state: 'missing', needed: false });
  expect(of.jsdom).toMatchObject({
    state: 'missing',
    needed: false,
    says: expect.stringMatching(/: npm install jsdom@/),
  });
  expect(Object.values(of).filter((finding) => finding?.needed && finding.state !== 'ok')).toHaveLength(1);
  expect(run('doctor')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^missing {2}libtensorflow +not in the cache, /m),
  });
  const program = "new (require('tf-mechanics').tf.Graph)().asDefault(() => require('tf-mechanics').tf.constant(1))";
  const { stderr } = spawnSync(process.execPath, ['-e', program], { cwd: project, env: environment, encoding: 'utf8' });
  expect(stderr).toContain(`libtensorflow was not found: not in ${link}`);
  expect(stderr).toContain('To fetch it run: npx tf-mechanics setup');
  expect(run('setup')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('setup --from <the file>'),
  });
});

it('says that what the cache links to is gone', () => {
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync('/gone/tensorflow', link);
  const says = `${link} leads to /gone/tensorflow, which is gone: npx tf-mechanics setup`;
  expect(doctor()).toMatchObject({ status: 1, of: { cache: { state: 'wrong', says } } });
});

it('gets libtensorflow from a folder, once, and says that it runs', () => {
  expect(run('setup', '--from', here)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^libtensorflow 2\.\d+\.\d+ is ready: /),
    stderr: `set-up: libtensorflow (from ${here})\n`,
  });
  expect(realpathSync(link)).toBe(here);
  expect(run('setup')).toEqual({ status: 0, stdout: expect.stringContaining(`is ready: ${link}\n`), stderr: '' });
  const { status, of } = doctor();
  expect(status).toBe(0);
  expect(of.libtensorflow).toMatchObject({
    state: 'ok',
    says: expect.stringMatching(`^2\\..* \\(a link to ${here}\\), in the cache; it runs$`),
  });
});

it('refuses a libtensorflow that does not work, in one line, and keeps the one that does', () => {
  const broken = path.join(project, 'broken');
  mkdirSync(broken);
  writeFileSync(path.join(broken, path.basename(locateLibrary().main)), 'no library');
  const { status, stdout, stderr } = run('setup', '--from', broken);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr.trim().split('\n')).toEqual([
    `set-up: libtensorflow (from ${broken})`,
    expect.stringMatching(`^error: the libtensorflow in ${broken} does not work here: .*`),
  ]);
  expect(realpathSync(link)).toBe(here);
  rmSync(broken, { recursive: true });
});

it('makes the kernel known for an environment, where it starts, finds the library and computes', async () => {
  const place = ['--prefix', 'environment'];
  const spec = path.join(project, 'environment', 'share', 'jupyter', 'kernels', 'tf-mechanics');
  expect(run('kernel', 'list', ...place).stdout).toBe('tf-mechanics is not installed\n');
  expect(run('kernel', 'install', ...place)).toEqual({
    status: 0,
    stdout: `installed tf-mechanics for ${path.join(project, 'environment')}: ${spec}\n`,
    stderr: expect.stringContaining('npm install plotly.js-dist'),
  });
  expect(readdirSync(spec).sort()).toEqual(
    ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg', 'page.js'].sort(),
  );
  expect(run('kernel', 'list', ...place).stdout).toContain(spec);
  const { argv, env } = JSON.parse(readFileSync(path.join(spec, 'kernel.json'), 'utf8'));
  expect(argv[1]).toBe(path.join(project, 'node_modules', 'tf-mechanics-kernel', 'dist', 'main.js'));

  const kernel = await KernelClient.start({
    main: argv[1],
    cwd: project,
    env: { ...environment, ...env, TF_MECHANICS_LIBTENSORFLOW: '', TF_MECHANICS_CACHE: '', XDG_CACHE_HOME: '' },
  });
  try {
    await kernel.run("import { tf } from 'tf-mechanics';");
    const { result, stderr } = await kernel.run('const six: number = new tf.Session().runSync(tf.multiply(2, 3)); six');
    expect([result, stderr]).toEqual(['6', '']);
  } finally {
    await kernel.shutDown();
  }
  expect(run('kernel', 'uninstall', ...place).status).toBe(0);
  expect(existsSync(spec)).toBe(false);
});

it('makes the kernel known for the user, and says in doctor when it is gone', () => {
  expect(run('kernel', 'install').stdout).toContain(
    path.join(home, '.local', 'share', 'jupyter', 'kernels', 'tf-mechanics'),
  );
  const { of } = doctor();
  expect(of['kernel in Jupyter']).toMatchObject({ state: 'ok' });
  expect(of['tf-mechanics-kernel']).toMatchObject({ state: 'ok' });
  rmSync(path.join(project, 'node_modules', 'tf-mechanics-kernel'), { recursive: true });
  expect(doctor().of['kernel in Jupyter']).toMatchObject({
    state: 'wrong',
    says: expect.stringMatching(/main\.js is gone; /),
  });
  expect(run('kernel', 'list').stdout).toContain('install it again');
  expect(run('kernel', 'install')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: the kernel is a package of its own: npm install --save-dev tf-mechanics-kernel\n',
  });
});

it.each([
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.3', '^1.2.3', true],
  ['1.3.0', '^1.2.3', true],
  ['1.1.9', '^1.2.3', false],
  ['2.0.0', '^1.2.3', false],
  ['0.4.3', '^0.4.2', true],
  ['0.5.0', '^0.4.2', false],
])('takes %s for %s: %s', (version, wanted, does) => {
  expect(fits(version, wanted)).toBe(does);
});

it('says for what each optional package is', () => {
  expect(Object.keys(purposes)).toEqual(Object.keys(manifest.peerDependencies));
});
