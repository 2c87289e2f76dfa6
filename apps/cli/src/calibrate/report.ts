import type { Calibration } from '#face';
import type { AcquisitionFailure } from './acquisition/acquisition.js';
import type { Evaluation } from './statistics/evaluate.js';
import type { Rate } from './statistics/rate.js';
import type { Requirement } from './requirement.js';

/** What became of the photographs with one detector. */
export interface AcquisitionReport {
  /** People with at least one photograph that was acquired. */
  readonly people: number;
  readonly attempted: number;
  readonly acquired: number;
  /** Failure to acquire, the share of the photographs that gave no embedding. */
  readonly fta: Rate;
  /** The photographs of each failure, by name. */
  readonly failures: Readonly<Partial<Record<AcquisitionFailure, readonly string[]>>>;
}

/** The results with one detector. */
export interface DetectorReport extends Evaluation {
  /** Its name; empty where only scores are given. */
  readonly detector: string;
  /** Left out where only scores are given. */
  readonly acquisition?: AcquisitionReport;
  /** Whether the rates meet each requirement; in their order. */
  readonly met: readonly boolean[];
}

/** The contents of report.json: everything that the printed text and the page say. */
export interface Report {
  /** What was read. */
  readonly input: string;
  /** What was left out of it, and what else the reader should know, in one line each. */
  readonly notes: readonly string[];
  /** Left out where only scores are given. */
  readonly embedder?: Calibration['embedder'];
  readonly crop_rule?: Calibration['crop_rule'];
  /** Left out where only scores are given. */
  readonly people?: number;
  readonly photographs?: number;
  readonly requirements: readonly Requirement[];
  readonly detectors: readonly DetectorReport[];
}
