import { byId } from './dom.js';

/** What a key may consist of: what fits into a header without being changed. */
const KEY = /^[\x21-\x7e]+$/;

/** The service's key, which is only ever in memory, and the dialog that asks for it. */
export class Key {
  #value: string | undefined;
  readonly #dialog = byId('key-dialog', HTMLDialogElement);
  readonly #input = byId('key', HTMLInputElement);
  readonly #forget = byId('forget-key', HTMLElement);

  constructor() {
    this.#forget.addEventListener('click', () => {
      this.forget();
    });
    byId('key-cancel', HTMLElement).addEventListener('click', () => {
      this.#dialog.close();
    });
  }

  get value(): string | undefined {
    return this.#value;
  }

  forget(): void {
    this.#set(undefined);
  }

  /**
   * Asks for a key.
   *
   * @returns false if none was given
   */
  async ask(): Promise<boolean> {
    const wasWrong = this.#value !== undefined;
    this.forget();
    this.#say(wasWrong ? 'The service did not accept this key.' : '');
    if (!this.#dialog.open) this.#dialog.showModal();
    return new Promise((resolve) => {
      const submit = (event: Event): void => {
        event.preventDefault();
        const value = this.#input.value.trim();
        if (KEY.test(value)) {
          this.#set(value);
          this.#dialog.close();
        } else this.#say(value === '' ? 'Enter a key.' : 'A key has only letters, digits and signs of ASCII.');
      };
      this.#dialog.addEventListener('submit', submit);
      this.#dialog.addEventListener(
        'close',
        () => {
          this.#dialog.removeEventListener('submit', submit);
          this.#input.value = '';
          resolve(this.#value !== undefined);
        },
        { once: true },
      );
    });
  }

  #say(problem: string): void {
    byId('key-problem', HTMLElement).textContent = problem;
    this.#input.setAttribute('aria-invalid', String(problem !== ''));
    this.#input.focus();
  }

  #set(value: string | undefined): void {
    this.#value = value;
    this.#forget.hidden = value === undefined;
  }
}
