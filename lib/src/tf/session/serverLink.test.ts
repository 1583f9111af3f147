import { expect, it } from 'vitest';
import { withoutTransport } from './serverLink';

const failed = (task: number) => `From /job:worker/replica:0/task:${task}:\nAttempting to use uninitialized value x`;
const logs =
  '\nRecent warning and error logs:\n  Cleanup partition error: UNAVAILABLE: Connection reset by peer\n  another';

it.each([
  ['as it is', failed(0), failed(0)],
  ['without what was logged lately, which may be of another run', failed(0) + logs, failed(0)],
  [
    'without what gRPC adds',
    `${failed(0)}\nAdditional GRPC error information from remote target /job:ps/replica:0/task:0:\n:{"created":"@1"}${logs}`,
    failed(0),
  ],
  [
    'once, where several tasks heard of it',
    `\n=====\nUNAVAILABLE: ${failed(0)}\nUNAVAILABLE: ${failed(1)}\n=====\n${logs}`,
    failed(1),
  ],
])('tells what went wrong on a task %s', (_, message, told) => {
  expect(withoutTransport(message)).toBe(told);
});
