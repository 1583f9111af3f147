/** The page's part of a pad that asks the program's session: a module for anywidget. */
import type { PageModel, View } from '../../../notebook/page/anywidget';
import type { Answer, Layer } from '../answer';
import type { PadLanguage } from '../words';
import { mountPad } from './pad';

/** The program's answer; feature maps are in separate buffers. */
interface Told {
  readonly to: number;
  readonly probabilities?: readonly number[];
  readonly layers?: readonly Pick<Layer, 'shape'>[];
  /** Why there is no answer. */
  readonly problem?: string;
}

type Waiting = { resolve(answer: Answer): void; reject(error: Error): void };

/** Shared by all views, so that the numbers of questions are unique. */
let questions = 0;

/** Asks the program for its network's answer. */
function asker(model: PageModel) {
  const waiting = new Map<number, Waiting>();
  const take = (told: Told, buffers: readonly DataView[]) => {
    const asked = waiting.get(told.to);
    if (!asked) return; // another view's
    waiting.delete(told.to);
    if (told.problem !== undefined) return asked.reject(new Error(told.problem));
    const layers = (told.layers ?? []).map((layer, i) => ({ ...layer, data: floatsOf(buffers[i]!) }));
    asked.resolve({ probabilities: told.probabilities!, layers });
  };
  model.on('msg:custom', take);
  return {
    ask: (pixels: Uint8Array) =>
      new Promise<Answer>((resolve, reject) => {
        const question = ++questions;
        waiting.set(question, { resolve, reject });
        model.send({ question, pixels: Array.from(pixels) });
      }),
    end: () => model.off('msg:custom', take),
  };
}

function floatsOf({ buffer, byteOffset, byteLength }: DataView): Float32Array {
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

/** Shows the pad in `el`; the returned function removes it. */
function render({ model, el }: View): () => void {
  const { ask, end } = asker(model);
  const close = mountPad(el, {
    language: model.get<PadLanguage>('language'),
    scripts: [model.get<string>('preparation')],
    ask,
  });
  return () => {
    end();
    close();
  };
}

export default { render };
