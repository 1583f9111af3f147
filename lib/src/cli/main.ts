#!/usr/bin/env node
/** The one endpoint: a process that does what its command line says. */
import { commandLine } from './commandLine';
import { watchOutput } from './output';

watchOutput();
void commandLine(process.argv.slice(2));
