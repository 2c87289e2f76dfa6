import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { readSettings } from '../apps/api/src/config/settings.js';
import { acceptablePrecisions, cropRuleFor } from '../apps/api/src/inference/inference-runtime.js';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { lineChart } from '../apps/cli/src/charts/line-chart.js';
import { renderSvg } from '../apps/cli/src/charts/render-svg.js';
import {
  compareEmbeddings,
  DETECTOR_NAMES,
  type DetectorName,
  DETECTORS,
  type FaceAnalysis,
  FaceError,
} from '../libs/face/src/index.js';
import { FaceAnalyser } from '../libs/face/src/native.js';
import { openModels } from '../libs/inference/src/model-store.js';
import { commandLine } from './command-line.mjs';
import { type Damage, DAMAGES, toImage, type Undamaged } from './quality/damage.js';
import { labelledPhotographs } from './quality/labelled-photographs.js';
import { median } from './statistics.js';
import { QUALITY } from './tools.mjs';

/*
 * `npm run bench:quality`: damages photographs step by step, and shows how the measures of quality, the similarity to
 * the undamaged photograph and the false non-matches move (docs/quality.md). Prints tables and draws charts.
 */

/** Larger photographs are shrunk first, so that the study ends in time. */
const LARGEST_SIDE = 640;

/** The undamaged photograph, and what it is compared with. */
interface Subject extends Undamaged {
  readonly detector: DetectorName;
  readonly person: string;
  readonly analysis: FaceAnalysis;
}

/** A damaged photograph. */
interface Sample {
  readonly damage: string;
  readonly step: number;
  readonly detector: DetectorName;
  /** Undefined where no face was found. */
  readonly analysis?: FaceAnalysis;
  /** With the undamaged photograph. */
  readonly itself: number;
  /** With the undamaged others of the same person. */
  readonly mates: readonly number[];
}

const { photographs: folder } = commandLine(QUALITY);
const charts = join(PACKAGE_ROOT, 'docs/charts');
mkdirSync(charts, { recursive: true });

const { analyser, threshold } = await load();
const subjects = await findSubjects();
const samples: Sample[] = [];
for (const damage of DAMAGES) {
  const damaged: Sample[] = [];
  for (const subject of subjects) damaged.push(...(await applySteps(damage, subject)));
  await report(damage, damaged);
  samples.push(...damaged);
}
reportWarnings();
await reportDiscards();

async function load(): Promise<{ analyser: FaceAnalyser; threshold: number }> {
  const settings = readSettings();
  const { embedderWeights: weights, cropMargins: margins, maxImagePixels: maxPixels } = settings;
  const selection = { detectors: DETECTOR_NAMES, weights, precisions: acceptablePrecisions(settings) };
  const { models, embedder } = await openModels(settings.modelsDir, selection);
  const loaded = await FaceAnalyser.load({
    models,
    detectors: DETECTOR_NAMES,
    runtime: { executionProvider: 'cpu', intraOpThreads: 1 },
    crop: { rule: cropRuleFor(settings, embedder), margins },
    maxPixels,
  });
  return { analyser: loaded, threshold: embedder.threshold };
}

/** Every photograph with a face, once for each detector. */
async function findSubjects(): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const { path, person } of labelledPhotographs(folder)) {
    const image = await toImage(
      sharp(readFileSync(path))
        .rotate()
        .resize(LARGEST_SIDE, LARGEST_SIDE, { fit: 'inside', withoutEnlargement: true }),
    );
    const { width, height, pixels } = image;
    const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    for (const detector of DETECTOR_NAMES) {
      const analysis = await analyse(bytes, detector);
      if (analysis !== undefined) found.push({ image, face: analysis.face, detector, person, analysis });
    }
  }
  const people = new Map<string, number>();
  for (const { person, detector } of found) {
    if (detector === DETECTOR_NAMES[0]) people.set(person, (people.get(person) ?? 0) + 1);
  }
  const total = [...people.values()].reduce((sum, count) => sum + count, 0);
  const several = [...people].filter(([, count]) => count > 1);
  console.log(
    `${total} photographs of ${people.size} people; of ${several.length} of them several: ${several.map(([, count]) => count).join(', ')}`,
  );
  return found;
}

/** @returns undefined if no face is found, or the photograph is too small to hold one */
async function analyse(bytes: Uint8Array, detector: DetectorName): Promise<FaceAnalysis | undefined> {
  try {
    return await analyser.analyse(bytes, { detector, selection: 'largest', minConfidence: 0 });
  } catch (error) {
    if (error instanceof FaceError) return undefined;
    throw error;
  }
}

async function applySteps(damage: Damage, subject: Subject): Promise<Sample[]> {
  const { detector, person } = subject;
  const others = subjects.filter(
    (other) => other.detector === detector && other.person === person && other.analysis !== subject.analysis,
  );
  const damaged: Sample[] = [];
  for (const step of damage.steps) {
    const analysis = await analyse(await damage.apply(subject, step), detector);
    const similarity = (other: Subject): number =>
      analysis === undefined ? NaN : compareEmbeddings(analysis.embedding, other.analysis.embedding).cosine;
    damaged.push({
      damage: damage.name,
      step,
      detector,
      ...(analysis !== undefined && { analysis }),
      itself: similarity(subject),
      mates: analysis === undefined ? [] : others.map(similarity),
    });
  }
  return damaged;
}

