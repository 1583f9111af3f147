/** The columns of a waveform. Runs in Node and in browsers. */
/** Samples between -1 and 1, interleaved by channel. */
interface Samples {
  readonly samples: ArrayLike<number>;
  readonly channels: number;
}

/** The minimum and maximum of the samples in a column, and their loudness (root mean square). */
export interface SoundColumn {
  readonly least: number;
  readonly greatest: number;
  readonly loud: number;
}

/**
 * The columns for the frames from `from` to `to`, exclusive, combining all channels. With few frames, neighbouring
 * columns are the same.
 */
export function soundColumns({ samples, channels }: Samples, width: number, from: number, to: number): SoundColumn[] {
  return Array.from({ length: width }, (_, x) => {
    const [begin, end] = [x, x + 1].map((edge) => Math.floor(from + (edge * (to - from)) / width)) as [number, number];
    const start = begin * channels;
    const stop = Math.min(Math.max(end, begin + 1) * channels, samples.length);
    let [least, greatest, squares] = [1, -1, 0];
    for (let i = start; i < stop; i++) {
      const sample = samples[i] || 0;
      if (sample < least) least = sample;
      if (sample > greatest) greatest = sample;
      squares += sample * sample;
    }
    if (start >= stop) return { least: 0, greatest: 0, loud: 0 };
    return { least, greatest, loud: Math.sqrt(squares / (stop - start)) };
  });
}

/** The positions and labels of ticks between two times, in seconds: 1, 2 or 5 times a power of ten apart. */
export function timeTicks(from: number, to: number, most: number): { time: number; text: string }[] {
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
  const inMilliseconds = to - from < 0.5;
  const decimals = Math.max(0, -Math.floor(Math.log10(inMilliseconds ? 1000 * step : step) + 1e-9));
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const time = (first + i) * step;
    return { time, text: inMilliseconds ? `${(1000 * time).toFixed(decimals)} ms` : `${time.toFixed(decimals)} s` };
  });
}
