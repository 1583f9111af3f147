/**
 * npm start -- [options] [-- options of jupyter lab]: sets up what is missing, then runs JupyterLab on the notebooks and TensorBoard on the
 * summaries. It ends with Ctrl-C.
 *
 *   --no-browser              don't open the browser
 *   --port <port>             JupyterLab's port, or the first free one after it (default: 8888)
 *   --tensorboard-port <port> the same for TensorBoard (default: 6006)
 *   --language <en or zh>     of the notebook that is opened (default: the system's, or else English)
 *   --help                    this
 */
import { commandLine } from './commandLine.mjs';
import { setUpEverything } from './setup/index.mjs';
import { hasDisplay, openBrowser } from './start/browser.mjs';
import { languageNames, languageOf } from './start/language.mjs';
import { freePort } from './start/ports.mjs';
import { ServerError, serve } from './start/serve.mjs';
import { jupyterLab, tensorBoard } from './start/servers.mjs';

const args = process.argv.slice(2);
const terminator = args.includes('--') ? args.indexOf('--') : args.length;

const options = commandLine(import.meta.url, {
  command: 'npm start',
  args: args.slice(0, terminator),
  options: {
    'no-browser': { type: 'boolean', default: false },
    port: { type: 'string', default: '8888' },
    'tensorboard-port': { type: 'string', default: '6006' },
    language: { type: 'string', default: languageOf(process.env) },
  },
  check: ({ values }) => ({
    browser: !values['no-browser'] && hasDisplay(),
    port: portNumber('--port', values.port),
    tensorBoardPort: portNumber('--tensorboard-port', values['tensorboard-port']),
    language: knownLanguage(values.language),
    jupyterOptions: args.slice(terminator + 1),
  }),
});
if (await setUpEverything()) await run(options);

function portNumber(option, text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`${option} takes a number from 1 to 65535, not ${text}`);
  return port;
}

function knownLanguage(text) {
  if (languageNames.includes(text)) return text;
  throw new Error(`--language takes ${languageNames.join(' or ')}, not ${text}`);
}

async function run({ browser, port, tensorBoardPort, language, jupyterOptions }) {
  try {
    const jupyterPort = await freePort(port);
    const lab = jupyterLab(jupyterPort, jupyterOptions, language);
    const board = tensorBoard(await freePort(tensorBoardPort, [jupyterPort]));
    console.error('starting JupyterLab and TensorBoard …');
    process.exitCode = await serve([lab, board], () => {
      for (const { name, address } of [lab, board]) console.log(`${name.padEnd(12)} ${address}`);
      console.log('Ctrl-C ends both.');
      if (browser) openBrowser(lab.address);
    });
    console.error('\nJupyterLab and TensorBoard have ended.');
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