/** Share of similarities below the threshold, 0 to 1; NaN for none. */
function nonMatches(similarities: readonly number[]): number {
  return similarities.filter((value) => value < threshold).length / similarities.length;
}

/** What a sample is compared with: other photographs of the person or, for lack of any, the undamaged one. */
function comparisons({ mates, itself }: Sample): readonly number[] {
  return mates.length > 0 ? mates : [itself];
}

async function report({ name, unit, steps, measure, measureName }: Damage, all: readonly Sample[]): Promise<void> {
  const lines = DETECTOR_NAMES.map((detector) => {
    const { title } = DETECTORS[detector];
    console.log(`\n${name} (${unit}), ${title}`);
    console.log(
      `  ${'step'.padStart(5)}  ${measureName}: p10, median, p90   itself: median, p10, < ${threshold}   mates <   no face`,
    );
    const points = steps
      .map((step) => {
        const here = all.filter((sample) => sample.detector === detector && sample.step === step);
        const found = here.filter(hasFace);
        const measured = found.map(({ analysis }) => measure(analysis.face.quality)).sort((a, b) => a - b);
        const itself = found.map((sample) => sample.itself).sort((a, b) => a - b);
        const mates = found.flatMap((sample) => sample.mates);
        const point = {
          measured: median(measured),
          similarity: median(itself),
          fnmr: nonMatches(found.flatMap(comparisons)),
        };
        const at = (values: readonly number[], share: number): string =>
          number(values[Math.floor(share * values.length)]);
        console.log(
          `  ${String(step).padStart(5)}  ${at(measured, 0.1)} ${number(point.measured)} ${at(measured, 0.9)}   ${number(point.similarity)} ${at(itself, 0.1)} ${percent(nonMatches(itself))}   ${percent(nonMatches(mates))}   ${percent(1 - found.length / here.length)}`,
        );
        return point;
      })
      .filter(({ measured }) => !Number.isNaN(measured));
    const line = (label: string, value: (point: (typeof points)[number]) => number) => ({
      name: `${label}, ${title}`,
      points: points.map((point): [number, number] => [point.measured, value(point)]),
    });
    return [line('similarity', ({ similarity }) => similarity), line('FNMR', ({ fnmr }) => fnmr)];
  });
  const chart = {
    title: `Damage: ${name}`,
    xLabel: measureName,
    yLabel: 'median similarity; FNMR',
    series: lines.flat(),
  };
  writeFileSync(join(charts, `quality-${name}.svg`), await renderSvg(lineChart(chart)));
}

/** How faces with and without each warning fare. */
function reportWarnings(): void {
  const found = samples.filter(hasFace);
  const warningsOf = ({ analysis }: Found): ReadonlySet<string> => new Set(analysis.face.warnings);
  console.log('\nwarning: share of samples, FNMR with it, FNMR without any; share of undamaged photographs');
  const without = nonMatches(found.filter((sample) => warningsOf(sample).size === 0).flatMap(comparisons));
  for (const warning of new Set(found.flatMap((sample) => [...warningsOf(sample)]))) {
    const warned = found.filter((sample) => warningsOf(sample).has(warning));
    const undamaged = subjects.filter(({ face }) => face.warnings.some((code) => code === warning));
    console.log(
      `  ${warning.padEnd(14)} ${percent(warned.length / found.length)} ${percent(nonMatches(warned.flatMap(comparisons)))} ${percent(without)}   ${percent(undamaged.length / subjects.length)}`,
    );
  }
}

/** Error versus discard: the FNMR of what is left when the samples with most warnings are left out. */
async function reportDiscards(): Promise<void> {
  console.log('\nerror versus discard: what is discarded, the share of it, FNMR of the rest');
  const series = DETECTOR_NAMES.map((detector) => {
    const found = samples.filter(hasFace).filter((sample) => sample.detector === detector);
    const counts = [...new Set(found.map(({ analysis }) => analysis.face.warnings.length))].sort((a, b) => b - a);
    const points = [Infinity, ...counts.filter((count) => count > 0)].map((from): [number, number] => {
      const kept = found.filter(({ analysis }) => analysis.face.warnings.length < from);
      const [discarded, fnmr] = [1 - kept.length / found.length, nonMatches(kept.flatMap(comparisons))];
      const what = from === Infinity ? 'nothing' : `${from} or more warnings`;
      console.log(
        `  ${DETECTORS[detector].title.padEnd(9)}  ${what.padEnd(20)} ${percent(discarded)} ${percent(fnmr)}`,
      );
      return [100 * discarded, 100 * fnmr];
    });
    return { name: DETECTORS[detector].title, points };
  });
  const chart = { title: 'Error versus discard', xLabel: '% discarded', yLabel: 'FNMR of the rest, %', series };
  writeFileSync(join(charts, 'quality-discard.svg'), await renderSvg(lineChart(chart)));
}

interface Found extends Sample {
  readonly analysis: FaceAnalysis;
}

function hasFace(sample: Sample): sample is Found {
  return sample.analysis !== undefined;
}

function number(value = NaN): string {
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3).padStart(6);
}

function percent(value: number): string {
  return `${Number.isNaN(value) ? '–' : (100 * value).toFixed(1)} %`.padStart(7);
}
