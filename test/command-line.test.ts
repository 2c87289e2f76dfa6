import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { COMMAND, type Ended, run, type RunOptions } from './support/command.js';
import { type Answer, photograph, Service } from './support/service.js';

const path = (name: string): string => join(PACKAGE_ROOT, 'test/photographs', name);
const [OBAMA, OBAMA2, BIDEN, CAT] = ['obama.jpg', 'obama2.jpg', 'biden.jpg', 'cat.png'].map(path);

/** One line that names the command and says what is wrong. */
const faultOf = (text: string): RegExp =>
  new RegExp(`^face-comparison: .*${text}.*\n(?:\\(--help shows how to call it\\)\n)?$`);

/** Without what differs from run to run, and without the id of a request, which a command has none of. */
const comparable = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => (/_time(?:_ms)?$|^request_id$/.test(name) ? undefined : value)),
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the answer with --json', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ WORKERS: '1' });
  });
  afterAll(() => service.stop());

  const detected = (name: string): Promise<Answer> =>
    service.post('/detect', JSON.stringify({ image_base64: photograph(name).toString('base64'), max_faces: 1 }));

  it.each([
    [
      'compare',
      ['compare', OBAMA, BIDEN],
      () => service.compare('/compare', photograph('obama.jpg'), photograph('biden.jpg')),
      1,
    ],
    [
      'compare with all faces found by MediaPipe',
      ['compare', OBAMA, OBAMA2, '--detector', 'mediapipe', '--faces', 'all', '--threshold', '0.3'],
      () =>
        service.compare('/mediapipe', photograph('obama.jpg'), photograph('obama2.jpg'), {
          faces: 'all',
          threshold: 0.3,
        }),
      0,
    ],
    ['detect', ['detect', OBAMA, '--max-faces', '1'], () => detected('obama.jpg'), 0],
    ['detect without a face', ['detect', CAT], () => detected('cat.png'), 1],
  ] as const)('is that of the service: %s', async (_, args, ask, expected) => {
    const { status, stdout } = await run([...args, '--json']);
    const { body } = await ask();
    expect(comparable(JSON.parse(stdout))).toEqual(comparable(body));
    expect(status).toBe(expected);
  });

  it('is its problem document for a photograph that cannot be compared', async () => {
    const { status, stdout, stderr } = await run(['compare', OBAMA, CAT, '--json']);
    const { body } = await service.compare('/compare', photograph('obama.jpg'), photograph('cat.png'));
    expect(JSON.parse(stdout)).toEqual(comparable(body));
    expect(stderr).toBe(`face-comparison: No face detected in ${CAT}.\n`);
    expect(status).toBe(2);
  });
});

describe('the answer for people', () => {
  it('is the verdict, with the exit status of it', async () => {
    // From a folder without models, and one of the photographs through a pipe.
    const { status, stdout, stderr } = await run(['compare', '-', OBAMA2], {
      cwd: folder,
      input: photograph('obama.jpg'),
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Match: standard input and .*obama2\.jpg\n {2}similarity: 0\.75\d* \(a match from 0\.6 on\)\n/,
    );
    expect(stdout).not.toContain('decision');
    expect(status).toBe(0);
  });

  it('follows the settings of a file .env, and the options before them', async () => {
    const cwd = join(folder, 'with settings');
    await mkdir(cwd);
    await writeFile(join(cwd, '.env'), 'SIMILARITY_THRESHOLD=0.9\nREVIEW_BAND=0.7..0.95\n');
    const bySettings = await run(['compare', OBAMA, OBAMA2], { cwd });
    expect(bySettings.stdout).toMatch(/^No match: .*\n.*\(a match from 0\.9 on\)\n {2}decision: review /);
    expect(bySettings.status).toBe(1);
    const byOption = await run(['compare', OBAMA, OBAMA2, '--threshold', '0.75'], { cwd });
    expect(byOption.stdout).toMatch(/^Match: .*\n.*\(a match from 0\.75 on\)\n {2}decision: review /);
    expect(byOption.status).toBe(0);
  });

  it('is one line for each face', async () => {
    const { status, stdout } = await run(['detect', OBAMA]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^face 1: 238 × 338 px at 375,83; confidence 1\.000 \(mtcnn\); no warnings$/),
      expect.stringMatching(/^face 2: .*; warnings: blurred, /),
      '',
    ]);
    expect(status).toBe(0);
  });

  it.each([
    ['faces', ['detect', OBAMA], 0],
    ['help', ['--help'], 0],
  ])('may lose its reader: %s', async (_, args, expected) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([expected, null]);
    expect(stderr).toBe('');
  });
});

