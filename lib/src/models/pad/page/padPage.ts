/** The script of HTML with a pad: `tfMechanicsPad.show` replaces the still by the pad. */

import type { Payload } from '../payload';
import { mountPad } from './pad';
import { networkOf, scriptsOf } from './unpacked';

/** Puts a pad into an element. */
export function show(element: HTMLElement | null, payload: Payload): void {
  if (!element || element.dataset.alive === 'true') return;
  element.dataset.alive = 'true';
  mountPad(element, { language: payload.language, scripts: scriptsOf(payload), network: () => networkOf(payload) });
}
