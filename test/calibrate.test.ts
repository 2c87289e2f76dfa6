import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import type { Report } from '../apps/cli/src/calibrate/report.js';
import { photograph, Service } from './support/service.js';

const PROGRAM = join(PACKAGE_ROOT, 'bin/face-comparison.mjs');
const PHOTOGRAPHS = join(PACKAGE_ROOT, 'test/photographs');

/** A name that could do harm in a page, on a terminal or in a CSV file. */
const NASTY = 'a, "b" <img src=x onerror=alert(1)>\u001b[2J é.jpg';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calibrate-'));
  const people = {
    obama: ['obama.jpg', 'obama2.jpg', 'obama3.jpg'],
    biden: ['biden.jpg'],
    other: ['astronaut.png', 'cat.png'],
  };
  for (const [person, names] of Object.entries(people)) {
    mkdirSync(join(folder, 'people', person), { recursive: true });
    for (const name of names) copyFileSync(join(PHOTOGRAPHS, name), join(folder, 'people', person, name));
  }
  copyFileSync(join(PHOTOGRAPHS, 'obama3.jpg'), join(folder, 'people/obama/obama3 again.jpg'));
  copyFileSync(join(PHOTOGRAPHS, 'obama_partial_face.jpg'), join(folder, 'people/obama', NASTY));
  writeFileSync(join(folder, 'people/biden/notes.txt'), 'no photograph');
  writeFileSync(join(folder, 'people/biden/empty.jpg'), '');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command in the test's folder. */
async function calibrate(...args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'calibrate', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], WORKERS: '1' },
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, status };
}

