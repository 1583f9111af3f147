import { JSDOM } from 'jsdom';
import { afterEach, describe, expect, it } from 'vitest';
import { type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { liveHtml, type Still, stillHtml } from './html';

const still: Still = { png: new Uint8Array([1, 2]), width: 3, height: 4, alt: 'a "b"' };
const notebook = { resources: 'kernelspecs/ours' } as NotebookHost;
afterEach(() => setNotebookHost(undefined));

/** What the scripts of a page do: the scripts that they load, and what they have drawn in which element. */
async function run(body: string) {
  const urls: string[] = [];
  const mounts: unknown[][] = [];
  const parents: string[] = [];
  const { window } = new JSDOM(body, {
    runScripts: 'dangerously',
    beforeParse(window) {
      window.tfMechanics = {
        mount(kind: string, element: Element, data: unknown) {
          mounts.push([kind, element.id, data]);
          parents.push(element.parentElement!.tagName);
        },
      };
      window.HTMLHeadElement.prototype.append = (script: HTMLScriptElement) => {
        urls.push(script.getAttribute('src')!);
        setImmediate(() => script.onload!(new window.Event('load')));
      };
    },
  });
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve))); // behind the scripts' own
  window.close();
  return { urls, mounts, parents };
}

describe('the HTML of an output', () => {
  it('keeps the size of a still that is scrolled, so that its texts can be read', () => {
    expect(stillHtml({ ...still, scrolls: true })).toMatch(
      /^<div style="overflow:auto"><img [^>]*width="3"[^>]* style="max-width:none"><\/div>$/,
    );
  });

  it('is a still picture alone where no Jupyter server has the script', () => {
    expect(liveHtml('figure', 'id', {}, still)).toBe(
      '<div id="id"><img src="data:image/png;base64,AQI=" width="3" height="4" alt="a &quot;b&quot;" style="max-width:100%;height:auto"></div>',
    );
  });

  it('takes SVG pictures', () => {
    const html = liveHtml('graph', 'id', {}, { svg: '<svg/>', width: 1, height: 1, alt: '' });
    expect(html).toContain('src="data:image/svg+xml;base64,PHN2Zy8+"');
  });

  it('has a short script', () => {
    setNotebookHost(notebook);
    expect(liveHtml('figure', '', null).length).toBeLessThan(700);
  });

  it('keeps data from ending the script', async () => {
    setNotebookHost(notebook);
    const data = ['</script>', '<!--', '\u2028'];
    const html = liveHtml('figure', 'id', data);
    expect(html.match(/<\/script>|<!--|\u2028/g)).toEqual(['</script>']);
    expect((await run(html)).mounts[0]).toEqual(['figure', 'id', data]);
  });
});

describe('the script of an output', () => {
  it('loads the page script once, from the folder below the base URL of the server', async () => {
    setNotebookHost(notebook);
    const html = liveHtml('figure', 'a', 1) + liveHtml('figure', 'b', 2);
    const config = '<script id="jupyter-config-data" type="application/json">{"baseUrl":"/user/me/"}</script>';
    expect(await run(config + html)).toMatchObject({
      urls: ['/user/me/kernelspecs/ours/page.js'],
      mounts: [
        ['figure', 'a', 1],
        ['figure', 'b', 2],
      ],
    });
  });

  it('finds the base URL in the page of Notebook 6, too', async () => {
    setNotebookHost(notebook);
    const { urls } = await run(`<body data-base-url="/user/me/">${liveHtml('figure', 'a', 1)}</body>`);
    expect(urls).toEqual(['/user/me/kernelspecs/ours/page.js']);
  });

  it("takes the server's base URL and not voila's own in a page of voila", async () => {
    setNotebookHost(notebook);
    const config = '<script id="jupyter-config-data" type="application/json">{"baseUrl":"/user/me/"}</script>';
    const { urls } = await run(
      `<body data-base-url="/user/me/voila/" data-voila="voila">${config}${liveHtml('figure', 'a', 1)}</body>`,
    );
    expect(urls).toEqual(['/user/me/kernelspecs/ours/page.js']);
  });

  it('finds the base URL to be / in a page that tells none', async () => {
    setNotebookHost(notebook);
    expect((await run(liveHtml('figure', 'a', 1))).urls).toEqual(['/kernelspecs/ours/page.js']);
  });

  it('draws in its own output where another has the same id', async () => {
    setNotebookHost(notebook);
    const output = liveHtml('figure', 'same', 1);
    expect((await run(`${output}<section>${output}</section>`)).parents).toEqual(['BODY', 'SECTION']);
  });
});
