/** The worker of a pad: prepares drawings, and hands them to the network that stands beside it in the worker, where one does. */
import { messageOf } from '../../../runtime/errorContext';
import type { Question, Reply } from '../answer';
import { digitOf } from '../strokes';
import type { readerOf } from './network';

type Scope = {
  /** What `network.ts` puts into the worker. */
  tfMechanicsNetwork?: { readerOf: typeof readerOf };
  onmessage: ((event: { readonly data: Question }) => void) | null;
  postMessage(reply: Reply): void;
};
const scope = globalThis as unknown as Scope;

let read: ReturnType<typeof readerOf> | undefined;

scope.onmessage = ({ data }) => {
  try {
    if (data.kind === 'network') {
      read = scope.tfMechanicsNetwork!.readerOf(data.network);
      return;
    }
    const { pixels, warnings } = digitOf(data.strokes);
    scope.postMessage({ kind: 'prepared', prepared: { pixels, warnings } });
    if (read) scope.postMessage({ kind: 'answer', answer: read(pixels) });
  } catch (error) {
    scope.postMessage({ kind: 'problem', problem: messageOf(error) });
  }
};
