/** Positions in a drawing, in its own pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `x` and `y` are the top left corner. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}
