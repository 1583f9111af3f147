/** `npm run build`: compiles the library and the kernel, and bundles the scripts that notebooks load into the page. */
import { commandLine } from './commandLine.mjs';
import { rebuild } from './setup/index.mjs';

commandLine(import.meta.url);
await rebuild();
