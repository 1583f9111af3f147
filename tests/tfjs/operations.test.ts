/** The operations that TensorFlow.js is said to run, beside those that its converter knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tf } from '../../lib/src';

const folder = path.join(
  path.dirname(createRequire(__filename).resolve('@tensorflow/tfjs-converter/package.json')),
  'dist/operations',
);
const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');

it('are those that its converter has in its lists, and something to run them by', () => {
  const mapper = textOf('operation_mapper.js');
  const lists = Array.from(mapper.matchAll(/from '\.\/op_list\/(\w+)'/g), ([, name]) => textOf(`op_list/${name}.js`));
  const known = lists.flatMap((list) => Array.from(list.matchAll(/'tfOpName': '(\w+)'/g), ([, name]) => name!));
  expect(known.length).toBeGreaterThan(200);
  expect([...tf.tfjs.operations].sort()).toEqual(known.sort());
  const executors = readdirSync(path.join(folder, 'executors'), { encoding: 'utf8' }).filter((file) =>
    file.endsWith('_executor.js'),
  );
  const run = executors.flatMap((file) =>
    Array.from(textOf(`executors/${file}`).matchAll(/case '(\w+)'/g), ([, name]) => name),
  );
  expect(known.filter((name) => !run.includes(name))).toEqual([]);
});
