/** Which files the compiler takes for the modules that are imported. */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { isUnderDevelopment } from '../projectFiles';
import { snapshotContents } from '../snapshot/contents';
import { ts } from './compiler';

type Resolve = NonNullable<TypeScript.CompilerHost['resolveModuleNameLiterals']>;

/** What the compiler has asked for on behalf of a file. */
interface Asked {
  readonly name: string;
  readonly mode: TypeScript.ResolutionMode;
  readonly found: string | undefined;
}

/**
 * Looks for modules on the disk whenever the compiler asks. By itself it remembers what it hasn't found until it hears that a folder has
 * changed, and it doesn't listen to folders near the root, where notebooks may well lie; a package could be installed and not be found.
 */
export class ModuleResolver {
  readonly #host: TypeScript.ModuleResolutionHost;
  readonly #directory: string;
  readonly #options: TypeScript.CompilerOptions;
  /** What packages import of each other doesn't change, nor do their descriptions of themselves. */
  readonly cache: TypeScript.ModuleResolutionCache;
  readonly #asked = new Map<string, readonly Asked[]>();
  /** What files under development have imported, by folder, name and mode. */
  readonly imported = new Map(snapshotContents()?.imported);

  constructor(host: TypeScript.ModuleResolutionHost, directory: string, options: TypeScript.CompilerOptions) {
    this.#host = host;
    this.#directory = directory;
    this.#options = options;
    this.cache = ts.createModuleResolutionCache(directory, (file) => file, options);
  }

  /** As the compiler's host has it. */
  readonly resolve: Resolve = (literals, containing, redirected, options, source, reused) => {
    const found = this.look(literals, containing, redirected, options, source, reused);
    if (isUnderDevelopment(containing)) {
      const asked = literals.map((literal, i) => ({
        name: literal.text,
        mode: ts.getModeForUsageLocation(source, literal, options),
        found: fileOf(found[i]!),
      }));
      // Of a library, whose hundreds of files hardly change, what is missing alone.
      const isCell = path.dirname(containing) === this.#directory;
      this.#asked.set(containing, isCell ? asked : asked.filter(({ name, found }) => !found && !isBuiltin(name)));
    }
    return found;
  };

  /** The same, for a program that is only asked. */
  readonly look: Resolve = (literals, containing, redirected, options, source) =>
    literals.map((literal) =>
      this.#find(literal.text, containing, ts.getModeForUsageLocation(source, literal, options), redirected),
    );

  /** Whether what a file imports lies elsewhere by now, or has come. */
  readonly isStale = (file: string): boolean =>
    (this.#asked.get(file) ?? []).some(({ name, mode, found }) => fileOf(this.#find(name, file, mode)) !== found);

  /** Whether that holds of any file. */
  readonly isAnyStale = (): boolean => [...this.#asked.keys()].some(this.isStale);

  #find(
    name: string,
    containing: string,
    mode: TypeScript.ResolutionMode,
    redirected?: TypeScript.ResolvedProjectReference,
  ): TypeScript.ResolvedModuleWithFailedLookupLocations {
    // Whatever packages are called, Node's own come first, and the types of Node declare them.
    if (isBuiltin(name)) return { resolvedModule: undefined } as TypeScript.ResolvedModuleWithFailedLookupLocations;
    const look = (cache?: TypeScript.ModuleResolutionCache) =>
      ts.resolveModuleName(name, containing, this.#options, this.#host, cache, redirected, mode);
    if (!isUnderDevelopment(containing)) return look(this.cache);
    // Declarations are made of what was imported already: by earlier cells, or when a package was built. So it stays what it is as long as it is
    // there, until a cell imports it again.
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
