export * as convnet from './convnet';
export * from './feeding';
export * from './fullyConnected';
export * from './variableSummaries';
