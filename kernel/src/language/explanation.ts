/** Explains a name: its signature and doc comment, formatted for a notebook. */
import type * as TypeScript from 'typescript-6.0';
import { withComments } from './docComments';
import { type CellService, PREFIX } from './service';

/** The same text in two formats. */
export interface Explanation {
  readonly plain: string;
  readonly markdown: string;
}

/** Explains the name at an offset of a cell, or the function whose arguments enclose it. */
export function inspect(
  cells: CellService,
  declarations: string,
  source: string,
  offset: number,
): Explanation | undefined {
  const { service, file } = cells.of(declarations, source);
  for (const place of placesToInspect(source, offset)) {
    const info = withComments(() => service.getQuickInfoAtPosition(file.fileName, place + PREFIX.length, MAX_LENGTH));
    if (info && !isUnknown(join(info.displayParts))) return explain(info);
  }
  // A single name may be that of a type.
  return /^\s*[\p{ID_Continue}$.]+\s*$/u.test(source)
    ? inspect(cells, declarations, `${TYPE}${source};`, offset + TYPE.length)
    : undefined;
}

/** Whether the text carries no information, as for undeclared names. */
const isUnknown = (text: string) => text === 'any' || text.endsWith('/*unresolved*/ any');

/** Prefix that turns a text into a type. */
const TYPE = 'type $0 = ';

/** Candidate places: the cursor, the place before it, and the names of the enclosing calls, innermost first. */
function* placesToInspect(source: string, offset: number): Generator<number> {
  yield offset;
  if (offset > 0) yield offset - 1;
  let closed = 0;
  for (let i = offset - 1; i > 0; i--) {
    if (source[i] === ')') closed++;
    else if (source[i] === '(' && closed-- === 0) {
      closed = 0;
      const callee = source
        .slice(0, i)
        .trimEnd()
        .replace(/<[^<>()]*>$/, '');
      if (/[\w$]$/.test(callee)) yield callee.length - 1;
    }
  }
}

/** The maximal length of a type's text. */
const MAX_LENGTH = 5_000;

function explain({ displayParts, documentation, tags = [] }: TypeScript.QuickInfo): Explanation {
  // For an imported name the compiler also describes its import and export.
  const signature = join(displayParts)
    .replace(/^\(alias\) /, '')
    .replace(/\n(import|export) [\w$]+$/, '');
  const text = links(join(documentation));
  const sections = [...groupTags(tags)];
  const plain = [
    signature,
    text,
    ...sections.map(([title, items]) => `${title}:\n${items.map((item) => `  ${item}`).join('\n')}`),
  ];
  const markdown = [
    `\`\`\`typescript\n${signature}\n\`\`\``,
    text,
    ...sections.map(([title, items]) => `**${title}**\n\n${items.map((item) => markdownItem(title, item)).join('\n')}`),
  ];
  return { plain: plain.filter(Boolean).join('\n\n'), markdown: markdown.filter(Boolean).join('\n\n') };
}

const titles: Record<string, string> = {
  param: 'Parameters',
  defaultValue: 'Default',
  returns: 'Returns',
  return: 'Returns',
  throws: 'Throws',
  example: 'Example',
  deprecated: 'Deprecated',
  see: 'See',
  typeParam: 'Type parameters',
  typeparam: 'Type parameters',
};

/** Groups the tags by title, in reading order. */
function groupTags(tags: readonly TypeScript.JSDocTagInfo[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const title of new Set(Object.values(titles))) {
    const items = tags
      .filter((tag) => titles[tag.name] === title)
      .map(({ text }) => links(join(text)).trim())
      .map((item) => (named.has(title) ? item.replace(/^\{([\w$.]+)\}/, '$1') : item));
    if (items.length > 0) groups.set(title, items);
  }
  return groups;
}

/** Formats `name text`, as in tags, with the name as code. */
function markdownItem(title: string, item: string): string {
  if (title === 'Example') return item.includes('```') ? item : `\`\`\`typescript\n${item}\n\`\`\``;
  const [, name, text] = (named.has(title) && /^([\w$.]+)\s+(?:- )?([\s\S]*)$/.exec(item)) || [];
  return name ? `- \`${name}\`: ${text}` : `- ${item}`;
}

/** Titles of tags that begin with a name. */
const named = new Set(['Parameters', 'Type parameters', 'Throws']);

const join = (parts: readonly { readonly text: string }[] = []) => parts.map(({ text }) => text).join('');

/** Replaces `{@link name}` by the name. */
const links = (text: string) =>
  text.replaceAll(
    /\{@link(?:code|plain)?\s+([^}\s|]+)(?:[\s|]+([^}]+))?\}/g,
    (_, name, title) => `\`${title ?? name}\``,
  );
