/** Pictures with one number per pixel, and basic operations on them. */

/** A picture with one number per pixel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A part of a picture; its right and lower ends are exclusive. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A plane whose pixels are computed by `value` from their offset. */
export function planeOf(width: number, height: number, value: (at: number) => number): Plane {
  const data = new Float32Array(width * height);
  for (let at = 0; at < data.length; at++) data[at] = value(at);
  return { width, height, data };
}

/**
 * A part of a plane at another size: each pixel is the mean of the area that it covers, including fractions of pixels.
 * Enlarging interpolates.
 */
export function resized(plane: Plane, width: number, height: number, box: Box = whole(plane)): Plane {
  const across = windows(box.left, box.right, width, plane.width);
  const down = windows(box.top, box.bottom, height, plane.height);
  const rows = new Float32Array(width * plane.height);
  for (let y = 0, to = 0; y < plane.height; y++)
    for (let x = 0; x < width; x++, to++) {
      let sum = 0;
      for (let i = across.starts[x]!; i < across.starts[x + 1]!; i++)
        sum += across.parts[i]! * plane.data[y * plane.width + across.places[i]!]!;
      rows[to] = sum;
    }
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let i = down.starts[y]!; i < down.starts[y + 1]!; i++) {
      const [part, from] = [down.parts[i]!, down.places[i]! * width];
      for (let x = 0; x < width; x++) data[y * width + x]! += part * rows[from + x]!;
    }
  return { width, height, data };
}

/**
 * For each of `count` new positions, the old positions between `start` and `end` that contribute to it, and their
 * weights.
 */
function windows(start: number, end: number, count: number, limit: number) {
  const step = (end - start) / count;
  const half = Math.max(step, 1) / 2; // when enlarging, the window is one old pixel wide around the new position, which interpolates
  const starts: number[] = [];
  const places: number[] = [];
  const parts: number[] = [];
  for (let place = 0; place < count; place++) {
    starts.push(places.length);
    const middle = start + (place + 0.5) * step;
    for (let at = Math.floor(middle - half); at < middle + half; at++) {
      const overlap = Math.min(at + 1, middle + half) - Math.max(at, middle - half);
      if (overlap <= 0) continue;
      places.push(Math.min(Math.max(at, 0), limit - 1));
      parts.push(overlap / (2 * half));
    }
  }
  starts.push(places.length);
  return { starts, places, parts };
}

/** A part of a plane. */
export function cut(plane: Plane, { left, top, right, bottom }: Box): Plane {
  const width = right - left;
  const data = new Float32Array(width * (bottom - top));
  for (let y = top; y < bottom; y++)
    data.set(plane.data.subarray(y * plane.width + left, y * plane.width + right), (y - top) * width);
  return { width, height: bottom - top, data };
}

/** Replaces each pixel by the mean of those up to `radius` away in both directions. */
export function blurred(plane: Plane, radius: number): Plane {
  return transposed(blurredRows(transposed(blurredRows(plane, radius)), radius));
}

export function blurredRows({ width, height, data }: Plane, radius: number): Plane {
  const result = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    let sum = 0;
    let count = 0;
    for (let x = -radius; x < width; x++) {
      if (x + radius < width) {
        sum += data[row + x + radius]!;
        count++;
      }
      if (x - radius - 1 >= 0) {
        sum -= data[row + x - radius - 1]!;
        count--;
      }
      if (x >= 0) result[row + x] = sum / count;
    }
  }
  return { width, height, data: result };
}

/** Replaces each pixel by the maximum of those up to `radius` away in both directions. */
export function maxima(plane: Plane, radius: number): Plane {
  return transposed(maximaOfRows(transposed(maximaOfRows(plane, radius)), radius));
}

/** Replaces each pixel by the minimum of those up to `radius` away in both directions. */
export function minima(plane: Plane, radius: number): Plane {
  return negative(maxima(negative(plane), radius));
}

/** Negates every value. */
export function negative({ width, height, data }: Plane): Plane {
  return { width, height, data: data.map((value) => -value) };
}

export function maximaOfRows({ width, height, data }: Plane, radius: number): Plane {
  const result = new Float32Array(data.length);
  // Positions in this window whose values are greater than all later ones, from left to right; each may become the
  // maximum later.
  const places = new Int32Array(width);
  for (let row = 0; row < data.length; row += width) {
    let [first, end] = [0, 0];
    for (let x = 0, next = 0; x < width; x++) {
      for (const last = Math.min(x + radius, width - 1); next <= last; next++) {
        while (end > first && data[row + places[end - 1]!]! <= data[row + next]!) end--;
        places[end++] = next;
      }
      if (places[first]! < x - radius) first++;
      result[row + x] = data[row + places[first]!]!;
    }
  }
  return { width, height, data: result };
}

export function transposed({ width, height, data }: Plane): Plane {
  const result = new Float32Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[x * height + y] = data[y * width + x]!;
  return { width: height, height: width, data: result };
}

/** Quantiles of some values, estimated from `count` of them; 0.5 is the median. */
export function quantiles(values: Float32Array, parts: readonly number[], count: number): number[] {
  const sorted = sampled(values, count).sort();
  return parts.map((part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
}

/** A sample of about `count` values: every n-th. */
export function sampled(values: Float32Array, count: number): Float32Array {
  const step = Math.max(1, Math.floor(values.length / count)) | 1;
  const some = new Float32Array(Math.ceil(values.length / step));
  for (let i = 0; i < some.length; i++) some[i] = values[i * step]!;
  return some;
}

/** The whole of a plane. */
export function whole({ width, height }: Plane): Box {
  return { left: 0, top: 0, right: width, bottom: height };
}
