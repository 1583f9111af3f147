import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { koffi } from './koffi';

const manifest = readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8');
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(manifest);

it('is of one version for every platform, the one with which another user of koffi in the process is tried', () => {
  expect(koffi()).toMatchObject({ version: devDependencies.koffi });
  expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([devDependencies.koffi]));
  expect(dependencies).not.toHaveProperty('koffi');
});

it('has stacks as large as those of threads of TensorFlow, whoever loads a library first', () => {
  koffi().load(null);
  expect(koffi().config()).toMatchObject({ sync_stack_size: 2 ** 23, async_stack_size: 2 ** 23 });
});

it('says which package is missing where there is none for the platform', () => {
  const real = Object.getOwnPropertyDescriptor(process, 'platform')!;
  Object.defineProperty(process, 'platform', { ...real, value: 'plan9' });
  try {
    expect(koffi).toThrow(
      `libtensorflow is called by @koromix/koffi-plan9-${process.arch}, which is not installed; install tf-mechanics`,
    );
  } finally {
    Object.defineProperty(process, 'platform', real);
  }
});
