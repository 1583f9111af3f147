/**
 * Implements Jupyter's widget control channel, through which a page that connects to a running kernel (after a reload,
 * for instance) asks for the existing widgets and their states.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import type { CommData } from 'tf-mechanics/kernel-host';
import type { Comms } from './comms';

const TARGET = 'jupyter.widget';

/** Registers the handler of state requests. */
export function answerWidgetControl(comms: Comms): void {
  comms.onOpen(`${TARGET}.control`, (comm) => ({
    onMessage: ({ data }) => {
      if (data.method === 'request_states') comm.send(statesOf(comms.tell(TARGET)));
    },
  }));
}

/** Packs the states of widgets into one message. */
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
