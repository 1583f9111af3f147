import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jupyterEnvironment } from '../setup/jupyter.mjs';
import { freePort } from './ports.mjs';
import { serve } from './serve.mjs';
import { jupyterLab, tensorBoard } from './servers.mjs';

describe('jupyterEnvironment', () => {
  it("unsets what is meant for another Jupyter and leaves the user's folders alone", () => {
    const changes = jupyterEnvironment({ JUPYTER_TOKEN: 'theirs', JPY_PARENT_PID: '1', PATH: '/bin' });
    expect(changes).toMatchObject({ JUPYTER_TOKEN: undefined, JPY_PARENT_PID: undefined });
    expect(changes.JUPYTER_DATA_DIR).toContain('.cache');
    expect(changes).not.toHaveProperty('PATH');
  });
});

describe('jupyterLab', () => {
  it('has a token of its own each time, which is not among the arguments', () => {
    const one = jupyterLab(1);
    const token = one.env.JUPYTER_TOKEN;
    expect(one.address).toContain(`?token=${token}`);
    expect(jupyterLab(1).env.JUPYTER_TOKEN).not.toBe(token);
    expect(one.args.join()).not.toContain(token);
  });

  it('opens the first notebook, in the language that is asked for', () => {
    const opened = (...language) => new URL(jupyterLab(1, [], ...language).address).pathname;
    expect(opened()).toBe('/lab/tree/01-mechanics-101.ipynb');
    expect(opened('en')).toBe('/lab/tree/01-mechanics-101.ipynb');
    expect(opened('zh')).toBe('/lab/tree/zh/01-mechanics-101.ipynb');
  });

  it("lets the user's options take the place of ours, since Jupyter takes none twice", () => {
    const { args } = jupyterLab(1, ['--ServerApp.root_dir=/notes', '--debug']);
    expect(args.filter((option) => option.startsWith('--ServerApp.root_dir'))).toEqual(['--ServerApp.root_dir=/notes']);
    expect(args).toEqual(expect.arrayContaining(['--debug', '--ServerApp.ip=127.0.0.1']));
  });
});

describe.skipIf(!existsSync(jupyterLab(1).command))('the servers of .venv (npm run setup makes it)', () => {
  let home;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'home-'));
    vi.stubEnv('HOME', home);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });

  it('answer on this machine: JupyterLab to its token, with our kernel only, and what its outputs load', async () => {
    const port = await freePort(18888);
    const lab = jupyterLab(port);
    const board = tensorBoard(await freePort(16006));
    const get = (where) => fetch(new URL(where, lab.address), { redirect: 'manual' });
    const token = lab.env.JUPYTER_TOKEN;
    const code = await serve([lab, board], async () => {
      try {
        expect((await get('/api/kernelspecs')).status).toBe(403);
        const { kernelspecs } = await (await get(`/api/kernelspecs?token=${token}`)).json();
        expect(Object.keys(kernelspecs)).toEqual(['tf-mechanics']);
        for (const file of ['plotly.min.js', 'page.js', 'logo-svg.svg']) {
          const response = await get(`/kernelspecs/tf-mechanics/${file}?token=${token}`);
          expect([file, response.status]).toEqual([file, 200]);
        }
        const page = await fetch(lab.address);
        expect(page.status).toBe(200);
        // Else each page has the server ask a package manager what there is to build, which takes it a second.
        expect(await page.text()).toMatch(/"buildCheck": false/);
        expect((await fetch(`${board.address}data/environment`)).status).toBe(200);
        expect(existsSync(path.join(home, '.jupyter'))).toBe(false);
      } finally {
        process.emit('SIGTERM', 'SIGTERM');
      }
    });
    expect(code).toBe(0);
    await expect(fetch(lab.probe)).rejects.toThrow();
    await expect(fetch(board.probe)).rejects.toThrow();
  });
});
