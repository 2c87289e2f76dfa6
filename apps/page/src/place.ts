import type { ImageMetrics, Which } from './answers.js';
import { Camera, CameraProblem } from './camera.js';
import { byId, html, within } from './dom.js';
import { drawMarks } from './marks.js';
import { fileSize, warningInWords } from './words.js';

/** One of the two places for a photograph: shows it, what is wrong with it, and what was found in it. */
export class Place {
  /** The whole of it, to be put into the page. */
  readonly element: HTMLElement;
  #file: File | undefined;
  #problem = false;
  #camera: Camera | undefined;
  /** Aborted if the camera is not wanted any more before it has started. */
  #starting: AbortController | undefined;
  #url = '';

  /** @param changed called when the photograph was replaced or removed */
  constructor(
    readonly which: Which,
    private readonly changed: () => void,
    /** Why a file cannot be sent, or an empty string. */
    private readonly refuse: (file: File) => string,
  ) {
    const { content } = byId('place', HTMLTemplateElement);
    this.element = within(document.importNode(content, true), '.place', HTMLElement);
    const name = this.#part('h2');
    name.textContent = `Photograph ${which}`;
    name.id = `place-${which}`;
    this.element.setAttribute('aria-labelledby', name.id);
    const input = within(this.element, 'input[type=file]', HTMLInputElement);
    for (const button of ['.choose', '.replace']) {
      this.#onClick(button, () => {
        input.click();
      });
    }
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      // So that choosing the same file again is a change, too.
      input.value = '';
      this.put(file);
      this.#part('.replace').focus();
    });
    this.#onClick('.remove', () => {
      this.#set(undefined);
      this.#part('.choose').focus();
    });
    this.#onClick('.use-camera', () => void this.#startCamera());
    this.#onClick('.stop-camera', () => {
      this.#stopCamera();
      this.#part('.use-camera').focus();
    });
    this.#onClick('.take', () => void this.#take());
    this.#part('img').addEventListener('error', () => {
      this.#showNoPreview();
    });
  }

  /** The photograph that can be compared, if there is one. */
  get file(): File | undefined {
    return this.#problem ? undefined : this.#file;
  }

  /** Whether nothing has been put here. */
  get isEmpty(): boolean {
    return this.#file === undefined;
  }

  /** Puts a photograph here, in place of one that is already here. */
  put(file: File): void {
    this.#set(file);
  }

  /** Whether the photograph's file is still what it was when it was put here. */
  async isReadable(): Promise<boolean> {
    return (
      (await this.#file
        ?.slice(0, 1)
        .arrayBuffer()
        .then(
          () => true,
          () => false,
        )) ?? true
    );
  }

  /** Shows what is wrong with the photograph. */
  showProblem(text: string): void {
    this.#part('.problem').textContent = text;
  }

  /** Shows what was found in the photograph. @param isShown whether the browser shows what the service has read */
  showFindings(metrics: ImageMetrics, isShown: boolean): void {
    if (!isShown) this.#showNoPreview();
    const marks = within(this.element, '.marks', SVGElement);
    drawMarks(marks, metrics);
    marks.removeAttribute('hidden');
    const warnings = this.#part('.warnings');
    warnings.replaceChildren(...metrics.warnings.map((code) => html('li', {}, warningInWords(code))));
    warnings.hidden = metrics.warnings.length === 0;
  }

  /** Removes what was said of the photograph, but not what keeps it from being sent. */
  clearFindings(): void {
    if (!this.#problem) this.showProblem('');
    within(this.element, '.marks', SVGElement).setAttribute('hidden', '');
    this.#part('.warnings').hidden = true;
  }

  #set(file: File | undefined): void {
    this.#stopCamera();
    URL.revokeObjectURL(this.#url);
    this.#file = file;
    this.clearFindings();
    const refusal = file === undefined ? '' : this.refuse(file);
    this.#problem = refusal !== '';
    this.showProblem(refusal);
    this.#part('.no-preview').hidden = true;
    this.#part('.empty').hidden = file !== undefined;
    for (const part of ['.shown', '.file']) this.#part(part).hidden = file === undefined;
    if (file !== undefined) this.#preview(file);
    this.changed();
  }

  #preview(file: File): void {
    this.#url = URL.createObjectURL(file);
    const image = within(this.element, 'img', HTMLImageElement);
    image.hidden = false;
    image.alt = `Photograph ${this.which}: ${file.name}`;
    image.src = this.#url;
    this.#part('.shown').classList.remove('blind');
    this.#part('.file-name').replaceChildren(html('span', {}, file.name), ` ${fileSize(file.size)}`);
  }

  #showNoPreview(): void {
    if (this.#file === undefined) return;
    this.#part('img').hidden = true;
    this.#part('.no-preview').hidden = false;
    this.#part('.shown').classList.add('blind');
  }

  async #startCamera(): Promise<void> {
    if (this.#starting !== undefined) return;
    const starting = new AbortController();
    this.#starting = starting;
    this.showProblem('');
    try {
      this.#camera = await Camera.start(within(this.element, 'video', HTMLVideoElement), starting.signal);
    } catch (error) {
      if (!starting.signal.aborted) this.showProblem(error instanceof CameraProblem ? error.message : String(error));
      return;
    } finally {
      if (this.#starting === starting) this.#starting = undefined;
    }
    this.#part('.empty').hidden = true;
    this.#part('.camera').hidden = false;
    this.element.classList.add('filming');
    this.#part('.take').focus();
  }

  async #take(): Promise<void> {
    const camera = this.#camera;
    try {
      const file = await camera?.take();
      // Meanwhile, it may have been switched off, or a first click have taken the photograph.
      if (file === undefined || camera !== this.#camera) return;
      this.put(file);
      this.#part('.replace').focus();
    } catch (error) {
      this.showProblem(error instanceof CameraProblem ? error.message : String(error));
    }
  }

  #stopCamera(): void {
    this.#starting?.abort();
    this.#starting = undefined;
    this.#camera?.stop();
    this.#camera = undefined;
    this.element.classList.remove('filming');
    this.#part('.camera').hidden = true;
    this.#part('.empty').hidden = this.#file !== undefined;
  }

  #part(selector: string): HTMLElement {
    return within(this.element, selector, HTMLElement);
  }

  #onClick(selector: string, listener: () => void): void {
    this.#part(selector).addEventListener('click', listener);
  }
}
