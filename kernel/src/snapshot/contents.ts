/** What a process has that was begun out of a snapshot: the compiler, loaded and at work, and declarations, read and bound. */
import type * as TypeScript from 'typescript-6.0';
import type { answerRequests } from '../language/answering';

/** A file of declarations as it was when the snapshot was made. */
export interface KeptFile {
  readonly file: TypeScript.SourceFile;
  /** When it was written. */
  readonly written: number;
}

export interface SnapshotContents {
  readonly compiler: unknown;
  readonly files: Map<string, KeptFile>;
  /** Which files they import, as `ModuleResolver` keeps it. */
  readonly imported: Map<string, TypeScript.ResolvedModuleWithFailedLookupLocations>;
  /** What has that compiler answer the kernel's requests. */
  answerRequests?: typeof answerRequests;
}

/** The symbol of `globalThis` under which they are: of code that was loaded before the snapshot, what is loaded after it knows nothing else. */
const CONTENTS = Symbol.for('tf-mechanics.kernel.snapshot');
const global = globalThis as { [CONTENTS]?: SnapshotContents };

/** What this process began with; undefined where it began as any other. */
export const snapshotContents = (): SnapshotContents | undefined => global[CONTENTS];

export function setSnapshotContents(contents: SnapshotContents): void {
  global[CONTENTS] = contents;
}
