/** `npm run build`: compiles the library and the kernel, and bundles what notebooks load into the page. */
import { rebuild } from './setup/index.mjs';

await rebuild();
