/** HTML outputs that are interactive if the page runs scripts, and still pictures otherwise. */

import { escapeHtml } from '../../runtime/html';
import { notebookHost } from '../../runtime/notebookHost';
import { pageJson } from './json';

/** The kinds of outputs that the page's script can draw. */
export type LiveKind = 'figure' | 'graph' | 'sound';

/** A picture, PNG or SVG, that replaces what a script draws. */
export type Still = ({ png: Uint8Array } | { svg: string }) & {
  /** In CSS pixels. */
  width: number;
  height: number;
  /** A description for screen readers. */
  alt: string;
  /**
   * Whether it keeps its size and scrolls if there isn't enough room.
   *
   * @defaultValue `false`: it shrinks
   */
  scrolls?: boolean;
};

/**
 * HTML in which the page's script draws `data`. Until it has, or if scripts don't run (an untrusted notebook, GitHub,
 * nbconvert, another server), the still is shown; without a still, nothing.
 *
 * @param id stays the same for each update of an output, so that the page updates its drawing instead of creating a new
 * one. Two outputs may share it
 */
export function liveHtml(kind: LiveKind, id: string, data: unknown, still?: Still): string {
  return `<div id="${escapeHtml(id)}">${still ? stillHtml(still) : ''}</div>${script(kind, id, data)}`;
}

/** A still without a script. */
export function stillHtml(still: Still): string {
  const [type, bytes] = 'png' in still ? ['png', still.png] : ['svg+xml', still.svg];
  const source = `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
  const image = (style: string) =>
    `<img src="${source}" width="${still.width}" height="${still.height}" alt="${escapeHtml(still.alt)}" style="${style}">`;
  if (!still.scrolls) return image('max-width:100%;height:auto');
  return `<div style="overflow:auto">${image('max-width:none')}</div>`;
}

/**
 * Loads the page's script, unless an earlier output did, and draws. It uses the element before itself or, in pages that
 * move scripts before running them, the one with the id. JupyterLab's page contains the server's base URL as JSON,
 * Notebook 6's as an attribute of its body.
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
