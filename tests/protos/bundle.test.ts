/** A program that a bundler has put into one file has all messages in it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const program = `
  import { FileWriter, readEvents } from './tf/summary/eventFiles';
  import { GraphDef } from './protos';

  async function main(folder) {
    const writer = new FileWriter(folder);
    writer.scalar('loss', 0.5, 3);
    writer.close();
    for await (const { step, summary } of readEvents(folder))
      for (const { tag, simpleValue } of summary?.value ?? []) console.log(step, tag, simpleValue);
    console.log(GraphDef.fromText('node { name: "x" op: "NoOp" }').node[0].op);
  }
  main(process.argv[2]);
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('writes and reads event files and texts, away from the library and without a parser of .proto files', async () => {
  const outfile = path.join(folder, 'program.cjs');
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: path.join(__dirname, '../../lib/src'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    metafile: true,
    outfile,
  });
  const output = execFileSync(process.execPath, [outfile, path.join(folder, 'events')], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(output).toBe('3 loss 0.5\nNoOp\n');
  expect(Object.keys(metafile.inputs).filter((input) => /protobufjs\/src\/parse\.js$|\.proto$/.test(input))).toEqual(
    [],
  );
});
