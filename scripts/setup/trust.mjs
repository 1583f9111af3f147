/**
 * Marks the tutorial's notebooks as trusted, so that their interactive figures work when opened: whoever runs this
 * project's code can trust its notebooks too. Only numbered notebooks are included; others next to them don't belong to
 * the tutorial.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { CommandError, excerpt, run, SetupError } from '../../lib/setup/command.mjs';
import { jupyterEnvironment, program } from './jupyter.mjs';
import { notebooks, translations } from './notebooks.mjs';
import { log } from './paths.mjs';

const ours = () => [...notebooks(), ...translations()];

/** What was trusted last, in the folder of the signatures, so that it is deleted together with them. */
const stamp = path.join(jupyterEnvironment().JUPYTER_DATA_DIR, '.trusted');

export const trust = {
  name: 'notebooks',

  needed() {
    if (ours().length && !(existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()))
      return 'not trusted yet as they are now';
  },

  async run() {
    const trusted = fingerprint();
    try {
      await run(program('jupyter'), ['trust', ...ours()], { env: jupyterEnvironment() });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`jupyter trust failed:\n${excerpt(error, log('trust.log'))}`);
    }
    writeFileAtomic(stamp, trusted);
  },
};

function fingerprint() {
  const hash = createHash('sha256');
  for (const notebook of ours()) hash.update(notebook).update(readFileSync(notebook));
  return hash.digest('hex');
}
