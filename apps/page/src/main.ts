import type { Comparison, ImageMetrics, Status, Which } from './answers.js';
import { takeFiles } from './bring.js';
import { curlCommand } from './curl.js';
import { byId, html, within } from './dom.js';
import { factsTable } from './facts.js';
import { Key } from './key.js';
import { drawCrop } from './photograph.js';
import { Place } from './place.js';
import { type Answered, askStatus, compare, ENDPOINTS, type Options, ServiceProblem, Unreachable } from './service.js';
import { drawTimes } from './times.js';
import { drawVerdict, verdictWords } from './verdict.js';
import { DETECTOR_TITLES, fileSize, thresholdShown } from './words.js';

let status: Status | undefined;
let underWay: AbortController | undefined;
const key = new Key();
const results = byId('results', HTMLElement);
const threshold = byId('threshold', HTMLInputElement);
const places: readonly [Place, Place] = [place(1), place(2)];

function place(which: Which): Place {
  const made = new Place(which, changed, tooLarge);
  byId('photographs', HTMLElement).append(made.element);
  return made;
}

function tooLarge({ size }: File): string {
  const most = status?.limits.max_image_bytes ?? Infinity;
  return size > most ? `This file has ${fileSize(size)}. The service takes up to ${fileSize(most)}.` : '';
}

/** What a screen reader says, and nobody sees. */
function announce(text: string): void {
  byId('announcement', HTMLElement).textContent = text;
}

function showFailure(text: string, canTryAgain: boolean): void {
  byId('failure-text', HTMLElement).textContent = text;
  byId('again', HTMLElement).hidden = !canTryAgain;
  byId('failure', HTMLElement).hidden = text === '';
}

/** Compares what is there, as soon as both places have a photograph and whenever something changes. */
function changed(): void {
  // As soon as the service has said what it offers, this is called again.
  if (status === undefined) return;
  underWay?.abort();
  results.hidden = true;
  document.body.classList.remove('busy');
  showFailure('', false);
  announce('');
  for (const each of places) each.clearFindings();
  const [one, other] = places.map(({ file }) => file);
  if (one !== undefined && other !== undefined) void run([one, other]);
}

async function run(files: readonly [File, File]): Promise<void> {
  if (!threshold.checkValidity()) {
    showFailure('The threshold must be a number from −1 to 1.', false);
    return;
  }
  const aborter = new AbortController();
  underWay = aborter;
  document.body.classList.add('busy');
  announce('Comparing…');
  const options = chosenOptions();
  try {
    const answered = await compare(files, options, key.value, aborter.signal);
    const { image1_metrics, image2_metrics } = answered.comparison;
    const crops = await Promise.all([crop(files[0], image1_metrics, 1), crop(files[1], image2_metrics, 2)]);
    if (!aborter.signal.aborted) show(files, options, answered, crops);
  } catch (error) {
    if (aborter.signal.aborted) return;
    document.body.classList.remove('busy');
    announce('');
    if (error instanceof ServiceProblem && error.status === 401) await askForKey();
    else if (!(error instanceof Unreachable) || (await areReadable(aborter.signal))) explain(error);
  } finally {
    if (!aborter.signal.aborted) document.body.classList.remove('busy');
  }
}

/** Whether the files can be read; says at its place of each that cannot. They may be folders, or have changed. */
async function areReadable(signal: AbortSignal): Promise<boolean> {
  const readable = await Promise.all(places.map((each) => each.isReadable()));
  if (signal.aborted) return false;
  readable.forEach((isReadable, i) => {
    if (!isReadable) places[i].showProblem('This file cannot be read, or has changed: choose it again.');
  });
  return !readable.includes(false);
}

async function askForKey(): Promise<void> {
  if (await key.ask()) changed();
  else showFailure('The service compares photographs only for callers with a key.', true);
}

function chosenOptions(): Options {
  const detector = document.querySelector<HTMLInputElement>('input[name=detector]:checked')?.value ?? 'mtcnn';
  return { detector, threshold: threshold.value };
}

