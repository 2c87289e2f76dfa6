import createClient, { type Client } from 'openapi-fetch';
import { errorOf, FaceComparisonError } from './error.js';
import { type Photograph, toBase64, toBlob } from './photograph.js';
import { LONGEST_TIMER_MS, withRetries } from './retry.js';
import type { components, paths } from './schema.js';

type Schemas = components['schemas'];

/** Settings of a client. */
export interface ClientOptions {
  /** Where the service is, such as `http://localhost:8000`. */
  readonly baseUrl: string;
  /** One of the service's keys, if it has any. */
  readonly apiKey?: string | undefined;
  /** Attempts after the first; 3 if left out, 0 for none. */
  readonly maxRetries?: number | undefined;
  /** No attempt begins later than this after the first, in milliseconds; 60 000 if left out. */
  readonly maxRetryTimeMs?: number | undefined;
  /**
   * How long one attempt may take, in milliseconds; 30 000 if left out. Infinity: any time.
   * The service's own limit is 10 s by default.
   */
  readonly timeoutMs?: number | undefined;
  /** Sends the requests; the platform's `fetch` if left out. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** Options of every request. */
export interface RequestOptions {
  /** Aborts the request, or the wait before its next attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Your own id for the request: up to 128 letters, digits and `_ . : -`. */
  readonly requestId?: string | undefined;
}

/** Fields of a comparison; docs/api.md says what each means. */
export type ComparisonOptions = Omit<Schemas['ComparisonForm'], 'image1' | 'image2'>;
/** Fields of a comparison with many candidates. */
export type ManyOptions = Omit<Schemas['ManyForm'], 'reference' | 'candidate'>;
/** Fields of a detection. */
export type DetectionOptions = Omit<Schemas['DetectionForm'], 'image'>;
/** Fields of a request for embeddings. */
export type EmbeddingOptions = Omit<Schemas['EmbeddingForm'], 'image'>;
/** An embedding of `embed`, with the weights that made it. */
export type EmbeddingCandidate = Required<Pick<Schemas['Candidate'], 'embedding' | 'weights'>>;

/** What openapi-fetch returns. */
interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What each attempt sends besides the body. */
interface AttemptInit {
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
}

const DEFAULTS = { maxRetries: 3, maxRetryTimeMs: 60_000, timeoutMs: 30_000 } as const;

/**
 * Client of a face comparison service. Every method throws a {@link FaceComparisonError}, or the reason of its signal
 * once that is aborted. Rate limits, overload, and connections that break are retried: a request changes nothing in the
 * service.
 */
export class FaceComparisonClient {
  /** For everything that has no method here, such as `http.GET('/health/ready')`; without retries. */
  readonly http: Client<paths>;
  readonly #retries: { readonly maxRetries: number; readonly maxRetryTimeMs: number };
  readonly #timeoutMs: number;

