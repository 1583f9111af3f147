/** The messages of `tensorboard.proto`: what TensorBoard's plugins put into the metadata of a summary. */
import { type Codec, codec } from './codec';

/** About a tensor `[6, numThresholds]` of the plugin `pr_curves`. */
export interface PrCurvePluginData {
  version: number;
  numThresholds: number;
}
export const PrCurvePluginData: Codec<PrCurvePluginData> = codec('PrCurvePluginData');

/** Of the plugin `hparams`, whose tensors mean nothing: one field after `version` is set. */
export interface HParamsPluginData {
  version: number;
  experiment?: HParamsExperiment;
  sessionStartInfo?: HParamsSessionStart;
  sessionEndInfo?: HParamsSessionEnd;
}
export const HParamsPluginData: Codec<HParamsPluginData> = codec('HParamsPluginData');

/** What is compared. */
export interface HParamsExperiment {
  /** Seconds since the epoch. */
  timeCreatedSecs: number;
  /** `type`: 1 for strings, 2 for booleans, 3 for numbers. */
  hparamInfos: { name: string; type: number }[];
  metricInfos: { name?: { group: string; tag: string } }[];
}

/** The hyperparameters of one run. */
export interface HParamsSessionStart {
  hparams: Record<string, HParamsSessionStart.Value>;
  /** Runs of one group are repetitions of one trial. */
  groupName: string;
  startTimeSecs: number;
}
export namespace HParamsSessionStart {
  /** One field is set. */
  export interface Value {
    numberValue?: number;
    stringValue?: string;
    boolValue?: boolean;
  }
}

/** How a run ended. */
export interface HParamsSessionEnd {
  /** One of {@link HParamsStatus}. */
  status: number;
  endTimeSecs: number;
}

/** `HParamsSessionEnd.Status`. */
export const HParamsStatus = { UNKNOWN: 0, SUCCESS: 1, FAILURE: 2, RUNNING: 3 } as const;
