export * as convnet from './convnet';
export * from './feeding';
export * from './fullyConnected';
export { preloadedInputs } from './preloaded';
export * from './sizes';
export * from './variableSummaries';
