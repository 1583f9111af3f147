import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { inRoot } from './paths.mjs';
import { checkPython } from './python.mjs';

afterEach(() => vi.unstubAllEnvs());

it('says, where there is no Python, how to get it and what works without', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'path-'));
  vi.stubEnv('PATH', folder);
  const error = await checkPython().catch((error) => error);
  rmSync(folder, { recursive: true });
  expect(error.message).toContain('need Python 3.9 or later');
  expect(error.message).toMatch(/Debian and Ubuntu: apt .*Fedora: dnf .*macOS: brew /);
  expect(error.message).toContain('npm run train works without it');
});

it('installs nothing that requirements.in leaves out', () => {
  const [wanted, pinned] = ['requirements.in', 'requirements.txt'].map((file) => readFileSync(inRoot(file), 'utf8'));
  const leftOut = [...wanted.matchAll(/--no-emit-package ([\w-]+)/g)].map(([, name]) => name);
  const installed = [...pinned.matchAll(/^([\w.-]+)==/gm)].map(([, name]) => name);
  expect(leftOut).toContain('lark');
  expect(installed).toContain('jsonschema');
  expect(installed.filter((name) => leftOut.includes(name))).toEqual([]);
});
