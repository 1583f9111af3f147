import * as path from 'node:path';
import { expect, it } from 'vitest';
import { FailedPreconditionError, InvalidArgumentError, NotFoundError } from './errors';
import { readWhole, replaceFileSync } from './files';

it('a device that never ends is not read for ever', async () => {
  await expect(readWhole('/dev/zero')).rejects.toThrow(InvalidArgumentError);
  await expect(readWhole('/dev/zero')).rejects.toThrow(
    '/dev/zero is no regular file, and gives more than 67108864 bytes',
  );
  expect(await readWhole('/dev/null')).toEqual(Buffer.alloc(0));
});

it('a file that is missing, and a folder, are named', async () => {
  await expect(readWhole('/none/such')).rejects.toThrow(NotFoundError);
  await expect(readWhole('/')).rejects.toThrow(/^could not read \/: EISDIR/);
});

it('what can not be written into a file as into a folder is an error of ours', () => {
  expect(() => replaceFileSync(path.join(__filename, 'inside'), 'text')).toThrow(FailedPreconditionError);
});
