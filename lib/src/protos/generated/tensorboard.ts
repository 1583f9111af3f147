/**
 * What TensorBoard's plugins put into the metadata of a summary.
 *
 * Made by `npm run protos` from lib/protos/tensorboard.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

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

/** What is compared: hyperparameters and metrics. */
export interface HParamsExperiment {
  /** Seconds since the epoch. */
  timeCreatedSecs: number;
  hparamInfos: HParamsExperiment.HParam[];
  metricInfos: HParamsExperiment.Metric[];
}
export namespace HParamsExperiment {
  /** A hyperparameter. */
  export interface HParam {
    name: string;
    /** One of {@link HParamType}. */
    type: number;
  }
  /** A metric. */
  export interface Metric {
    name?: HParamsExperiment.Metric.Name;
  }
  export namespace Metric {
    /** The tag of a scalar summary. */
    export interface Name {
      /** A run in the folder of the session. */
      group: string;
      tag: string;
    }
  }
}
export const HParamsExperiment: Codec<HParamsExperiment> = codec('HParamsExperiment');

export const HParamType = {
  UNSET: 0,
  STRING: 1,
  BOOL: 2,
  FLOAT64: 3,
} as const;

/** The hyperparameters of one run. */
export interface HParamsSessionStart {
  hparams: Record<string, HParamsSessionStart.Value>;
  /** Runs of one group are repetitions of one trial. */
  groupName: string;
  startTimeSecs: number;
}
export namespace HParamsSessionStart {
  /** A hyperparameter's value: one field is set. */
  export interface Value {
    numberValue?: number;
    stringValue?: string;
    boolValue?: boolean;
  }
}
export const HParamsSessionStart: Codec<HParamsSessionStart> = codec('HParamsSessionStart');

/** How a run ended. */
export interface HParamsSessionEnd {
  /** One of {@link HParamsStatus}. */
  status: number;
  endTimeSecs: number;
}
export const HParamsSessionEnd: Codec<HParamsSessionEnd> = codec('HParamsSessionEnd');

/** `HParamsSessionEnd.Status`. */
export const HParamsStatus = {
  UNKNOWN: 0,
  SUCCESS: 1,
  FAILURE: 2,
  RUNNING: 3,
} as const;
