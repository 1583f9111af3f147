export { Coordinator, type CoordinatorOptions, type ErrorClass, type JoinOptions } from './coordinator';
export * from './queueRunner';
