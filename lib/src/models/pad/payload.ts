/** What HTML has within that shows a pad: scripts and a network, as texts. */

/** A pad in HTML. */
export interface Payload {
  /** The worker's scripts, by gzip and in base64. */
  readonly scripts: readonly string[];
  /** The network: within, or the address of its `model.json`. */
  readonly network: { readonly json: string; readonly weights: string } | { readonly url: string };
}
