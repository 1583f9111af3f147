/** The forms in which a notebook gets a figure. */
import { type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import type { FigureData } from './figureData';
import { liveHtml, type Still } from './html';
import { stillIfPossible } from './still';

/** All forms, where a still picture can be made. */
export async function figureBundle(figure: FigureData, id: string): Promise<MimeBundle> {
  const picture = await stillIfPossible(figure);
  if (!picture) return liveBundle(figure, id);
  return { ...liveBundle(figure, id, picture), 'image/png': Buffer.from(picture.png).toString('base64') };
}

/** The forms that are made at once. There is no HTML where it would show nothing: no script runs, and there is no still. */
export function liveBundle(figure: FigureData, id: string, still?: Still): MimeBundle {
  const { data, layout } = figure;
  const visible = still !== undefined || notebookHost()?.resources !== undefined;
  return {
    ...(visible && { 'text/html': liveHtml('figure', id, { data, layout }, still) }),
    'text/plain': `${figure}`,
  };
}
