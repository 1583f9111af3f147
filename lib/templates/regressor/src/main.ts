#!/usr/bin/env node
/**
 * The project's only entry point: `npm run main -- train --lr 0.1`, `… search`, `… evaluate`, `… infer`; `--help`
 * explains all commands.
 */
import { cli } from 'tf-mechanics/cli';
import * as models from './models';

void cli({ name: 'PROJECT_NAME', models, resultDir: 'results' });
