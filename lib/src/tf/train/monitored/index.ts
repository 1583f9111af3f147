/** Sessions for training, with hooks, checkpoints and summaries; they recover from lost servers. */
export * from './hooks';
export {
  MonitoredSession,
  type MonitoredSessionOptions,
  SingularMonitoredSession,
  type SingularMonitoredSessionOptions,
  type StepContext,
} from './monitoredSession';
export { MonitoredTrainingSession, type MonitoredTrainingSessionOptions } from './monitoredTrainingSession';
export { Scaffold, type ScaffoldOp, type ScaffoldOptions } from './scaffold';
export { SecondOrStepTimer, type SecondOrStepTimerOptions } from './secondOrStepTimer';
export {
  ChiefSessionCreator,
  type ChiefSessionCreatorOptions,
  type SessionCreator,
  WorkerSessionCreator,
  type WorkerSessionCreatorOptions,
} from './sessionCreators';
export {
  type PrepareSessionOptions,
  type RecoverSessionOptions,
  SessionManager,
  type SessionManagerOptions,
  type WaitForSessionOptions,
} from './sessionManager';
export {
  type HookRequest,
  type HookResults,
  type SessionHook,
  SessionRunArgs,
  SessionRunContext,
  SessionRunHook,
  SessionRunValues,
} from './sessionRunHook';
