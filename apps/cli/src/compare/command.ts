import { Command, Option } from 'commander';
import { toCompareResponse } from '../../../api/src/comparison/compare-response.js';
import { comparePhotographs } from '../../../api/src/comparison/compare-photographs.js';
import { matchOptions } from '../../../api/src/comparison/match-options.js';
import { between } from '../../../api/src/config/setting-kinds.js';
import { readSettings } from '../../../api/src/config/settings.js';
import { photographError, ServiceError } from '../../../api/src/errors/service-error.js';
import { chosenDetector } from '../../../api/src/faces/detector-field.js';
import {
  FACE_SELECTIONS,
  type FaceSelection,
  type FaceWarning,
  MAX_FALSE_MATCH_RATE,
  MAX_THRESHOLD,
  MIN_FALSE_MATCH_RATE,
  MIN_THRESHOLD,
} from '#face';
import { EXIT } from '../exit-status.js';
import { withInference } from '../inference.js';
import { commonOptions, type CommonOptions, rejectOnOption, valueOption } from '../option-values.js';
import { print } from '../output.js';
import { namingFiles } from '../photograph-errors.js';
import { readPhotograph, shownName, STANDARD_INPUT } from '../photograph-file.js';
import { comparisonReport } from './report.js';

interface CompareOptions extends CommonOptions {
  readonly threshold?: number;
  readonly falseMatchRate?: number;
  readonly faceSelection?: FaceSelection;
  readonly faces: 'selected' | 'all';
  readonly rejectOn?: readonly FaceWarning[];
}

/** `face-comparison compare A B`. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('compare the faces in two photographs; exit status 0: match, 1: no match, 2: error')
    .argument('<first>', 'a photograph, or - for standard input')
    .argument('<second>', 'another one')
    .addOption(
      valueOption(
        '--threshold <similarity>',
        'similarity from which faces match',
        between(MIN_THRESHOLD, MAX_THRESHOLD),
      ).conflicts('falseMatchRate'),
    )
    .addOption(
      valueOption(
        '--false-match-rate <share>',
        'the threshold that CALIBRATION gives for this false match rate',
        between(MIN_FALSE_MATCH_RATE, MAX_FALSE_MATCH_RATE),
      ),
    )
    .addOption(
      new Option('--face-selection <which>', 'which face counts where there are several').choices(FACE_SELECTIONS),
    )
    .addOption(
      new Option('--faces <which>', 'which faces of the second photograph are compared')
        .choices(['selected', 'all'])
        .default('selected'),
    )
    .addOption(rejectOnOption());
  for (const option of commonOptions()) command.addOption(option);
  return command.action(compare);
}

async function compare(first: string, second: string, options: CompareOptions): Promise<void> {
  if (first === STANDARD_INPUT && second === STANDARD_INPUT) {
    throw new Error('only one of the photographs can come from standard input');
  }
  const settings = readSettings();
  const names = { 1: shownName(first), 2: shownName(second) };
  const { json = false } = options;
  const comparison = await namingFiles(names, json, async () => {
    const detector = chosenDetector(options.detector, settings.detectors);
    const sent = {
      threshold: options.threshold,
      false_match_rate: options.falseMatchRate,
      min_confidence: options.minConfidence,
      face_selection: options.faceSelection,
      reject_on: options.rejectOn,
    };
    const request = {
      photographs: await readBoth(first, second, settings.maxImageBytes),
      options: { ...matchOptions(sent, settings), faces: options.faces },
    };
    return withInference(settings, (inference) =>
      comparePhotographs(inference, request, detector, new AbortController().signal),
    );
  });
  print(
    json
      ? JSON.stringify(toCompareResponse(comparison.result, comparison.workMs))
      : comparisonReport(comparison, [names[1], names[2]]),
  );
  process.exitCode = comparison.result.verdict.match ? EXIT.match : EXIT.noMatch;
}

/** @throws ServiceError describing each photograph that cannot be read */
async function readBoth(first: string, second: string, maxBytes: number): Promise<readonly Uint8Array[]> {
  const [one, other] = await Promise.all([readPhotograph(first, 1, maxBytes), readPhotograph(second, 2, maxBytes)]);
  if (one instanceof ServiceError) throw photographError(one, other instanceof ServiceError ? other : undefined);
  if (other instanceof ServiceError) throw other;
  return [one, other];
}
