/**
 * What a page asks that finds a running kernel, since it was loaded anew for instance: which widgets there are, and how they stand.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import type { CommData } from 'tf-mechanics/kernel-host';
import type { Comms } from './comms';

const TARGET = 'jupyter.widget';

/** Answers those who ask. */
export function answerWidgetControl(comms: Comms): void {
  comms.onOpen(`${TARGET}.control`, (comm) => ({
    onMessage: ({ data }) => {
      if (data.method === 'request_states') comm.send(statesOf(comms.tell(TARGET)));
    },
  }));
}

/** The states of widgets as one message. */
function statesOf(widgets: readonly [id: string, CommData][]): CommData {
  const states: Record<string, unknown> = {};
  const paths: unknown[] = [];
  const buffers: Uint8Array[] = [];
  for (const [id, { data, buffers: own = [] }] of widgets) {
    const { state = {}, buffer_paths = [] } = data as { state?: Record<string, unknown>; buffer_paths?: unknown[][] };
    const { _model_name, _model_module, _model_module_version } = state;
    states[id] = {
      model_name: _model_name,
      model_module: _model_module,
      model_module_version: _model_module_version,
      state,
    };
    paths.push(...buffer_paths.map((path) => [id, 'state', ...path]));
    buffers.push(...own);
  }
  return { data: { method: 'update_states', states, buffer_paths: paths }, buffers };
}
