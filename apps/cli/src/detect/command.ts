import { Command } from 'commander';
import { integer } from '../../../api/src/config/setting-kinds.js';
import { readSettings } from '../../../api/src/config/settings.js';
import { detectionQuery } from '../../../api/src/faces/detection-query.js';
import { toDetection } from '../../../api/src/faces/faces-response.js';
import { DEFAULT_MAX_FACES, MOST_FACES } from '../../../api/src/faces/max-faces.js';
import { noFace, orThrow, outcomeOf } from '../../../api/src/faces/photograph-outcome.js';
import { EXIT } from '../exit-status.js';
import { faceWords } from '../face-words.js';
import { withInference } from '../inference.js';
import { commonOptions, type CommonOptions, valueOption } from '../option-values.js';
import { print } from '../output.js';
import { inFileNames, namingFiles } from '../photograph-errors.js';
import { readPhotograph, shownName } from '../photograph-file.js';

interface DetectOptions extends CommonOptions {
  readonly maxFaces: number;
}

/** `face-comparison detect A`. */
export function detectCommand(): Command {
  const command = new Command('detect')
    .description('print one line for each face in a photograph; exit status 0: faces, 1: no face, 2: error')
    .argument('<photograph>', 'a file, or - for standard input')
    .addOption(
      valueOption('--max-faces <number>', 'at most so many faces, the largest', integer(1, MOST_FACES)).default(
        DEFAULT_MAX_FACES,
      ),
    );
  for (const option of commonOptions()) command.addOption(option);
  return command.action(detect);
}

async function detect(path: string, options: DetectOptions): Promise<void> {
  const settings = readSettings();
  const { json = false } = options;
  const names = { image: shownName(path) };
  const { result, workMs } = await namingFiles(names, json, async () => {
    const { detector, maxFaces, minConfidence } = options;
    const query = detectionQuery({ detector, max_faces: maxFaces, min_confidence: minConfidence }, settings);
    const bytes = orThrow(await readPhotograph(path, 'image', settings.maxImageBytes));
    return withInference(settings, async ({ pool }) => {
      const [outcome] = await pool.run([bytes], { kind: 'detect', query }, new AbortController().signal);
      return orThrow(outcomeOf(outcome, 'image'));
    });
  });
  if (json) print(JSON.stringify(toDetection(result, workMs)));
  else for (const [i, face] of result.faces.entries()) print(`face ${i + 1}: ${faceWords(face)}`);
  if (result.faces.length > 0) return;
  process.exitCode = EXIT.noMatch;
  process.stderr.write(`face-comparison: ${inFileNames(noFace('image'), names)}\n`);
}
