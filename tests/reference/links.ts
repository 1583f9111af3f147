/** The links of HTML pages, followed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** What an address names. */
function decode(text: string): string {
  try {
    return decodeURIComponent(unescaped(text));
  } catch {
    return unescaped(text); // an id may have a % of its own
  }
}

/**
 * Follows every link of the pages in a folder that leads to a file, and to a place in a page.
 *
 * @param skip addresses that aren't followed
 * @returns how many were followed, and those that lead nowhere
 */
export function followLinks(folder: string, skip: RegExp = /^[a-z]+:/): { followed: number; broken: string[] } {
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = (file: string) => {
    let known = anchors.get(file);
    if (!known) {
      const ids = [...readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
      known = new Set(ids.flatMap((id) => [unescaped(id), decode(id)]));
      anchors.set(file, known);
    }
    return known;
  };
  const broken: string[] = [];
  let followed = 0;
  for (const page of readdirSync(folder, { recursive: true }).map(String)) {
    if (!page.endsWith('.html')) continue;
    const file = path.join(folder, page);
    const links = new Set(
      [...readFileSync(file, 'utf8').matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link]) => link!),
    );
    for (const link of links) {
      if (skip.test(link)) continue;
      const [target, anchor] = link.split('#') as [string, string | undefined];
      const found = target ? path.resolve(path.dirname(file), decode(target.split('?')[0]!)) : file;
      followed++;
      const isThere = existsSync(found) && statSync(found).isFile();
      if (!isThere || (anchor && found.endsWith('.html') && !anchorsOf(found).has(decode(anchor))))
        broken.push(`${page}: ${link}`);
    }
  }
  return { followed, broken };
}
