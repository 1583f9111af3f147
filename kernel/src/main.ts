#!/usr/bin/env node
/** `node main.js <connection file>`: the kernel's process, as Jupyter starts it. */
import { InterruptFlag } from './interpreter/interruption';
import { listenToSignals } from './interpreter/signals';

// Before any slow step: until SIGINT has a listener, it ends the process.
const interrupts = new InterruptFlag();
let onInterrupt = () => {};
const beginThread = listenToSignals(interrupts, () => onInterrupt());

const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0) {
  console.error('usage: node main.js <connection file>; Jupyter starts it so: see npx tf-mechanics kernel --help');
  process.exit(2);
}

const exit = process.exit.bind(process) as (code: number) => never;
try {
  const { start } = require('./start') as typeof import('./start');
  onInterrupt = start(file, interrupts, exit);
  beginThread();
} catch (error) {
  console.error((error as Error).message);
  exit(1);
}
