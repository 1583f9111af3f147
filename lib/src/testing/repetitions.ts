/**
 * How often a test repeats what goes wrong only sometimes: rarely in the everyday suite, often where somebody asks for it.
 * `npm run soak` sets `TF_MECHANICS_SOAK` and runs every test that names this.
 */
export function repetitions(everyday: number, soak: number): number {
  return process.env.TF_MECHANICS_SOAK ? soak : everyday;
}
