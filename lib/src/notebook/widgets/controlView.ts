/** The description of a control for the page. */

/** How a page shows a control. */
export type ControlView =
  | {
      readonly kind: 'slider';
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly log: boolean;
    }
  | { readonly kind: 'choice'; readonly values: readonly ChoiceValue[] }
  | { readonly kind: 'checkbox' }
  | { readonly kind: 'text' };

/** The values of a choice. */
export type ChoiceValue = string | number | boolean;
