import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PACKAGE_ROOT } from '../../../api/src/package-root.js';

/** The converter, its packages, and where its environment is expected. The images do not have it. */
const FOLDER = join(PACKAGE_ROOT, 'models', 'convert');
const SCRIPT = join(FOLDER, 'vggface2.py');
const ENVIRONMENT = join(FOLDER, '.venv');
const PYTHON_IN = join(ENVIRONMENT, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** What the script imports of models/convert/requirements.txt; ml_dtypes for ONNX Runtime's quantisation. */
const MODULES = ['facenet_pytorch', 'ml_dtypes', 'numpy', 'onnx', 'onnxruntime', 'PIL', 'torch'];

const LIST_MISSING = `import importlib.util, sys
print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None], sep=", ")`;

export interface Conversion {
  /** The release file, a PyTorch state dict. */
  readonly file: string;
  /** Where the models go. */
  readonly models: string;
  /** Folder with photographs of faces that set the scales of the int8 form; only float32 without. */
  readonly calibration: string | undefined;
  /** Folder with photographs on whose faces the model is compared with its source, besides random input. */
  readonly photographs: string | undefined;
  /** The Python to use instead of that of models/convert/.venv, or else `python3`. */
  readonly python: string | undefined;
}

/**
 * Runs models/convert/vggface2.py, which writes the models and their manifest and reports on standard output.
 *
 * @throws Error that says what is missing and how to get it, or that the conversion failed
 */
export async function convertVggface2({ file, models, calibration, photographs, python }: Conversion): Promise<void> {
  await checkFile(file);
  if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT}: the converter is missing; it is part of the repository only`);
  await access(models, constants.W_OK).catch(() => {
    throw new Error(`${models}: the models cannot be written there`);
  });
  const program = python ?? (existsSync(PYTHON_IN) ? PYTHON_IN : 'python3');
  await checkPython(program);
  const folders = { '--calibration': calibration, '--photographs': photographs };
  const parameters = [
    ...['--state-dict', resolve(file), '--models', models],
    ...Object.entries(folders).flatMap(([name, folder]) => (folder === undefined ? [] : [name, resolve(folder)])),
  ];
  const converter = spawn(program, [SCRIPT, ...parameters], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(converter, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`the conversion failed (${signal ?? `exit status ${code}`})`);
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new Error(`${file}: ${found === undefined ? 'there is no such file' : 'not a file'}`);
}

/** @throws Error with the commands that set it up */
async function checkPython(program: string): Promise<void> {
  const problem = await missingFrom(program);
  if (problem === undefined) return;
  throw new Error(
    [
      `${problem}. The conversion needs Python 3.11 and the packages of the converter, 6.5 GB on Linux. To set it up, once:`,
      `  python3.11 -m venv ${ENVIRONMENT}`,
      `  ${PYTHON_IN} -m pip install -r ${join(FOLDER, 'requirements.txt')}`,
    ].join('\n'),
  );
}

/** What a Python lacks, in words; undefined if nothing. */
async function missingFrom(program: string): Promise<string | undefined> {
  const python = spawn(program, ['-c', LIST_MISSING, ...MODULES], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  python.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    const [code] = (await once(python, 'close')) as [number | null];
    if (code !== 0) return `${program} does not run`;
  } catch {
    return `There is no program ${program}`;
  }
  return output.trim() === '' ? undefined : `${program} lacks ${output.trim()}`;
}
