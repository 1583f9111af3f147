/** The thread that draws still pictures, one after the other; see `stillThread.ts`. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../runtime/errorContext';
import { drawStill } from './drawStill';
import type { FigureData } from './figureData';
import type { Answer } from './stillThread';

let drawing: Promise<void> = Promise.resolve();

parentPort?.on('message', (figure: FigureData) => {
  drawing = drawing.then(async () => parentPort?.postMessage(await answer(figure)));
});

async function answer(figure: FigureData): Promise<Answer> {
  try {
    return { drawn: await drawStill(figure) };
  } catch (error) {
    return { message: messageOf(error) };
  }
}
