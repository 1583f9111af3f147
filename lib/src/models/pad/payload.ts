/** The content embedded in HTML with a pad: scripts and a network, as text. */

import type { PadLanguage } from './words';

/** A pad in HTML. */
export interface Payload {
  readonly language: PadLanguage;
  /** The worker's script. */
  readonly preparation: string;
  readonly network: NetworkWithin | NetworkBeside;
}

/** An embedded network. */
export interface NetworkWithin extends WithScript {
  readonly json: string;
  readonly weights: string;
}

/** The URL of a network's `model.json`. */
export interface NetworkBeside extends WithScript {
  readonly url: string;
}

interface WithScript {
  /** TensorFlow.js, gzipped and in base64, for a network that needs it. */
  readonly zippedScript?: string;
}
