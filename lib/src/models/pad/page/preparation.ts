/** The worker of a pad: prepares drawings, and runs the network if there is one. */
import { messageOf } from '../../../runtime/errorContext';
import type { ExportedReader, Question, Reply } from '../answer';
import { readerOf } from '../executor/executor';
import { sample } from '../sample';
import { digitOf } from '../strokes';
import type { readerOf as readerByTfjs } from './network';

type Scope = {
  /** Added to the worker by `network.ts`, if the network needs more than `readerOf` supports. */
  tfMechanicsNetwork?: { readerOf: typeof readerByTfjs };
  onmessage: ((event: { readonly data: Question }) => void) | null;
  postMessage(reply: Reply): void;
};
const scope = globalThis as unknown as Scope;

interface Drawing {
  readonly number: number;
  readonly pixels: Uint8Array;
}

let read: ReturnType<typeof readerOf> | undefined;
/** Why there is no network. */
let problem: string | undefined;
/** A drawing that is waiting for the network. */
let waiting: Drawing | undefined;

scope.onmessage = ({ data }) => attempt(() => (data.kind === 'network' ? begin(data.network) : prepare(data)));

/** Does something, and reports a failure. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    scope.postMessage({ kind: 'problem', problem: messageOf(error) });
  }
}

function begin(network: ExportedReader): void {
  try {
    read = (scope.tfMechanicsNetwork?.readerOf ?? readerOf)(network);
  } catch (error) {
    problem = messageOf(error);
    throw error;
  }
  if (!waiting)
    read(digitOf(sample).pixels); // after a first run, the code is compiled, and faster when somebody draws
  // After messages that have arrived meanwhile: they usually contain the current drawing.
  else setTimeout(() => attempt(() => waiting && answer(waiting)));
}

function prepare({ number, strokes }: Extract<Question, { kind: 'drawing' }>): void {
  const { pixels, warnings } = digitOf(strokes);
  const isAnswered = read !== undefined;
  scope.postMessage({ kind: 'prepared', number, prepared: { pixels, warnings }, isAnswered });
  if (isAnswered) answer({ number, pixels });
  else if (problem) scope.postMessage({ kind: 'problem', problem });
  else waiting = { number, pixels };
}

function answer({ number, pixels }: Drawing): void {
  waiting = undefined;
  scope.postMessage({ kind: 'answer', number, answer: read!(pixels) });
}
