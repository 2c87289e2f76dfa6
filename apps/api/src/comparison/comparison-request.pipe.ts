import { Inject, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import type { FaceSelection } from '#face';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { type ImageNumber, photographError, ServiceError } from '../errors/service-error.js';
import { MultipartForm } from '../http/body/form-body.js';
import { base64Photograph } from './base64.js';
import { CompareFormDto, CompareRequestDto } from './dto/compare-request.dto.js';
import type { ComparisonOptionsDto } from './dto/comparison-options.dto.js';

/** What a comparison needs, whichever way it was sent. */
export interface ComparisonRequest {
  /** The two files as sent. */
  readonly photographs: readonly [Uint8Array, Uint8Array];
  readonly options: ComparisonOptions;
}

/** How a comparison is made. */
export interface ComparisonOptions {
  /** Similarity from which the faces match. */
  readonly threshold: number;
  /** The least confidence of a face that counts, 0 to 1. */
  readonly minConfidence: number;
  readonly selection: FaceSelection;
}

/** Validates the body of a comparison and decodes its photographs' base64. */
@Injectable()
export class ComparisonRequestPipe implements PipeTransform<unknown, Promise<ComparisonRequest>> {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async transform(body: unknown): Promise<ComparisonRequest> {
    const { maxImageBytes } = this.settings;
    if (body instanceof MultipartForm) {
      const form = await validated(CompareFormDto, body.fields);
      const files = [form.image1, form.image2] as const;
      return { photographs: bothOf(files, notEmpty), options: this.#options(form) };
    }
    const request = await validated(CompareRequestDto, body);
    const sent = [request.image1_base64, request.image2_base64] as const;
    const photographs = bothOf(sent, (base64, image) => base64Photograph(base64, image, maxImageBytes));
    return { photographs, options: this.#options(request) };
  }

  #options(asked: ComparisonOptionsDto): ComparisonOptions {
    const { similarityThreshold, minConfidence, faceSelection } = this.settings;
    return {
      threshold: asked.threshold ?? similarityThreshold,
      minConfidence: asked.min_confidence ?? minConfidence,
      selection: asked.face_selection ?? faceSelection,
    };
  }
}

/** What is made of each photograph; or what is wrong with one or both of them. */
function bothOf<T>(
  sent: readonly [T, T],
  read: (sent: T, image: ImageNumber) => Uint8Array,
): readonly [Uint8Array, Uint8Array] {
  const errors: ServiceError[] = [];
  const readOne = (one: T, image: ImageNumber): Uint8Array => {
    try {
      return read(one, image);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push(error);
      return new Uint8Array();
    }
  };
  const photographs = [readOne(sent[0], 1), readOne(sent[1], 2)] as const;
  if (errors.length > 0) throw photographError(errors[0], errors.at(1));
  return photographs;
}

/** The body as an instance of its class, once its decorators' rules hold. Photographs are never copied. */
async function validated<T extends object>(dto: Type<T>, body: unknown): Promise<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ServiceError('INVALID_REQUEST', 'The body must be an object with the two photographs.');
  }
  // The validator looks fields up in a plain object, and would know one named __proto__ or constructor.
  const inherited = Object.keys(body).find((name) => name in Object.prototype);
  if (inherited !== undefined) throw new ServiceError('INVALID_REQUEST', `${inherited} is not a known field.`);
  const instance = Object.assign(new dto(), body);
  const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new ServiceError('INVALID_REQUEST', describe(errors));
  return instance;
}

/** A field as far as it fits into a sentence. */
const fieldName = (name: string): string => name.slice(0, 40);

/**
 * The validators' messages name the field and what it must be; they never quote its value. Of several for one field the
 * last comes from its topmost decorator, which says the type.
 */
function describe(errors: readonly ValidationError[]): string {
  const messages = errors.flatMap(({ property, constraints = {} }) =>
    'whitelistValidation' in constraints
      ? [`${fieldName(property)} is not a known field`]
      : Object.values(constraints).slice(-1),
  );
  return `${messages.slice(0, 5).join('; ')}.`;
}

function notEmpty(bytes: Uint8Array, image: ImageNumber): Uint8Array {
  if (bytes.byteLength === 0) throw new ServiceError('INVALID_REQUEST', `Image ${image} is an empty file.`, image);
  return bytes;
}
