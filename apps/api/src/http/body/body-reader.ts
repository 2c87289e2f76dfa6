import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import getRawBody from 'raw-body';
import type { Settings } from '../../config/settings.js';
import { SETTINGS } from '../../config/settings.module.js';
import { bodyTooLarge, ServiceError } from '../../errors/service-error.js';
import { PendingBytes } from '../pending-bytes.js';
import type { RequestLife } from '../request-life.js';
import type { PhotographRoute } from '../routes.js';
import { type FormReader, formReader } from './form-input.js';
import { parseJsonBody } from './json-body.js';
import { jsonInput } from './json-input.js';
import type { RequestInput } from './request-input.js';

/** Byte order marks of UTF-16. */
const UTF_16_MARKS = ['fffe', 'feff'];

/** Reads the bodies of requests with photographs: JSON, or a form with files. */
@Injectable()
export class BodyReader {
  readonly #forms = new WeakMap<PhotographRoute, FormReader>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly pending: PendingBytes,
  ) {}

  /**
   * Asks for a request's body, if the client expects that, and reads it completely.
   *
   * @param route which photographs and fields the body has
   * @throws ServiceError UNSUPPORTED_MEDIA_TYPE or BODY_TOO_LARGE before anything is read, INVALID_REQUEST after
   */
  async read(life: RequestLife, route: PhotographRoute): Promise<RequestInput> {
    const { request, response } = life;
    const type = mediaType(request);
    if (type !== 'application/json' && type !== 'multipart/form-data') {
      throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json or multipart/form-data.');
    }
    if (type === 'application/json' && !isUtf8(request)) {
      throw notUtf8();
    }
    if (isCompressed(request)) throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be compressed.');
    if (Number(request.headers['content-length']) > this.settings.maxBodyBytes) throw bodyTooLarge();
    this.pending.watch(life, this.settings.maxBodyBytes);
    life.askForBody();
    return type === 'application/json' ? this.#readJson(life, route) : this.#formReader(route)(request, response);
  }

  #formReader(route: PhotographRoute): FormReader {
    const reader = this.#forms.get(route) ?? formReader(route, this.settings.maxImageBytes);
    this.#forms.set(route, reader);
    return reader;
  }

  async #readJson(life: RequestLife, route: PhotographRoute): Promise<RequestInput> {
    const { request } = life;
    const body = await getRawBody(request, { limit: this.settings.maxBodyBytes }).catch((error: unknown) => {
      throw (error as { readonly type?: string }).type === 'entity.too.large'
        ? bodyTooLarge()
        : new ServiceError('INVALID_REQUEST', 'The body cannot be read.');
    });
    // JSON starts with two ASCII characters, so a zero byte among them means UTF-16 or UTF-32.
    if (body.subarray(0, 2).includes(0) || UTF_16_MARKS.includes(body.toString('hex', 0, 2))) throw notUtf8();
    try {
      const parsed = await parseJsonBody(
        body,
        () => {
          if (life.isAnswered()) throw new ServiceError('INVALID_REQUEST', 'The client is no longer waiting.');
        },
        route.list?.max,
      );
      return jsonInput(parsed, route, this.settings.maxImageBytes);
    } catch (error) {
      throw error instanceof SyntaxError ? new ServiceError('INVALID_REQUEST', 'The body is not valid JSON.') : error;
    }
  }
}

const notUtf8 = (): ServiceError => new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'The body must be in UTF-8.');

/** The media type in lower case, without parameters. */
const mediaType = ({ headers }: IncomingMessage): string =>
  (headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase();

/** JSON is UTF-8 (RFC 8259), but a client may declare another encoding. */
function isUtf8({ headers }: IncomingMessage): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** Bodies are never decompressed: a few kilobytes could become gigabytes. */
const isCompressed = ({ headers }: IncomingMessage): boolean =>
  !/^(?:|identity)$/i.test((headers['content-encoding'] ?? '').trim());
