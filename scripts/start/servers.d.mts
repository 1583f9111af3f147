/** A server: how it is started and where it answers. */
export interface Server {
  name: string;
  command: string;
  args: string[];
  /** Changes to the environment variables; what is undefined is unset. */
  env: Record<string, string | undefined>;
  log: string;
  probe: string;
  address: string;
}

/**
 * JupyterLab on the notebooks, with the first one open; `options` are more of its own, which take the place of ours.
 *
 * @param language of the notebook, where it isn't English
 */
export function jupyterLab(port: number, options?: string[], language?: string): Server;
