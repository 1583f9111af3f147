/** The worker of a pad: prepares drawings, and hands them to the network that stands beside it in the worker, where one does. */
import type { Answer, ExportedReader, Prepared, Question, Reply } from '../answer';
import { digitOf } from '../strokes';

/** What `network.ts` puts into the worker. */
export type ReadsDigits = (network: ExportedReader) => (pixels: Uint8Array) => Answer;

type Scope = {
  tfMechanicsNetwork?: { readerOf: ReadsDigits };
  onmessage: ((event: { readonly data: Question }) => void) | null;
  postMessage(reply: Reply): void;
};
const scope = globalThis as unknown as Scope;

let read: ((pixels: Uint8Array) => Answer) | undefined;

function prepare(strokes: Extract<Question, { kind: 'drawing' }>['strokes']): Prepared {
  const { pixels, warnings } = digitOf(strokes);
  return { pixels, warnings };
}

scope.onmessage = ({ data }) => {
  try {
    if (data.kind === 'network') {
      read = scope.tfMechanicsNetwork!.readerOf(data.network);
      return;
    }
    const prepared = prepare(data.strokes);
    scope.postMessage({ kind: 'prepared', prepared });
    if (read) scope.postMessage({ kind: 'answer', answer: read(prepared.pixels) });
  } catch (error) {
    scope.postMessage({ kind: 'problem', problem: error instanceof Error ? error.message : String(error) });
  }
};
