import { Argument, Command, Option } from 'commander';
import { readSettings } from '../../../api/src/config/settings.js';
import { readManifests } from '#inference';
import { print } from '../output.js';
import { convertVggface2 } from './converter.js';
import { listModels, modelTable } from './model-table.js';

interface AddOptions {
  readonly calibration?: string;
  readonly photographs?: string;
  readonly python?: string;
}

/** `face-comparison models`. */
export const modelsCommand = (): Command =>
  new Command('models')
    .description('the models in MODELS_DIR')
    .addCommand(
      new Command('list')
        .description('list the models: role, weights, precision, size, licence, and whether the file is intact')
        .option('--json', 'print JSON')
        .action(list),
    )
    .addCommand(
      new Command('verify')
        .description('compare every file with the SHA-256 in the manifest; exit status 0: all intact, 2: not')
        .action(verify),
    )
    .addCommand(
      new Command('add')
        .description('convert the released weights of another embedder (needs Python and the converter’s packages)')
        .addArgument(new Argument('<weights>', 'their name').choices(['vggface2']))
        .argument('<file>', 'the release file, 20180402-114759-vggface2.pt')
        .addOption(new Option('--calibration <folder>', 'photographs of faces for the int8 form; float32 alone without'))
        .addOption(new Option('--photographs <folder>', 'verify the model on the faces in these, too'))
        .addOption(new Option('--python <program>', 'the Python to use (default: models/convert/.venv, or python3)'))
        .action(add),
    );

async function list({ json = false }: { readonly json?: boolean }): Promise<void> {
  const { modelsDir } = readSettings();
  const models = await listModels(modelsDir, readManifests(modelsDir));
  print(json ? JSON.stringify(models) : modelTable(models).join('\n'));
}

async function verify(): Promise<void> {
  const { modelsDir } = readSettings();
  const models = await listModels(modelsDir, readManifests(modelsDir));
  print(models.map(({ state, file }) => `${state.padEnd('differs'.length)}  ${file}`).join('\n'));
  const bad = models.filter(({ state }) => state !== 'ok').length;
  if (bad > 0) throw new Error(`${modelsDir}: ${bad} of ${models.length} files are not those of the manifest`);
}

async function add(weights: string, file: string, options: AddOptions): Promise<void> {
  const { modelsDir: models } = readSettings();
  const { calibration, photographs, python } = options;
  await convertVggface2({ file, models, calibration, photographs, python });
  print(`EMBEDDER_WEIGHTS=${weights} selects them.`);
}
