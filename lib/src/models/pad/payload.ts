/** What HTML has within that shows a pad: scripts and a network, as texts. */

import type { PadLanguage } from './words';

/** A pad in HTML. */
export interface Payload {
  readonly language: PadLanguage;
  /** The worker's script. */
  readonly preparation: string;
  readonly network: NetworkWithin | NetworkBeside;
}

/** A network within. */
export interface NetworkWithin extends WithScript {
  readonly json: string;
  readonly weights: string;
}

/** The address of a network's `model.json`. */
export interface NetworkBeside extends WithScript {
  readonly url: string;
}

interface WithScript {
  /** TensorFlow.js, by gzip and in base64, for a network that needs it. */
  readonly zippedScript?: string;
}