/** Shows an error at the photograph that it is about, or else below both. */
function explain(error: unknown): void {
  if (!(error instanceof ServiceProblem)) {
    showFailure(error instanceof Unreachable ? error.message : 'This page could not show the answer.', true);
    if (!(error instanceof Unreachable)) reportError(error);
    return;
  }
  const { problem, status: code, retryAfter } = error;
  const about = (problem.errors ?? [problem]).filter(({ image }) => image === 1 || image === 2);
  for (const { image, detail } of about) places[image === 1 ? 0 : 1].showProblem(detail);
  if (about.length > 0) return;
  const wait =
    retryAfter === undefined ? '' : ` Try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`;
  showFailure(problem.detail + wait, code === 429 || code >= 500);
}

function show(files: readonly [File, File], options: Options, answered: Answered, crops: readonly HTMLElement[]): void {
  const { comparison } = answered;
  const found = [comparison.image1_metrics, comparison.image2_metrics];
  places.forEach((each, i) => {
    each.showFindings(found[i], crops[i] instanceof HTMLCanvasElement);
  });
  drawVerdict(byId('verdict', HTMLElement), comparison, status?.review_band);
  within(byId('crops', HTMLElement), '.seen', HTMLElement).replaceChildren(...crops, factsTable(found));
  drawTimes(within(byId('times', HTMLElement), 'div', HTMLElement), answered);
  within(byId('request', HTMLElement), 'code', HTMLElement).textContent = curlCommand(
    [files[0].name, files[1].name],
    options,
    key.value !== undefined,
  );
  results.hidden = false;
  announce(inWords(comparison));
}

function inWords(comparison: Comparison): string {
  const { name, sentence } = verdictWords(comparison, status?.review_band);
  const count = comparison.image1_metrics.warnings.length + comparison.image2_metrics.warnings.length;
  const warnings = count === 0 ? '' : ` ${count} ${count === 1 ? 'warning' : 'warnings'}.`;
  return `${name}. ${sentence}${warnings}`;
}

async function crop(file: File, metrics: ImageMetrics, which: Which): Promise<HTMLElement> {
  const canvas = html('canvas', {
    role: 'img',
    'aria-label': `The face of photograph ${which}, as the embedder saw it`,
  });
  const drawn = await drawCrop(file, metrics, canvas);
  return drawn ? canvas : html('p', { class: 'no-crop' }, 'This browser cannot show this file.');
}

/** Asks the service what it offers. Until it has answered, nothing is compared. */
async function begin(): Promise<void> {
  showFailure('', false);
  try {
    status = await askStatus();
    offerOptions(status);
  } catch (error) {
    explain(error);
    return;
  }
  changed();
}

/** Offers the detectors that are enabled, and shows the default threshold of the chosen one. */
function offerOptions({ detectors, version, embedder_weights }: Status): void {
  const fieldset = byId('detectors', HTMLElement);
  for (const detector of detectors.filter((name) => name in ENDPOINTS)) {
    const input = html('input', { type: 'radio', name: 'detector', value: detector });
    input.checked = fieldset.querySelector('input') === null;
    fieldset.append(html('label', {}, input, html('span', {}, DETECTOR_TITLES[detector] ?? detector)));
  }
  showDefaultThreshold();
  byId('about', HTMLElement).textContent = `Version ${version}, weights ${embedder_weights}.`;
}

function showDefaultThreshold(): void {
  if (status === undefined) return;
  const { calibration = [], defaults } = status;
  const chosen = chosenOptions().detector;
  threshold.placeholder = thresholdShown(
    calibration.find(({ detector }) => detector === chosen)?.threshold ?? defaults.threshold,
  );
}

async function copyRequest(): Promise<void> {
  const code = within(byId('request', HTMLElement), 'code', HTMLElement);
  const button = byId('copy', HTMLElement);
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
    announce('Copied');
  } catch {
    // Without https:// there is no clipboard: what is selected can be copied with the keyboard.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
    announce('Selected: copy it with the keyboard.');
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

takeFiles(places, (text) => {
  showFailure(text, false);
});
byId('options', HTMLElement).addEventListener('change', () => {
  showDefaultThreshold();
  changed();
});
byId('options', HTMLElement).addEventListener('submit', (event) => {
  event.preventDefault();
});
addEventListener('pagehide', () => {
  // Browsers may keep a page that was left, and bring it back.
  key.forget();
});
byId('again', HTMLElement).addEventListener('click', () => {
  if (status === undefined) void begin();
  else changed();
});
byId('copy', HTMLElement).addEventListener('click', () => void copyRequest());
await begin();
