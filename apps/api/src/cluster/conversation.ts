/** One end of an IPC channel: `process` in a process that was forked, a Worker of node:cluster in the one that did it. */
interface ChannelEnd {
  send?(message: object, handle: undefined, options: undefined, callback: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

interface Question {
  readonly question: string;
  readonly id: number;
  readonly value: unknown;
}

interface Answer {
  readonly answerTo: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Answers a question, now or later. */
export type Responder = (value: unknown) => unknown;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Questions and answers between two processes, in both directions. What is sent must survive a structured clone. Both
 * ends are this program, so an answer is taken to have the type that was asked for.
 */
export class Conversation {
  readonly #responders: Map<string, Responder>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #closed = false;

  constructor(
    private readonly end: ChannelEnd,
    responders: Readonly<Record<string, Responder>>,
  ) {
    this.#responders = new Map(Object.entries(responders));
    end.on('message', (message) => {
      if (isQuestion(message)) void this.#respond(message);
      else if (isAnswer(message)) this.#answered(message);
    });
  }

  /** Sets who answers a question. One that nobody answers yet is an error at the asking end. */
  answer(question: string, responder: Responder): void {
    this.#responders.set(question, responder);
  }

  /** @throws Error if the other end cannot answer, or has gone */
  ask<T>(question: string, value?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(gone());
        return;
      }
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#send({ question, id, value } satisfies Question, () => {
        this.#answered({ answerTo: id, error: gone().message });
      });
    });
  }

  /** Rejects all open questions, and those to come. Call it when the other process has ended. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#pending.values()) reject(gone());
    this.#pending.clear();
  }

  async #respond({ question, id, value }: Question): Promise<void> {
    let answer: Answer;
    try {
      const responder = this.#responders.get(question);
      if (responder === undefined) throw new Error(`nobody answers ${question} yet`);
      answer = { answerTo: id, value: await responder(value) };
    } catch (error) {
      answer = { answerTo: id, error: error instanceof Error ? error.message : String(error) };
    }
    // Nobody is waiting if it cannot be sent.
    this.#send(answer, () => undefined);
  }

  #answered({ answerTo, value, error }: Answer): void {
    const pending = this.#pending.get(answerTo);
    this.#pending.delete(answerTo);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  }

  #send(message: object, failed: () => void): void {
    this.end.send?.(message, undefined, undefined, (error) => {
      if (error !== null) failed();
    });
  }
}

const gone = (): Error => new Error('the other process has ended');

const isQuestion = (message: unknown): message is Question =>
  typeof message === 'object' && message !== null && 'question' in message;

const isAnswer = (message: unknown): message is Answer =>
  typeof message === 'object' && message !== null && 'answerTo' in message;
