/**
 * Event files: summaries and what else TensorBoard reads.
 *
 * Made by `npm run protos` from lib/protos/event.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { TensorProto } from './graph';

/** An entry of an event file: at most one field after `step`, apart from `sourceMetadata`, is set. */
export interface Event {
  /** Seconds since the epoch. */
  wallTime: number;
  step: number;
  /** In the first event of a file: `'brain.Event:2'`. */
  fileVersion?: string;
  /** An encoded `GraphDef`. */
  graphDef?: Uint8Array;
  summary?: Summary;
  logMessage?: LogMessage;
  sessionLog?: SessionLog;
  taggedRunMetadata?: TaggedRunMetadata;
  /** An encoded `MetaGraphDef`. */
  metaGraphDef?: Uint8Array;
  sourceMetadata?: SourceMetadata;
}
export const Event: Codec<Event> = codec('Event');

/** A line of a log. */
export interface LogMessage {
  /** One of {@link LogLevel}. */
  level: number;
  message: string;
}
export const LogMessage: Codec<LogMessage> = codec('LogMessage');

/** `LogMessage.Level`. */
export const LogLevel = {
  UNKNOWN: 0,
  DEBUGGING: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  FATAL: 50,
} as const;

/** What became of a session. */
export interface SessionLog {
  /** One of {@link SessionStatus}. */
  status: number;
  checkpointPath: string;
  msg: string;
}
export const SessionLog: Codec<SessionLog> = codec('SessionLog');

/** `SessionLog.SessionStatus`. */
export const SessionStatus = {
  STATUS_UNSPECIFIED: 0,
  START: 1,
  STOP: 2,
  CHECKPOINT: 3,
} as const;

/** The metadata of a run under a name. */
export interface TaggedRunMetadata {
  tag: string;
  /** An encoded `RunMetadata`. */
  runMetadata: Uint8Array;
}
export const TaggedRunMetadata: Codec<TaggedRunMetadata> = codec('TaggedRunMetadata');

/** Who wrote an event file. */
export interface SourceMetadata {
  writer: string;
}
export const SourceMetadata: Codec<SourceMetadata> = codec('SourceMetadata');

/** What was measured at one step. */
export interface Summary {
  value: Summary.Value[];
}
export namespace Summary {
  /** An encoded picture; `colorspace` is its number of channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
  export interface Image {
    height: number;
    width: number;
    colorspace: number;
    encodedImageString: Uint8Array;
  }
  /** An encoded sound; `sampleRate` in hertz. */
  export interface Audio {
    sampleRate: number;
    numChannels: number;
    lengthFrames: number;
    encodedAudioString: Uint8Array;
    contentType: string;
  }
  /** One measurement: at most one field after `metadata` is set. */
  export interface Value {
    tag: string;
    nodeName: string;
    metadata?: SummaryMetadata;
    simpleValue?: number;
    obsoleteOldStyleHistogram?: Uint8Array;
    image?: Summary.Image;
    histo?: HistogramProto;
    audio?: Summary.Audio;
    tensor?: TensorProto;
  }
}
export const Summary: Codec<Summary> = codec('Summary');

export const DataClass = {
  UNKNOWN: 0,
  SCALAR: 1,
  TENSOR: 2,
  BLOB_SEQUENCE: 3,
} as const;

/** Which of TensorBoard's plugins a tag belongs to, and how to show it. */
export interface SummaryMetadata {
  pluginData?: SummaryMetadata.PluginData;
  displayName: string;
  summaryDescription: string;
  /** One of {@link DataClass}. */
  dataClass: number;
}
export namespace SummaryMetadata {
  /** What a plugin wants to know, encoded as it pleases. */
  export interface PluginData {
    pluginName: string;
    content: Uint8Array;
  }
}
export const SummaryMetadata: Codec<SummaryMetadata> = codec('SummaryMetadata');

/** A histogram: `bucket[i]` values lie at or below `bucketLimit[i]` and above the limit before. */
export interface HistogramProto {
  min: number;
  max: number;
  num: number;
  sum: number;
  sumSquares: number;
  bucketLimit: number[];
  bucket: number[];
}
export const HistogramProto: Codec<HistogramProto> = codec('HistogramProto');
