import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { inspect } from 'node:util';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jupyterDisplay, type MimeBundle, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { Figure } from './figure';

const squares = () =>
  new Figure([{ x: [1, 2, 3], y: [1, 4, 9], name: 'squares' }], { title: { text: '<b>Squares</b>' } });

/** A PNG file's pixels as `#rrggbb`, row after row. */
async function colorsOf(
  png: Uint8Array,
): Promise<{ width: number; height: number; colors: string[]; opacities: number[] }> {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const hex = Buffer.from(data).toString('hex');
  const colors = Array.from({ length: data.length / 4 }, (_, i) => `#${hex.slice(8 * i, 8 * i + 6)}`);
  const opacities = Array.from(colors, (_, i) => data[4 * i + 3]!);
  return { width: image.width, height: image.height, colors, opacities };
}

const shown: MimeBundle[] = [];
const notebook = {
  resources: 'kernelspecs/ours',
  display: (data: MimeBundle) => shown.push(data),
} as never as NotebookHost;
afterEach(() => {
  setNotebookHost(undefined);
  shown.length = 0;
  vi.restoreAllMocks();
});

it('a figure is a page of its own, with Plotly within', async () => {
  const html = await squares().toHtml();
  expect(html).toContain('<title>Squares</title>');
  expect(html).toContain('"name":"squares"');
  expect(html.length).toBeGreaterThan(1e6);
});

describe('a figure in a notebook', () => {
  it('is HTML with a still, a PNG and text', async () => {
    setNotebookHost(notebook);
    const bundle = await squares()[jupyterDisplay]();
    expect(Object.keys(bundle)).toEqual(['text/html', 'text/plain', 'image/png']);
    expect(bundle['text/plain']).toBe('[Squares: squares]');
    expect(bundle['text/html']).toContain(`<img src="data:image/png;base64,${bundle['image/png']}"`);
    expect(bundle['text/html']).toContain('alt="Squares. squares: from 1 to 9, between 1 and 9, over 1 to 3."');
    expect(bundle['text/html']).toContain('{"data":[{"x":[1,2,3],"y":[1,4,9],"name":"squares"}],"layout"');
  });

  it('has a still that lies on any page: nothing is behind it, and its texts are neither black nor white', async () => {
    setNotebookHost(notebook);
    const { colors, opacities } = await colorsOf(
      Buffer.from((await squares()[jupyterDisplay]())['image/png'] as string, 'base64'),
    );
    expect(opacities.filter((opacity) => opacity === 0).length).toBeGreaterThan(200_000);
    expect(colors.filter((color, i) => color === '#767676' && opacities[i] === 255).length).toBeGreaterThan(100);
    expect(colors.filter((color, i) => color === '#ffffff' && opacities[i]! > 0)).toEqual([]);
  });

  it('gives the same output each time', async () => {
    setNotebookHost(notebook);
    expect(await squares()[jupyterDisplay]()).toEqual(await squares()[jupyterDisplay]());
  });

  it('is shown where it stands by show()', async () => {
    setNotebookHost(notebook);
    await squares().show();
    expect(shown).toEqual([await squares()[jupyterDisplay]()]);
  });
});

it('a figure in a plain program is printed as text', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await squares().show();
  expect(inspect(log.mock.calls[0]![0])).toBe('[Squares: squares]');
});

describe('a still picture', () => {
  it('has the size of the layout, and else 640 × 360', async () => {
    expect(await colorsOf(await squares().toPng())).toMatchObject({ width: 640, height: 360 });
    const small = new Figure([], { width: 200, height: 100 });
    expect(await colorsOf(await small.toPng())).toMatchObject({ width: 200, height: 100 });
  });

  it('has lines and a legend in the colours of the theme, and a white background', async () => {
    const two = new Figure([
      { y: [1, 2], name: 'a' },
      { y: [2, 1], name: 'b' },
    ]);
    const { colors } = await colorsOf(await two.toPng());
    const count = (color: string) => colors.filter((one) => one === color).length;
    expect(count('#0072b2')).toBeGreaterThan(100);
    expect(count('#d55e00')).toBeGreaterThan(100);
    expect(count('#ffffff')).toBeGreaterThan(200_000);
  });

  it('has heatmaps with a colour bar', async () => {
    const figure = new Figure([{ type: 'heatmap', z: [[0, 1]], colorbar: { thickness: 30 } }]);
    const { width, height, colors } = await colorsOf(await figure.toPng());
    const row = colors.slice(width * (height / 2), width * (height / 2 + 1));
    expect(row.filter((color) => color === '#f7fbff').length).toBeGreaterThan(150);
    const dark = row.lastIndexOf('#08306b');
    const middleOfBar = row.slice(dark + 1).filter((color) => color === '#6fb0d7');
    expect(middleOfBar.length).toBeGreaterThan(20);
  });

  it('leaves the figure as it is', async () => {
    const figure = new Figure([{ y: [1, 2] }], { xaxis: {} });
    await figure.toPng();
    expect(figure).toEqual(new Figure([{ y: [1, 2] }], { xaxis: {} }));
  });

  it('does not keep the process alive, nor say anything', () => {
    const script = `const { Figure } = require(${JSON.stringify(path.join(__dirname, '../../../dist/library.js'))})('notebook/figure/figure');
new Figure([{ y: [1, 2] }]).toPng().then((png) => console.log(png.length > 1000));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 30_000 });
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' });
  });
});

describe('a saved figure', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'figure-'));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is a PNG or a whole HTML file, by its name', async () => {
    fs.mkdirSync(folder, { recursive: true });
    await squares().save(path.join(folder, 'a.png'));
    await squares().save(path.join(folder, 'a.HTML'));
    expect(fs.readFileSync(path.join(folder, 'a.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(fs.readFileSync(path.join(folder, 'a.HTML'), 'utf8')).toMatch(/^<!doctype html>.*"name":"squares"/s);
  });

  it('has no other form', async () => {
    await expect(squares().save('a.jpg')).rejects.toThrow('a figure is saved as .png or .html, not as a.jpg');
  });
});
