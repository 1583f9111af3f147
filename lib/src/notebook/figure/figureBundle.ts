/** The forms in which a notebook gets a figure. */
import { laterForms, type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import type { FigureData } from './figureData';
import { liveHtml, type Still } from './html';
import { stillIfPossible } from './still';

/** All forms, where a still picture can be made: later, where the notebook takes it later. */
export async function figureBundle(figure: FigureData, id: string): Promise<MimeBundle> {
  if (!notebookHost()?.takesLaterForms) return { ...liveBundle(figure, id), ...(await stillForms(figure, id)) };
  const asItIs = copyOf(figure); // whoever has it may change it before its picture is drawn
  return { ...liveBundle(figure, id), [laterForms]: () => stillForms(asItIs, id) };
}

/** A copy; of what can't be copied itself, which can't be drawn elsewhere either. */
function copyOf(figure: FigureData): FigureData {
  try {
    const { data, layout, flat } = figure;
    return structuredClone({ data, layout, flat });
  } catch {
    return figure;
  }
}

/** The forms that have a still picture, where one can be made. */
async function stillForms(figure: FigureData, id: string): Promise<MimeBundle> {
  const picture = await stillIfPossible(figure);
  if (!picture) return {};
  return { ...htmlForm(figure, id, picture), 'image/png': Buffer.from(picture.png).toString('base64') };
}

/** The forms that are made at once. There is no HTML where it would show nothing: no script runs, and there is no still. */
export function liveBundle(figure: FigureData, id: string): MimeBundle {
  return { ...(notebookHost()?.resources !== undefined && htmlForm(figure, id)), 'text/plain': `${figure}` };
}

function htmlForm({ data, layout }: FigureData, id: string, still?: Still): MimeBundle {
  return { 'text/html': liveHtml('figure', id, { data, layout }, still) };
}
