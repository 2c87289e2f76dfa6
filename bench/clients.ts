import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { Service } from '../test/support/service.js';
import { pythonTool, run, TOOLS } from './python-tool.js';

/*
 * `npm run test:clients`: generates a Python and a TypeScript client from openapi.json and runs each against a service
 * that requires a key: JSON and forms, verdicts and errors (bench/clients). The generators are installed into .tools on
 * first use, which requires Python 3.10 or newer.
 */

const PYTHON_GENERATOR_VERSION = '0.29.1';
const TYPESCRIPT_PACKAGES = ['@hey-api/openapi-ts@0.95.0', 'typescript@5.9.3', '@types/node@20.19.43'];

const DOCUMENT = join(PACKAGE_ROOT, 'openapi.json');
const USES = join(PACKAGE_ROOT, 'bench/clients');
const FOLDER = join(TOOLS, 'clients');
const KEY = 'a-key';

mkdirSync(FOLDER, { recursive: true });
const python = await generatePython();
const typescript = await generateTypeScript();
const service = await Service.start({ API_KEYS: KEY });
try {
  const parameters = [service.url, KEY, join(PACKAGE_ROOT, 'test/photographs')];
  await succeed(python, [join(USES, 'use-python.py'), ...parameters]);
  console.log('Python: JSON and forms, verdicts and errors, with either key and without');
  await succeed(process.execPath, [typescript, ...parameters]);
  console.log('TypeScript: the same');
} finally {
  await service.stop();
}

/** @returns the Python that has the client installed */
async function generatePython(): Promise<string> {
  const programs = await pythonTool('openapi-python-client', PYTHON_GENERATOR_VERSION);
  const client = join(FOLDER, 'python');
  const configuration = join(FOLDER, 'python.json');
  rmSync(client, { recursive: true, force: true });
  // Formatting hooks are off: nobody reads the generated code.
  writeFileSync(configuration, JSON.stringify({ post_hooks: [] }));
  const parameters = ['generate', '--path', DOCUMENT, '--output-path', client, '--config', configuration];
  await succeed(join(programs, 'openapi-python-client'), parameters);
  await succeed(join(programs, 'pip'), ['install', '-q', '--disable-pip-version-check', client]);
  return join(programs, 'python');
}

/** @returns the program that uses the client, type-checked */
async function generateTypeScript(): Promise<string> {
  const folder = join(FOLDER, 'typescript');
  rmSync(join(folder, 'client'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const configuration = { input: DOCUMENT, output: { path: 'client', module: { extension: '.js' } } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'openapi-ts.config.mjs'), `export default ${JSON.stringify(configuration)};\n`);
  copyFileSync(join(USES, 'use-typescript.ts'), join(folder, 'use-typescript.ts'));
  await succeed('npm', ['install', '--silent', '--no-save', ...TYPESCRIPT_PACKAGES], folder);
  await succeed('npx', ['openapi-ts'], folder);
  const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--skipLibCheck', '--outDir', 'built'];
  await succeed('npx', ['tsc', ...options, 'use-typescript.ts'], folder);
  return join(folder, 'built/use-typescript.js');
}

/** @throws Error if a program fails */
async function succeed(program: string, parameters: readonly string[], folder = FOLDER): Promise<void> {
  const status = await run(program, parameters, { folder });
  if (status !== 0) throw new Error(`${program} ended with status ${status}`);
}
