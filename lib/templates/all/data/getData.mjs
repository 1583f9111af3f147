/**
 * Gets the data: `node data/getData.mjs`. The iris data is part of the project, so this only checks that it is
 * complete. If a project's data is too large for its repository, download it here and list it in .gitignore.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const file = new URL('iris.csv', import.meta.url);
const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
if (sum !== '9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355')
  throw new Error(`data/iris.csv has changed: its SHA-256 is ${sum}`);
console.log('data/iris.csv: 150 flowers, as Fisher published them');
