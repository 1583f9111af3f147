/** The MIME bundles of figures. */
import { laterForms, type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import type { FigureData } from './figureData';
import { liveHtml, type Still } from './html';
import { stillIfPossible } from './still';

/** All forms of a figure. The still picture is added later, if the notebook supports it. */
export async function figureBundle(figure: FigureData, id: string): Promise<MimeBundle> {
  if (!notebookHost()?.takesLaterForms) return { ...liveBundle(figure, id), ...(await stillForms(figure, id)) };
  const asItIs = copyOf(figure); // the caller may modify the figure before its picture is drawn
  return { ...liveBundle(figure, id), [laterForms]: () => stillForms(asItIs, id) };
}

/** A copy; if it can't be copied, the figure itself, which can't be drawn in another thread either. */
function copyOf(figure: FigureData): FigureData {
  try {
    const { data, layout, flat } = figure;
    return structuredClone({ data, layout, flat });
  } catch {
    return figure;
  }
}

/** The forms with a still picture, if one can be made. */
async function stillForms(figure: FigureData, id: string): Promise<MimeBundle> {
  const picture = await stillIfPossible(figure);
  if (!picture) return {};
  return { ...htmlForm(figure, id, picture), 'image/png': Buffer.from(picture.png).toString('base64') };
}

/**
 * The forms that are available immediately. HTML is omitted if it would show nothing: without scripts and without a
 * still.
 */
export function liveBundle(figure: FigureData, id: string): MimeBundle {
  return { ...(notebookHost()?.resources !== undefined && htmlForm(figure, id)), 'text/plain': `${figure}` };
}

function htmlForm({ data, layout }: FigureData, id: string, still?: Still): MimeBundle {
  return { 'text/html': liveHtml('figure', id, { data, layout }, still) };
}