describe('with a folder per person', () => {
  let run: Awaited<ReturnType<typeof calibrate>>;

  beforeAll(async () => {
    run = await calibrate('people', '--out', 'results', '--fmr', '0.2,1e-3', '--json');
  }, 180_000);

  it('counts people, photographs and pairs, and lists photographs that fail by their code', () => {
    const report = JSON.parse(run.stdout) as Report;

    expect(run.status).toBe(0);
    expect(report).toMatchObject({ people: 3, photographs: 10 });
    expect(report.notes).toEqual(['copies of another file of the same person, ignored: 1']);
    expect(report.detectors.map(({ detector }) => detector)).toEqual(['mtcnn', 'blazeface']);
    for (const { acquisition, genuine_pairs: genuine, impostor_pairs: impostor } of report.detectors) {
      expect(acquisition).toMatchObject({ people: 3, attempted: 9, acquired: 6, fta: { errors: 3, of: 9 } });
      expect(acquisition?.failures).toEqual({
        UNSUPPORTED_FORMAT: ['biden/empty.jpg', 'biden/notes.txt'],
        NO_FACE: ['other/cat.png'],
      });
      expect({ genuine, impostor }).toEqual({ genuine: 6, impostor: 9 });
    }
  });

  it('finds these people told apart, and says where the pairs are too few', () => {
    const report = JSON.parse(run.stdout) as Report;
    for (const { rates } of report.detectors) {
      expect(rates?.eer.rate).toBe(0);
      expect(rates?.d_prime).toBeGreaterThan(3);
      expect(rates?.current).toMatchObject({ threshold: 0.6, fmr: { errors: 0, of: 9 }, fnmr: { errors: 0, of: 6 } });
      expect(rates?.current.fmr.high).toBeGreaterThan(0.2);
      expect(rates?.points[0]).toMatchObject({ wanted_fmr: 0.2, point: { fmr: { errors: 1, of: 9 } } });
      expect(rates?.points[1]).toEqual({ wanted_fmr: 1e-3, point: null });
    }
  });

  it('writes a page that loads and runs nothing, with names as text', () => {
    const page = readFileSync(join(folder, 'results/report.html'), 'utf8');

    expect(page).toContain('default-src &#39;none&#39;; img-src data:');
    expect(page).not.toMatch(/<script|<img src=x|https?:\/\//i);
    expect(page).toContain('a, &#34;b&#34; &#60;img src=x onerror=alert(1)&#62;\ufffd[2J é.jpg');
    const charts = [...page.matchAll(/src="data:image\/svg\+xml;base64,([^"]+)"/g)];
    expect(charts.length).toBeGreaterThanOrEqual(4);
    for (const [, chart] of charts) expect(Buffer.from(chart, 'base64').toString()).toMatch(/^<svg [^]*<\/svg>\s*$/);
  });

  it('writes the same report as JSON', () => {
    expect(readFileSync(join(folder, 'results/report.json'), 'utf8')).toBe(run.stdout);
  });

  it('writes a calibration that the service takes', async () => {
    const service = await Service.start({ CALIBRATION: join(folder, 'results/calibration.json') });
    try {
      const { body } = await service.compare('/compare', photograph('biden.jpg'), photograph('obama.jpg'));
      const report = JSON.parse(run.stdout) as Report;
      const ours = report.detectors[0].rates?.most_wrong.impostor.find(
        ({ image1, image2 }) => image1 === 'biden/biden.jpg' && image2 === 'obama/obama.jpg',
      );

      expect(body['similarity']).toBe(ours?.similarity);
      expect(body['comparison_metrics']).toHaveProperty('false_match_rate');
    } finally {
      await service.stop();
    }
  });
});

describe('with pairs', () => {
  it('compares only these, also by group, and prints names without what moves the cursor', async () => {
    const quoted = `"people/obama/${NASTY.replaceAll('"', '""')}"`;
    writeFileSync(
      join(folder, 'pairs.csv'),
      [
        'image1,image2,same,group',
        `people/obama/obama.jpg,${quoted},1,formal`,
        'people/obama/obama.jpg,people/biden/biden.jpg,0,formal',
        'people/obama/obama.jpg,people/missing.jpg,1,formal',
        'people/biden/biden.jpg,people/other/astronaut.png,0,<b>other</b>',
      ].join('\n'),
    );
    const { stdout, status } = await calibrate('pairs.csv', '--out', 'of-pairs', '--detector', 'mediapipe');

    expect(status).toBe(0);
    expect(stdout).toContain('pairs.csv: 5 photographs of 3 people');
    expect(stdout).toContain('UNREADABLE_FILE: people/missing.jpg');
    expect(stdout).toContain('pairs: 1 genuine, 2 impostor');
    expect(stdout).toMatch(/by group[^]*<b>other<\/b>[^]*formal/);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('MTCNN');
    expect(readFileSync(join(folder, 'of-pairs/report.html'), 'utf8')).not.toContain('<b>');
  });

  it('compares a copy as the file that it is a copy of', async () => {
    const [first, copy] = ['people/obama/obama3.jpg', 'people/obama/obama3 again.jpg'];
    writeFileSync(
      join(folder, 'copies.csv'),
      [
        'image1,image2,same',
        `${first},${copy},1`,
        `${first},people/obama/obama.jpg,1`,
        `people/obama/obama.jpg,${copy},1`,
        `${copy},people/obama/obama2.jpg,1`,
        `${copy},people/biden/biden.jpg,0`,
      ].join('\n'),
    );
    const { stdout } = await calibrate('copies.csv', '--out', 'of-copies', '--detector', 'mediapipe', '--json');

    expect((JSON.parse(stdout) as Report).detectors).toMatchObject([
      { acquisition: { attempted: 4 }, genuine_pairs: 2, impostor_pairs: 1 },
    ]);
  });
});

describe('with scores', () => {
  const scores = (name: string, kind: string): string[] => [
    `--${kind}`,
    join(PACKAGE_ROOT, `test/pyeer/scores/${name}-${kind}.txt`),
  ];
  const separate = [...scores('separate', 'genuine'), ...scores('separate', 'impostor')];

  it('ends with 1 where a requirement is missed, and with 0 where all are met', async () => {
    const met = await calibrate(...separate, '--out', 'met', '--require', 'fmr=0.01,fnmr=0.02');
    const missed = await calibrate(...separate, '--out', 'missed', '--require', 'fmr=1e-3,fnmr=0.02');

    expect(met.status).toBe(0);
    expect(met.stdout).toContain('required: FNMR of 2 % at FMR 1e-2: met');
    expect(missed.status).toBe(1);
    expect(missed.stdout).toContain('required: FNMR of 2 % at FMR 1e-3: MISSED');
    expect(missed.stdout).toContain('fewer than 1/FMR = 1,000 impostor pairs: not enough data');
  });

  it('ends with 2 where there is nothing to measure', async () => {
    writeFileSync(join(folder, 'none.csv'), 'image1,image2,same\npeople/obama/obama.jpg,people/obama/obama2.jpg,1\n');
    const { status, stdout } = await calibrate('none.csv', '--out', 'none', '--detector', 'mediapipe');

    expect(status).toBe(2);
    expect(stdout).toContain('no rates: it takes photographs of two people');
  });

  it('writes a calibration only if it is known which detector they are of', async () => {
    await calibrate(...separate, '--out', 'unknown');
    await calibrate(...separate, '--out', 'known', '--detector', 'mtcnn');

    expect(readdirSync(join(folder, 'unknown')).sort()).toEqual(['report.html', 'report.json']);
    expect(readdirSync(join(folder, 'known')).sort()).toEqual(['calibration.json', 'report.html', 'report.json']);

    await calibrate(...separate, '--out', 'known');
    expect(readdirSync(join(folder, 'known')).sort()).toEqual(['report.html', 'report.json']);
  });
});

it.each([
  [['nowhere'], /^face-comparison: nowhere: there is no such file or folder\n$/],
  [['people', '--out', 'people/out'], /^face-comparison: --out must not be within the folder with the photographs/],
  [['people', '--fmr', '2'], /It must be up to 20 rates between 0 and 1/],
  [['people', '--require', 'fmr=1'], /It must be like fmr=1e-3,fnmr=0.05/],
  [['people', '--detector', 'yolo'], /It must be one or several of mtcnn, mediapipe/],
  [['--genuine', 'a'], /give either a folder or CSV file, or both --genuine and --impostor/],
])('refuses %j with status 2 and no stack trace', async (args, message) => {
  const { status, stdout, stderr } = await calibrate('--out', 'refused', ...args);

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('ends at Ctrl-C, and writes nothing', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'calibrate', 'people', '--out', 'interrupted'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], WORKERS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const output = text(child.stdout);
  let progress = '';
  let isSent = false;
  for await (const chunk of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    progress += chunk;
    // The bar appears when the workers are ready, before the first photograph is done.
    if (!isSent && progress.includes('0/10 photographs')) isSent = child.kill('SIGINT');
  }

  expect(await ended).toEqual([130, null]);
  expect(await output).toBe('');
  expect(progress).toContain('stopped; nothing was written');
  expect(existsSync(join(folder, 'interrupted/report.html'))).toBe(false);
});
