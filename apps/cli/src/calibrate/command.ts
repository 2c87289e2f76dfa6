import { Command, Option } from 'commander';
import { severalOf } from '../../../api/src/config/setting-kinds.js';
import { DETECTOR_VALUES, type DetectorValue } from '../../../api/src/faces/detector-field.js';
import { EXIT } from '../exit-status.js';
import { valueOption } from '../option-values.js';
import { highestFirst, parseFmrList } from './fmr-list.js';
import { Interrupted } from './interruption.js';
import { prepareOutput, writeOutput } from './output-folder.js';
import { parseRequirement, type Requirement } from './requirement.js';
import { type CalibrationOptions, type Results, settingsFor } from './results.js';

const DETECTOR_NAMES = Object.keys(DETECTOR_VALUES) as DetectorValue[];

/** The options as commander parses them. */
interface Options {
  readonly genuine?: string;
  readonly impostor?: string;
  readonly detector?: readonly DetectorValue[];
  readonly fmr: readonly number[];
  readonly require?: readonly Requirement[];
  readonly out: string;
  readonly json?: true;
}

/** `face-comparison calibrate`: how well faces are told apart on the user's own photographs, and at which threshold. */
export const calibrateCommand = (): Command =>
  new Command('calibrate')
    .description(
      'measure false matches and false non-matches on labelled photographs, and make a calibration for the service',
    )
    .argument('[input]', 'a folder with a folder per person, or a CSV file with the columns image1, image2 and same')
    .option('--genuine <file>', 'instead of photographs: scores of pairs of one person, one on each line')
    .option('--impostor <file>', 'scores of pairs of two people')
    .addOption(
      valueOption(
        '--detector <names>',
        'detectors to measure (default: those of the service)',
        severalOf(DETECTOR_NAMES),
      ),
    )
    .addOption(
      new Option('--fmr <rates>', 'false match rates to find thresholds for')
        .argParser(parseFmrList)
        .default([1e-2, 1e-3, 1e-4], '1e-2,1e-3,1e-4'),
    )
    .option(
      '--require <rates>',
      'exit with 1 if the false non-match rate is higher, such as fmr=1e-3,fnmr=0.05; may be repeated',
      parseRequirement,
    )
    .option('--out <folder>', 'where to write report.html, report.json and calibration.json', 'calibration')
    .option('--json', 'print report.json instead of text')
    .action(run);

async function run(input: string | undefined, options: Options, command: Command): Promise<void> {
  try {
    await prepareOutput(options.out, input);
    const { report, calibration } = await measure(input, options, command);
    // Only now, because they load vega.
    const [{ htmlReport }, { drawCharts }] = await Promise.all([
      import('./report/html.js'),
      import('./report/draw.js'),
    ]);
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    await writeOutput(options.out, {
      'report.html': htmlReport(report, await drawCharts(report)),
      'report.json': json,
      'calibration.json': calibration && `${JSON.stringify(calibration)}\n`,
    });
    const { printReport } = await import('./report/print.js');
    process.stdout.write(options.json ? json : printReport(report));
    process.stderr.write(
      `Written to ${options.out}: report.html, report.json${calibration ? ', calibration.json' : ''}\n`,
    );
    if (report.detectors.some(({ met }) => met.includes(false))) process.exitCode = EXIT.noMatch;
    else if (report.detectors.every(({ rates }) => rates === null)) process.exitCode = EXIT.error;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitStatus;
  }
}

async function measure(
  input: string | undefined,
  { genuine, impostor, detector: names, fmr, require: requirements = [] }: Options,
  command: Command,
): Promise<Results> {
  const wanted: CalibrationOptions = {
    // A requirement needs its rate's threshold, too.
    fmr: highestFirst([...fmr, ...requirements.map((requirement) => requirement.fmr)]),
    requirements,
  };
  const detectors = names?.map((name) => DETECTOR_VALUES[name]);
  const settings = settingsFor(detectors);
  if (input !== undefined && genuine === undefined && impostor === undefined) {
    const { calibratePhotographs } = await import('./from-photographs.js');
    return calibratePhotographs(input, settings, wanted);
  }
  if (input !== undefined || genuine === undefined || impostor === undefined) {
    return command.error('error: give either a folder or CSV file, or both --genuine and --impostor');
  }
  if (detectors !== undefined && detectors.length > 1) {
    return command.error('error: scores are of one detector; --detector must name one');
  }
  const { calibrateScores } = await import('./from-scores.js');
  return calibrateScores({ genuine, impostor }, detectors?.[0], settings, wanted);
}
