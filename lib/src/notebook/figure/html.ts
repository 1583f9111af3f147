/** HTML outputs that come alive where the page lets scripts run, and are a still picture elsewhere. */

import { escapeHtml } from '../../runtime/html';
import { notebookHost } from '../../runtime/notebookHost';
import { pageJson } from './json';

/** What the page's script can draw. */
export type LiveKind = 'figure' | 'graph' | 'sound';

/** A picture, PNG or SVG, in the place of what a script draws. */
export type Still = ({ png: Uint8Array } | { svg: string }) & {
  /** Pixels of the page. */
  width: number;
  height: number;
  /** What it shows, for those who don't see it. */
  alt: string;
  /**
   * Whether it keeps its size and is scrolled to where it has no room.
   *
   * @defaultValue `false`: it becomes smaller
   */
  scrolls?: boolean;
};

/**
 * HTML in which the page's script draws `data`. Until it has, or where no script runs (an untrusted notebook, GitHub, nbconvert,
 * another server), the still stands there; without one there is nothing.
 *
 * @param id the same for each update of an output: the page then changes its drawing instead of making a new one. Two outputs
 *   may share it
 */
export function liveHtml(kind: LiveKind, id: string, data: unknown, still?: Still): string {
  return `<div id="${escapeHtml(id)}">${still ? stillHtml(still) : ''}</div>${script(kind, id, data)}`;
}

/** A still, by itself. */
export function stillHtml(still: Still): string {
  const [type, bytes] = 'png' in still ? ['png', still.png] : ['svg+xml', still.svg];
  const source = `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
  const image = (style: string) =>
    `<img src="${source}" width="${still.width}" height="${still.height}" alt="${escapeHtml(still.alt)}" style="${style}">`;
  if (!still.scrolls) return image('max-width:100%;height:auto');
  return `<div style="overflow:auto">${image('max-width:none')}</div>`;
}

/**
 * Loads the page's script unless an output before did, and has it draw. It takes the element before itself, and the one of that
 * id in pages that move scripts elsewhere before they run them. The server's base URL stands in JupyterLab's page as JSON, and in that of
 * Notebook 6 at its body.
 */
function script(kind: LiveKind, id: string, data: unknown): string {
  const folder = notebookHost()?.resources;
  if (folder === undefined) return '';
  const url = pageJson(`${folder}/page.js`);
  return `<script>((w,d,i)=>{let e=d.currentScript?.previousElementSibling,b=d.body.dataset.baseUrl||'/';
if(e?.id!=i)e=d.getElementById(i);
try{b=JSON.parse(d.getElementById('jupyter-config-data').textContent).baseUrl||b}catch{}
(w.tfMechanicsPage??=new Promise((y,n)=>{const s=d.createElement('script');s.src=b+${url};
s.onload=()=>y(w.tfMechanics);s.onerror=n;d.head.append(s)}))
.then(p=>p.mount('${kind}',e,${pageJson(data)}),()=>{delete w.tfMechanicsPage})
})(window,document,${pageJson(id)})</script>`;
}