  /**
   * @throws TypeError if the address is no URL, or has a password, query or fragment, if the key cannot be in a header, or
   *   if the timeout is no number above 0
   */
  constructor({ baseUrl, apiKey, fetch, timeoutMs = DEFAULTS.timeoutMs, ...retries }: ClientOptions) {
    const headers = apiKey === undefined ? {} : { 'X-API-Key': apiKey };
    // A mistake in these would otherwise look like a broken connection.
    const { url } = new Request(baseUrl, { headers });
    // Paths are appended to it.
    if (/[?#]/.test(url)) throw new TypeError('baseUrl must have neither a query nor a fragment');
    // Another server is not meant to get the key, and a followed 301 or 302 turns POST into GET.
    const redirect = 'manual';
    this.http = createClient<paths>({ baseUrl: url, headers, redirect, ...(fetch !== undefined && { fetch }) });
    if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be a number above 0');
    this.#timeoutMs = Math.min(timeoutMs, LONGEST_TIMER_MS);
    const { maxRetries = DEFAULTS.maxRetries, maxRetryTimeMs = DEFAULTS.maxRetryTimeMs } = retries;
    this.#retries = { maxRetries, maxRetryTimeMs };
  }

  /** Compares two photographs; MTCNN finds the faces. */
  async compare(
    image1: Photograph,
    image2: Photograph,
    options: ComparisonOptions & RequestOptions = {},
  ): Promise<Schemas['Comparison']> {
    const { contentType, ...form } = await encodeForm({ image1, image2 }, options);
    return this.#call((init) => this.http.POST('/compare', { ...form, ...init }), options, contentType);
  }

  /** Compares two photographs; BlazeFace finds the faces, which is faster. */
  async compareWithBlazeFace(
    image1: Photograph,
    image2: Photograph,
    options: ComparisonOptions & RequestOptions = {},
  ): Promise<Schemas['Comparison']> {
    const { contentType, ...form } = await encodeForm({ image1, image2 }, options);
    return this.#call((init) => this.http.POST('/mediapipe', { ...form, ...init }), options, contentType);
  }

  /** Compares one photograph with up to 32 photographs or embeddings. */
  async compareMany(
    reference: Photograph,
    candidates: readonly (Photograph | EmbeddingCandidate)[],
    options: ManyOptions & RequestOptions = {},
  ): Promise<Schemas['Many']> {
    const photographs = candidates.filter(isPhotograph);
    if (photographs.length === candidates.length) {
      const { contentType, ...form } = await encodeForm({ reference, candidate: photographs }, options);
      return this.#call((init) => this.http.POST('/compare/many', { ...form, ...init }), options, contentType);
    }
    const body = await toManyRequest(reference, candidates, options);
    return this.#call((init) => this.http.POST('/compare/many', { body, ...init }), options);
  }

  /** Finds the faces in a photograph; none is no error. */
  async detect(image: Photograph, options: DetectionOptions & RequestOptions = {}): Promise<Schemas['Detection']> {
    const { contentType, ...form } = await encodeForm({ image }, options);
    return this.#call((init) => this.http.POST('/detect', { ...form, ...init }), options, contentType);
  }

  /** Embeds the largest face in a photograph, or all. */
  async embed(image: Photograph, options: EmbeddingOptions & RequestOptions = {}): Promise<Schemas['Embeddings']> {
    const { contentType, ...form } = await encodeForm({ image }, options);
    return this.#call((init) => this.http.POST('/embed', { ...form, ...init }), options, contentType);
  }

  /** What is running: version, models, defaults and limits. */
  getStatus(options: RequestOptions = {}): Promise<Schemas['Status']> {
    return this.#call((init) => this.http.GET('/', { ...init }), options);
  }

  async #call<Data>(
    send: (init: AttemptInit) => Promise<Answered<Data>>,
    { signal, requestId }: RequestOptions,
    contentType?: string,
  ): Promise<Data> {
    const headers = {
      ...(requestId !== undefined && { 'X-Request-Id': requestId }),
      ...(contentType !== undefined && { 'Content-Type': contentType }),
    };
    // Throws now, not once per attempt, if it cannot be in a header.
    new Headers(headers);
    return withRetries(() => this.#attempt(send, headers, signal), this.#retries, signal);
  }

  async #attempt<Data>(
    send: (init: AttemptInit) => Promise<Answered<Data>>,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Data> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const init = { headers, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
    const { data, error, response } = await send(init).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw failureOf(cause, timeout.aborted ? this.#timeoutMs : undefined);
    });
    if (!response.ok || data == null) throw errorOf(response, error);
    return data;
  }
}

/**
 * The error for a request without a usable answer.
 *
 * @param timeoutMs if that has passed
 */
function failureOf(cause: unknown, timeoutMs?: number): FaceComparisonError {
  const options = { cause };
  if (timeoutMs !== undefined) {
    return new FaceComparisonError({ code: 'TIMEOUT', detail: `There was no answer within ${timeoutMs} ms.` }, options);
  }
  if (cause instanceof SyntaxError) {
    return new FaceComparisonError({ code: 'UNEXPECTED_RESPONSE', detail: 'The answer is not JSON.' }, options);
  }
  return new FaceComparisonError({ code: 'CONNECTION_FAILED', detail: 'The connection failed.' }, options);
}

/** The fields that a form stands for. */
type FormOf<Photographs, Options> = Options & {
  readonly [Name in keyof Photographs]: Photographs[Name] extends readonly Photograph[] ? string[] : string;
};

/** A form as openapi-fetch takes it. */
interface EncodedForm<Fields> {
  /** For openapi-fetch's types only. */
  readonly body: Fields;
  readonly bodySerializer: () => ArrayBuffer;
  readonly contentType: string;
}

/**
 * Encodes a form, once for all attempts. As bytes, because undici (Node 24) streams a FormData, and the promise that it
 * leaves unhandled when the answer comes before the body is read, as with overload, ends the process.
 */
async function encodeForm<
  Photographs extends Record<string, Photograph | readonly Photograph[]>,
  Options extends object,
>(photographs: Photographs, options: Options): Promise<EncodedForm<FormOf<Photographs, Options>>> {
  const form = new FormData();
  for (const [name, photograph] of Object.entries(photographs)) {
    // Parts without a file name are text fields.
    for (const one of [photograph].flat()) form.append(name, toBlob(one), name);
  }
  for (const [name, value] of Object.entries(fieldsOf(options))) {
    for (const item of [value].flat()) form.append(name, String(item));
  }
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? '';
  const bytes = await encoded.arrayBuffer();
  return { body: form as unknown as FormOf<Photographs, Options>, bodySerializer: () => bytes, contentType };
}

/** Only JSON carries embeddings; a form needs a quarter less for photographs. */
async function toManyRequest(
  reference: Photograph,
  candidates: readonly (Photograph | EmbeddingCandidate)[],
  options: ManyOptions & RequestOptions,
): Promise<Schemas['ManyRequest']> {
  return {
    ...fieldsOf(options),
    reference_base64: await toBase64(reference),
    candidates: await Promise.all(
      candidates.map(async (one) => (isPhotograph(one) ? { image_base64: await toBase64(one) } : one)),
    ),
  };
}

/** Whether it is to be sent as a photograph; `toBlob` checks that it is one. */
const isPhotograph = (candidate: Photograph | EmbeddingCandidate): candidate is Photograph =>
  typeof candidate !== 'object' || !('embedding' in candidate);

/** The fields of the body among the options of a request. */
function fieldsOf(options: object): Record<string, unknown> {
  const isField = ([name, value]: [string, unknown]): boolean =>
    name !== 'signal' && name !== 'requestId' && value !== undefined;
  return Object.fromEntries(Object.entries(options).filter(isField));
}
