import type { Session } from '../../../session';

/** True stops the training. */
// biome-ignore lint/suspicious/noConfusingVoidType: a method that returns nothing gives this
type StopRequest = boolean | undefined | void;

/**
 * Is notified of each checkpoint that a {@link CheckpointSaverHook} saves. Any object with some of the methods can be
 * used instead. Methods may be asynchronous, and are awaited.
 *
 * @example
 * class StopWhenGood extends tf.train.CheckpointSaverListener {
 *   override async afterSave(session: tf.Session) {
 *     return (await session.run(loss, feeds)) < 0.1; // true stops the training
 *   }
 * }
 */
export class CheckpointSaverListener {
  /** Called once, before the graph is finalized. */
  begin(): void | Promise<void> {}

  /** Called before each checkpoint. */
  beforeSave(_session: Session, _globalStep: number): void | Promise<void> {}

  /** Called after each checkpoint; true stops the training. */
  afterSave(_session: Session, _globalStep: number): StopRequest | Promise<StopRequest> {}

  /** Called at the session's end, after the last checkpoint. */
  end(_session: Session, _globalStep: number): void | Promise<void> {}
}
