/** Resolves imports for the compiler. */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { isUnderDevelopment } from '../projectFiles';
import { snapshotContents } from '../snapshot/contents';
import { ts } from './compiler';

type Resolve = NonNullable<TypeScript.CompilerHost['resolveModuleNameLiterals']>;

/** A resolution made for a file. */
interface Asked {
  readonly name: string;
  readonly mode: TypeScript.ResolutionMode;
  readonly found: string | undefined;
}

/**
 * Resolves modules on disk whenever the compiler asks. By default, the compiler caches failures until a watched folder
 * changes, but it doesn't watch folders near the root, where notebooks may lie: a newly installed package wouldn't be
 * found.
 */
export class ModuleResolver {
  readonly #host: TypeScript.ModuleResolutionHost;
  readonly #directory: string;
  readonly #options: TypeScript.CompilerOptions;
  /** A cache for imports between packages, and for their `package.json` files, which don't change. */
  readonly cache: TypeScript.ModuleResolutionCache;
  readonly #asked = new Map<string, readonly Asked[]>();
  /** Resolved imports of files under development, by folder, name and mode. */
  readonly imported = new Map(snapshotContents()?.imported);

  constructor(host: TypeScript.ModuleResolutionHost, directory: string, options: TypeScript.CompilerOptions) {
    this.#host = host;
    this.#directory = directory;
    this.#options = options;
    this.cache = ts.createModuleResolutionCache(directory, (file) => file, options);
  }

  /** For the compiler's host. */
  readonly resolve: Resolve = (literals, containing, redirected, options, source, reused) => {
    const found = this.look(literals, containing, redirected, options, source, reused);
    if (isUnderDevelopment(containing)) {
      const asked = literals.map((literal, i) => ({
        name: literal.text,
        mode: ts.getModeForUsageLocation(source, literal, options),
        found: fileOf(found[i]!),
      }));
      // A library has hundreds of files that hardly change: only retry what was missing.
      const isCell = path.dirname(containing) === this.#directory;
      this.#asked.set(containing, isCell ? asked : asked.filter(({ name, found }) => !found && !isBuiltin(name)));
    }
    return found;
  };

  /** The same without side effects, for programs that only answer questions. */
  readonly look: Resolve = (literals, containing, redirected, options, source) =>
    literals.map((literal) =>
      this.#find(literal.text, containing, ts.getModeForUsageLocation(source, literal, options), redirected),
    );

  /** Whether a file's imports now resolve differently. */
  readonly isStale = (file: string): boolean =>
    (this.#asked.get(file) ?? []).some(({ name, mode, found }) => fileOf(this.#find(name, file, mode)) !== found);

  /** Whether that is true of any file. */
  readonly isAnyStale = (): boolean => [...this.#asked.keys()].some(this.isStale);

  #find(
    name: string,
    containing: string,
    mode: TypeScript.ResolutionMode,
    redirected?: TypeScript.ResolvedProjectReference,
  ): TypeScript.ResolvedModuleWithFailedLookupLocations {
    // Node's built-in modules come first, whatever packages are called; `@types/node` declares them.
    if (isBuiltin(name)) return { resolvedModule: undefined } as TypeScript.ResolvedModuleWithFailedLookupLocations;
    const look = (cache?: TypeScript.ModuleResolutionCache) =>
      ts.resolveModuleName(name, containing, this.#options, this.#host, cache, redirected, mode);
    if (!isUnderDevelopment(containing)) return look(this.cache);
    // Generated declarations refer to modules that were imported before, by earlier cells or by a package's build.
    // Their resolution stays until a cell imports the module again.
    const key = `${mode} ${path.dirname(containing)} ${name}`;
    const known = containing.endsWith('.d.ts') ? this.imported.get(key) : undefined;
    if (known && this.#host.fileExists(fileOf(known)!)) return known;
    const found = look();
    if (fileOf(found)) this.imported.set(key, found);
    else this.imported.delete(key);
    return found;
  }
}

const fileOf = ({ resolvedModule }: TypeScript.ResolvedModuleWithFailedLookupLocations) =>
  resolvedModule?.resolvedFileName;
