/**
 * What a process started from a snapshot contains: a loaded and warmed-up compiler, and declarations that are parsed
 * and bound.
 */
import type * as TypeScript from 'typescript-6.0';
import type { answerRequests } from '../language/answering';

/** A declaration file at the time of the snapshot. */
export interface KeptFile {
  readonly file: TypeScript.SourceFile;
  /** Its modification time. */
  readonly written: number;
}

export interface SnapshotContents {
  readonly compiler: unknown;
  readonly files: Map<string, KeptFile>;
  /** Resolved imports of these files, as in `ModuleResolver`. */
  readonly imported: Map<string, TypeScript.ResolvedModuleWithFailedLookupLocations>;
  /** Makes that compiler answer the kernel's requests. */
  answerRequests?: typeof answerRequests;
}

/**
 * The symbol of `globalThis` that holds the contents: code loaded after the snapshot shares nothing else with code
 * loaded before it.
 */
const CONTENTS = Symbol.for('tf-mechanics.kernel.snapshot');
const global = globalThis as { [CONTENTS]?: SnapshotContents };

/** The contents of this process's snapshot; undefined if it started without one. */
export const snapshotContents = (): SnapshotContents | undefined => global[CONTENTS];

export function setSnapshotContents(contents: SnapshotContents): void {
  global[CONTENTS] = contents;
}
