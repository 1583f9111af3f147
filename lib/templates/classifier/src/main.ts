#!/usr/bin/env node
/** The one endpoint: `npm run main -- train --lr 0.1`, `… search`, `… evaluate`, `… infer`, and `--help` for all of it. */
import { cli } from 'tf-mechanics/cli';
import * as models from './models';

void cli({ name: 'PROJECT_NAME', models, resultDir: 'results' });
