/** tslab, whose TypeScript is older than ours, reads the library's declarations in every notebook. */
import path from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { describe, expect, it } from 'vitest';

const ts = require('@tslab/typescript-for-tslab') as typeof TypeScript;
const dist = path.join(__dirname, '..', 'lib', 'dist');

describe("the library's declarations", () => {
  it("have no error under tslab's TypeScript, not even one that skipLibCheck hides", () => {
    const program = ts.createProgram([path.join(dist, 'index.d.ts')], {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      moduleResolution: ts.ModuleResolutionKind.Node10,
      esModuleInterop: true,
      types: ['node'],
      noEmit: true,
    });
    const files = program.getSourceFiles().filter(({ fileName }) => path.resolve(fileName).startsWith(dist));
    const errors = files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    expect(files.length).toBeGreaterThan(50);
    expect(
      errors.map(({ file, messageText }) => [file?.fileName, ts.flattenDiagnosticMessageText(messageText, '\n')]),
    ).toEqual([]);
  });
});
