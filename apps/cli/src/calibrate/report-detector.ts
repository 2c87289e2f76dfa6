import type { DetectorName } from '#face';
import { clopperPearson } from '#face/build-calibration';
import type { AcquisitionFailure, Acquisition } from './acquisition/acquisition.js';
import type { LabelledInput } from './inputs/labelled.js';
import type { AcquisitionReport, DetectorReport } from './report.js';
import { isMet, type Requirement } from './requirement.js';
import { evaluate, type EvaluationOptions, type ScoredSet } from './statistics/evaluate.js';

/** What to report of each detector. */
export interface DetectorReportOptions extends EvaluationOptions {
  readonly requirements: readonly Requirement[];
}

/** The report on one detector's scores. */
export function reportDetector(
  detector: DetectorName | '',
  set: ScoredSet,
  acquisition: AcquisitionReport | undefined,
  { requirements, ...options }: DetectorReportOptions,
): DetectorReport {
  const evaluation = evaluate(set, options);
  return {
    detector,
    ...(acquisition && { acquisition }),
    ...evaluation,
    met: requirements.map((requirement) => isMet(requirement, evaluation)),
  };
}

/** What became of the photographs with one detector; copies do not count. */
export function reportAcquisition(
  { photographs }: LabelledInput,
  { outcomes, copyOf }: Acquisition,
  detector: DetectorName,
): AcquisitionReport {
  const results = outcomes.get(detector) ?? [];
  const failures: Partial<Record<AcquisitionFailure, string[]>> = {};
  const people = new Set<number>();
  let attempted = 0;
  let failed = 0;
  photographs.forEach(({ name, person }, index) => {
    if (copyOf[index] !== undefined) return;
    attempted++;
    const result = results[index];
    if ('failure' in result) {
      failed++;
      (failures[result.failure] ??= []).push(name);
    } else {
      people.add(person);
    }
  });
  const [low, high] = clopperPearson(failed, attempted);
  const fta = { errors: failed, of: attempted, rate: failed / attempted, low, high };
  return { people: people.size, attempted, acquired: attempted - failed, fta, failures };
}
