import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { Service } from '../test/support/service.js';
import { useInBrowser } from './client-browser.js';
import { runExamples } from './client-examples.js';
import { installClient, succeed } from './client-package.js';
import { pythonTool, TOOLS } from './python-tool.js';

/*
 * `npm run test:clients`: generates a Python and a TypeScript client from openapi.json and runs each against a service
 * that requires a key: JSON and forms, verdicts and errors (bench/clients). CompreFace's own SDK follows, and the
 * examples of docs/clients.md and others, with the TypeScript client as it is published. What that takes is installed into .tools
 * on first use, which requires Python 3.10 or newer.
 */

const PYTHON_GENERATOR_VERSION = '0.29.1';
const TYPESCRIPT_PACKAGES = ['@hey-api/openapi-ts@0.95.0', 'typescript@5.9.3', '@types/node@20.19.43'];

const SDK_VERSION = '0.6.0';

/** The last urllib3 that its requests-toolbelt can be imported with. */
const SDK_NEEDS = ['requests==2.34.2', 'urllib3==1.26.20'];

const DOCUMENT = join(PACKAGE_ROOT, 'openapi.json');
const USES = join(PACKAGE_ROOT, 'bench/clients');
const FOLDER = join(TOOLS, 'clients');
const KEY = 'a-key';

mkdirSync(FOLDER, { recursive: true });
const python = await generatePython();
const typescript = await generateTypeScript();
const sdkPython = join(await pythonTool('compreface-sdk', SDK_VERSION, SDK_NEEDS), 'python');
const examples = join(FOLDER, 'examples');
await installClient(examples);
const service = await Service.start({ API_KEYS: KEY, COMPATIBILITY: 'compreface' });
try {
  const parameters = [service.url, KEY, join(PACKAGE_ROOT, 'test/photographs')];
  await succeed(python, [join(USES, 'use-python.py'), ...parameters], FOLDER);
  console.log('Python: JSON and forms, verdicts and errors, with either key and without');
  await succeed(process.execPath, [typescript, ...parameters], FOLDER);
  console.log('TypeScript: the same');
  await succeed(sdkPython, [join(USES, 'use-compreface-sdk.py'), ...parameters], FOLDER);
  console.log('CompreFace’s SDK: verdicts, options and errors');
} finally {
  await service.stop();
}
const open = await Service.start({ CORS_ORIGINS: '*', COMPATIBILITY: 'compreface,deepface' });
try {
  const languages = await runExamples({ url: open.url, folder: examples, python: sdkPython });
  console.log(`the documented examples: ${languages.join(', ')}`);
  const browser = await useInBrowser(open.url, examples);
  console.log(browser === undefined ? 'no browser here' : `the TypeScript client in ${browser}`);
} finally {
  await open.stop();
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
  await succeed(join(programs, 'openapi-python-client'), parameters, FOLDER);
  await succeed(join(programs, 'pip'), ['install', '-q', '--disable-pip-version-check', client], FOLDER);
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