describe('exit status 2 and one line', () => {
  it.each<[string, readonly string[], string, RunOptions?]>([
    ['an unknown command', ['bogus'], 'unknown command'],
    ['an unknown option', ['compare', '--bogus', 'a', 'b'], "unknown option '--bogus'"],
    ['one photograph', ['compare', 'a'], "missing required argument 'second'"],
    ['three photographs', ['compare', 'a', 'b', 'c'], 'too many arguments'],
    ['a threshold that is no number', ['compare', '--threshold', 'NaN', 'a', 'b'], 'a number from -1 to 1'],
    ['a threshold out of range', ['compare', '--threshold', '2', 'a', 'b'], 'a number from -1 to 1'],
    ['two thresholds', ['compare', '--threshold', '0.5', '--false-match-rate', '0.1', 'a', 'b'], 'cannot be used with'],
    ['a detector that does not exist', ['detect', '--detector', 'yunet', 'a'], 'mtcnn, mediapipe'],
    [
      'a detector that is not enabled',
      ['detect', '--detector', 'mtcnn', OBAMA],
      'not enabled',
      { env: { DETECTORS: 'blazeface' } },
    ],
    ['standard input twice', ['compare', '-', '-'], 'only one'],
    ['nothing on standard input', ['detect', '-'], 'standard input is an empty file'],
    [
      'a file that does not exist',
      ['compare', OBAMA, 'none.jpg'],
      'none.jpg cannot be read: no such file or directory',
    ],
    [
      'a file above the limit',
      ['detect', OBAMA],
      'obama.jpg is larger than 1000 bytes',
      { env: { MAX_IMAGE_BYTES: '1000' } },
    ],
    ['a text', ['compare', 'LICENSE', OBAMA], 'LICENSE is not a JPEG'],
    ['bad settings', ['detect', OBAMA], 'Bad settings: WORKERS', { env: { WORKERS: 'many' } }],
    ['weights that are not there', ['detect', OBAMA], 'no embedder with', { env: { EMBEDDER_WEIGHTS: 'vggface2' } }],
    ['a state dict that does not exist', ['models', 'add', 'vggface2', 'none.pt'], 'none.pt: there is no such file'],
    ['other weights', ['models', 'add', 'arcface', 'LICENSE'], 'Allowed choices are vggface2'],
  ])('for %s', async (_, args, fault, options) => {
    const { status, stdout, stderr } = await run(args, options);
    expect(stderr).toMatch(faultOf(fault));
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('for two photographs at fault with a line for each', async () => {
    const { status, stderr } = await run(['compare', 'none.jpg', PACKAGE_ROOT]);
    expect(stderr).toBe(
      `face-comparison: none.jpg cannot be read: no such file or directory.\nface-comparison: ${PACKAGE_ROOT} cannot be read: it is a folder.\n`,
    );
    expect(status).toBe(2);
  });

  it.runIf(process.platform === 'linux')('for output that cannot be written', async () => {
    const shell = spawn('sh', ['-c', '"$0" "$@" > /dev/full', process.execPath, COMMAND, 'detect', OBAMA], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(shell, 'close')).toEqual([2, null]);
    expect(stderr).toMatch(faultOf('no space left on device'));
  });

  it('without arguments, with the help', async () => {
    const nothing = await run([]);
    expect(nothing.stderr).toContain('Usage: face-comparison');
    expect(nothing.status).toBe(2);
    expect(await run(['--help'])).toEqual({ status: 0, stdout: nothing.stderr, stderr: '' });
  });

  it('before the first build', async () => {
    const copy = join(folder, 'not built', 'bin');
    await mkdir(copy, { recursive: true });
    await copyFile(COMMAND, join(copy, 'face-comparison.mjs'));
    const child = spawn(process.execPath, [join(copy, 'face-comparison.mjs'), 'detect', OBAMA]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(stderr).toMatch(faultOf('run "npm run build" in'));
  });
});

describe('models', () => {
  it('are listed and verified', async () => {
    const listed = await run(['models', 'list'], { cwd: folder });
    expect(listed.stdout).toMatch(/^NAME +ROLE .*\n(?:.* ok\n)+$/);
    expect(listed.status).toBe(0);
    const verified = await run(['models', 'verify']);
    expect(verified.stdout).toMatch(/^(?:ok +\S+\.onnx\n)+$/);
    expect(verified.status).toBe(0);
  });

  it('are found to be damaged or missing', async () => {
    const models = join(folder, 'damaged models');
    await cp(join(PACKAGE_ROOT, 'models'), models, {
      recursive: true,
      filter: (source) => /models$|\.json$|net\.onnx$/.test(source),
    });
    await writeFile(join(models, 'pnet.onnx'), 'damaged');
    const { status, stdout, stderr } = await run(['models', 'verify'], { env: { MODELS_DIR: models } });
    expect(stdout).toContain('differs  pnet.onnx\n');
    expect(stdout).toContain('ok       rnet.onnx\n');
    expect(stdout).toContain('missing  inception-resnet-v1-casia-webface.onnx\n');
    expect(stderr).toMatch(faultOf('5 of 7 files are not those of the manifest'));
    expect(status).toBe(2);
  });

  it('are not added without Python, but it is said what it takes', async () => {
    const { status, stdout, stderr } = await run([
      'models',
      'add',
      'vggface2',
      'LICENSE',
      '--python',
      '/nowhere/python',
    ]);
    expect(stdout).toBe('');
    expect(stderr).toContain('There is no program /nowhere/python.');
    expect(stderr).toMatch(/python3\.11 -m venv .*\n.* -m pip install -r .*requirements\.txt\n$/);
    expect(status).toBe(2);
  });
});

describe('serve', () => {
  it('starts the service with the models of the package, and stops it', async () => {
    const child = spawn(process.execPath, [COMMAND, 'serve'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', WORKERS: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => output, { timeout: 30_000 }).toContain('is ready on http://localhost:');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('has the exit status of the service', async () => {
    const refused: Ended = await run(['serve'], { env: { PORT: 'abc' } });
    expect(refused).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Bad settings: PORT must be a whole number from 0 to 65535\n',
    });
  });
});
