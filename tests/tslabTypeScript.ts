/** tslab's TypeScript, which is older than ours and reads the library's declarations in every notebook. */
import type * as TypeScript from '@tslab/typescript-for-tslab';

export const ts = require('@tslab/typescript-for-tslab') as typeof TypeScript;

/** As notebooks have them. */
export const options: TypeScript.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  types: ['node'],
};
