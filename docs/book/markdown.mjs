/**
 * Converts the notebooks' Markdown (CommonMark and tables) to HTML with markdown-it, with code highlighted by
 * highlight.js.
 */
import highlighter from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import MarkdownIt from 'markdown-it';
import { escapeHtml } from './html.mjs';

for (const [name, language] of Object.entries({ bash, json, python, typescript, yaml }))
  highlighter.registerLanguage(name, language);

/** Code as HTML, highlighted if the language is known. */
export function coloured(code, language) {
  const known = language && highlighter.getLanguage(language);
  return known ? highlighter.highlight(code, { language }).value : escapeHtml(code);
}

/** A code block. It can have the focus, so that wide code can be scrolled by keyboard. */
export function codeBlock(code, language = '') {
  return `<pre class="code" tabindex="0"><code>${coloured(code.trimEnd(), language)}</code></pre>`;
}

/** @typedef {{ depth: number, id: string, html: string }} Heading */

/**
 * @param {(href: string) => string | undefined} link maps a link to an address in the book; undefined if the target
 * doesn't exist there, and only the link's text remains
 * @returns a function from Markdown to HTML, and the headings found so far
 */
export function markdown(link = (href) => href) {
  const md = new MarkdownIt({ html: true });
  /** @type {Heading[]} */
  const headings = [];
  const ids = new Set();

  const fence = ({ content, info }) => `${codeBlock(content, info.trim().split(/\s/)[0])}\n`;
  md.renderer.rules.fence = (tokens, i) => fence(tokens[i]);
  md.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  md.core.ruler.push('links', ({ tokens }) => {
    for (const { children } of tokens) if (children) relink(children, link);
  });
  md.core.ruler.push('headings', ({ tokens, env }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type !== 'heading_open') continue;
      const inline = tokens[i + 1];
      const id = unused(slug(inline.children), ids);
      token.attrSet('id', id);
      const html = md.renderer.renderInline(withoutLinks(inline.children), md.options, env);
      headings.push({ depth: Number(token.tag.slice(1)), id, html });
    }
  });
  return { render: (text) => md.render(text), renderInline: (text) => md.renderInline(text), headings };
}

/** A heading's anchor, like JupyterLab's. */
function slug(children) {
  const text = children.map(({ content }) => content).join('');
  return text.trim().replaceAll(' ', '-');
}

function unused(id, ids) {
  let found = id;
  for (let n = 1; ids.has(found); n++) found = `${id}-${n}`;
  ids.add(found);
  return found;
}

function relink(children, link) {
  const open = [];
  for (const token of children) {
    if (token.type === 'link_close' && open.pop()) token.tag = 'span';
    if (token.type !== 'link_open') continue;
    const href = link(token.attrGet('href'));
    open.push(href === undefined);
    if (href !== undefined) token.attrSet('href', href);
    else Object.assign(token, { tag: 'span', attrs: null });
  }
}

const withoutLinks = (children) => children.filter(({ type }) => !type.startsWith('link_'));
