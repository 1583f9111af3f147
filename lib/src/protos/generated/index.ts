/** All messages and enums. Made by `npm run protos`. */
export * from './any';
export * from './config';
export * from './controlFlow';
export * from './errorCodes';
export * from './event';
export * from './example';
export * from './graph';
export * from './metaGraph';
export * from './runMetadata';
export * from './savedModel';
export * from './savedTensorSlice';
export * from './tensorBundle';
export * from './tensorboard';
