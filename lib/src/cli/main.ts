#!/usr/bin/env node
/** The program `tf-mechanics`: the endpoint for the models of this library, or for those of the modules that `--models` names. */
import '../models/registry';
import { ownVersion } from '../runtime/version';
import { cli } from './cli';
import { digitData } from './digitData';
import { doctorCommand } from './doctor';
import { namesModels } from './findModels';
import { kernelCommand } from './kernel';
import { newCommand } from './new';
import { savedModelCommand } from './savedModel';
import { setupCommand } from './setup';

const commands = {
  ...(namesModels(process.argv) ? {} : { data: digitData }),
  new: newCommand(),
  setup: setupCommand(),
  doctor: doctorCommand(),
  'saved-model': savedModelCommand(),
  kernel: kernelCommand(),
};

void cli({
  name: 'tf-mechanics',
  description: "TensorFlow's graph mechanics in TypeScript",
  version: ownVersion(),
  commands,
});
