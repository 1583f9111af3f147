/** The texts of checks and hints, in English and Chinese. */
import { type Bilingual, inLanguage } from '../notebook/language';

/** A text, or a function that makes it of what was found. */
export type Says<E> = Bilingual | ((effects: E) => Bilingual);

/** What is said of these effects. */
export const said = <E>(says: Says<E>, effects: E): string =>
  inLanguage(typeof says === 'function' ? says(effects) : says);
