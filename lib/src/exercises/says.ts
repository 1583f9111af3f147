/** The texts of checks and hints, in English and Chinese. */
import { type Bilingual, inLanguage } from '../notebook/language';

/** A text, or a function of the effects that returns it. */
export type Says<E> = Bilingual | ((effects: E) => Bilingual);

/** The text for some effects. */
export const said = <E>(says: Says<E>, effects: E): string =>
  inLanguage(typeof says === 'function' ? says(effects) : says);
