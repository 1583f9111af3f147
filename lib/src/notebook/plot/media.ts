/** Pictures and sounds in event files, unchanged. */

import { NotFoundError, TensorFlowError } from '../../runtime/errors';
import { escapeHtml } from '../../runtime/html';
import { onlyOptions } from '../../runtime/options';
import { readSummaries } from '../../tf/summary';
import { type Bilingual, inLanguage } from '../language';
import { Gallery, type GalleryGroup } from '../media/gallery';
import { type Logdirs, readRuns } from './runs';

/** Options of pictures and sounds from event files. */
export interface MediaOptions {
  title?: string;
  /**
   * The tags to show, in this order; `digits` stands for `digits/image/0`, `digits/image/1` …
   *
   * @defaultValue all, by name
   */
  tags?: string | readonly string[];
  /**
   * The step to show, or all.
   *
   * @defaultValue each tag's last one
   */
  step?: number | 'last' | 'all';
  /**
   * The maximum number to show; the first ones are shown.
   *
   * @defaultValue `50`
   */
  count?: number;
}

/** A kind of summary that contains files. */
export interface MediaKind {
  /** The plural name: `images`. */
  name: string;
  /** The heading. */
  title: Bilingual;
  /** The kind in {@link readSummaries}. */
  kind: 'images' | 'audio';
  /** The suffix that TensorFlow 1 adds to a name, with a number if there are several. */
  suffix: RegExp;
  /**
   * A file as an HTML element.
   *
   * @throws {TensorFlowError} when it is damaged, or something else
   */
  html(file: Uint8Array, alt: string): string | Promise<string>;
}

/** What a run wrote under a name at a step. */
interface Group {
  run: string;
  name: string;
  step: number;
  /** By the complete tag; in TensorFlow 2, a tag may have several files. */
  files: Map<string, Uint8Array[]>;
}

/** The maximum size of files in an output in bytes; as text, they are a third larger. */
const MAX_BYTES = 1 << 21;

/**
 * The files of one kind in event files, below a heading for run, tag and step.
 *
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or none has what is requested
 */
export async function mediaGallery(kind: MediaKind, logdirs: Logdirs, options: MediaOptions): Promise<Gallery> {
  const {
    step = 'last',
    count = 50,
    title,
  } = onlyOptions(options, { title: 'string', tags: 'any', step: 'any', count: 'number' });
  const runs = await readRuns(logdirs, ({ name, folder }) => readMedia(kind, name, folder));
  const all = runs.flat();
  if (all.length === 0) throw new NotFoundError(`there are event files, but no ${kind.name} in them`);
  const tagged =
    options.tags === undefined ? sorted(all) : [options.tags].flat().flatMap((tag) => ofTag(kind, all, tag));
  const last = lastSteps(tagged);
  const groups = tagged.filter(
    (group) => step === 'all' || group.step === (step === 'last' ? last.get(keyOf(group)) : step),
  );
  if (groups.length === 0) {
    const steps = [...new Set(tagged.map((group) => group.step))].sort((a, b) => a - b);
    throw new NotFoundError(`there are no ${kind.name} of step ${step}, but of ${steps.join(', ')}`);
  }

  let left = count;
  let bytes = MAX_BYTES;
  let omitted = 0;
  const shown: GalleryGroup[] = [];
  for (const { run, name, step, files } of groups) {
    const heading = `${runs.length > 1 ? `${run}: ` : ''}${inLanguage({ en: `${name}, step ${step}`, zh: `${name}，第 ${step} 步` })}`;
    const items: string[] = [];
    for (const file of [...files.values()].flat()) {
      if (left === 0 || file.length > bytes) {
        omitted++;
        continue;
      }
      left--;
      bytes -= file.length;
      items.push(await htmlOf(kind, file, heading));
    }
    shown.push({ heading, items });
  }
  return new Gallery(
    title ?? inLanguage(kind.title),
    shown.filter(({ items }) => items.length > 0),
    omitted,
  );
}

/** A file as an HTML element, or why it can't be shown. */
async function htmlOf(kind: MediaKind, file: Uint8Array, heading: string): Promise<string> {
  try {
    return await kind.html(file, heading);
  } catch (error) {
    if (!(error instanceof TensorFlowError)) throw error;
    console.warn(`${heading}: ${error.message}`);
    return `<i>${escapeHtml(error.message)}</i>`;
  }
}

async function readMedia({ kind, suffix }: MediaKind, run: string, folder: string): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const [tag, events] of await readSummaries(folder, kind)) {
    const name = tag.replace(suffix, '');
    for (const { step, file } of events) {
      const key = `${step} ${name}`;
      const group = groups.get(key) ?? { run, name, step, files: new Map<string, Uint8Array[]>() };
      groups.set(key, group);
      group.files.set(tag, [...(group.files.get(tag) ?? []), file]);
    }
  }
  return [...groups.values()];
}

/** Ordered by name and step, then by run. */
function sorted(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => (a.name === b.name ? a.step - b.step : a.name < b.name ? -1 : 1));
}

/** The groups with a tag; if it is a complete tag, only its files. */
function ofTag(kind: MediaKind, groups: readonly Group[], tag: string): Group[] {
  const found = groups.flatMap((group) => {
    if (group.name === tag) return [group];
    const files = group.files.get(tag);
    return files ? [{ ...group, name: tag, files: new Map([[tag, files]]) }] : [];
  });
  if (found.length > 0) return found;
  const names = [...new Set(sorted(groups).map(({ name }) => `'${name}'`))];
  throw new NotFoundError(`no run has ${kind.name} of the tag '${tag}', but of ${names.join(', ')}`);
}

const keyOf = ({ run, name }: Group) => `${run}\n${name}`;

/** The last step at which each run wrote under each name. */
function lastSteps(groups: readonly Group[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const group of groups) {
    const key = keyOf(group);
    last.set(key, Math.max(group.step, last.get(key) ?? group.step));
  }
  return last;
}
