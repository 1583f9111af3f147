import { expect, it } from 'vitest';
import { InvalidArgumentError, NotFoundError } from './errors';
import { readWhole } from './files';

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
