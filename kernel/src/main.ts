#!/usr/bin/env node
/** `node main.js <connection file>`: the kernel's process, as Jupyter starts it. */
import path from 'node:path';
import { readConnection } from './channels/connection';
import { Kernel } from './kernel';

const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0) {
  console.error('usage: node main.js <connection file>; Jupyter starts it so: see npm run kernel -- --help');
  process.exit(2);
}

const exit = process.exit.bind(process) as (code: number) => never;
try {
  const library = path.dirname(require.resolve('tf-mechanics/package.json'));
  const name = process.env.TF_MECHANICS_KERNEL_NAME;
  const kernel = new Kernel(
    readConnection(file),
    { packages: { 'tf-mechanics': library }, resources: name && `kernelspecs/${name}` },
    exit,
  );
  process.on('SIGINT', () => kernel.onSignal());
} catch (error) {
  console.error((error as Error).message);
  exit(1);
}
