import type { Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import { photographError, ServiceError } from '../../errors/service-error.js';
import type { RequestInput, SentPhotograph } from './request-input.js';

/** A body in which every field is what it must be. */
export interface ValidatedInput<Options> {
  /** The files as sent. */
  readonly photographs: readonly Uint8Array[];
  readonly options: Options;
}

/** The most that is told of what is wrong with one body. */
const MAX_MESSAGES = 5;

/**
 * Checks what a body holds. Photographs are never copied.
 *
 * @param options a class whose decorators say what the fields beside the photographs must be
 * @throws ServiceError INVALID_REQUEST with what is wrong with each field, or what is wrong with the photographs
 */
export async function validatedInput<Options extends object>(
  { photographs, fields }: RequestInput,
  options: Type<Options>,
): Promise<ValidatedInput<Options>> {
  // The validator looks fields up in a plain object, and would know one named __proto__ or constructor.
  const inherited = Object.keys(fields).find((name) => name in Object.prototype);
  if (inherited !== undefined) throw new ServiceError('INVALID_REQUEST', `${inherited} is not a known field.`);
  const instance = Object.assign(new options(), fields);
  const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  const missing = photographs.flatMap((sent) => (sent.status === 'missing' ? [sent.message] : []));
  const messages = [...missing, ...errors.flatMap(messagesOf)];
  if (messages.length > 0) {
    throw new ServiceError('INVALID_REQUEST', `${messages.slice(0, MAX_MESSAGES).join('; ')}.`);
  }
  return { photographs: usable(photographs), options: instance };
}

/** @throws ServiceError that tells what is wrong with each photograph that cannot be used */
function usable(photographs: readonly SentPhotograph[]): Uint8Array[] {
  const errors = photographs.flatMap((sent) => (sent.status === 'unusable' ? [sent.error] : []));
  const first = errors.at(0);
  if (first !== undefined) throw photographError(first, errors.at(1));
  return photographs.flatMap((sent) => (sent.status === 'received' ? [sent.bytes] : []));
}

/** A field as far as it fits into a sentence. */
const fieldName = (name: string): string => name.slice(0, 40);

/**
 * The validators' messages name the field and what it must be; they never quote its value. Of several for one field the
 * last comes from its topmost decorator, which says the type.
 */
function messagesOf({ property, constraints = {} }: ValidationError): string[] {
  return 'whitelistValidation' in constraints
    ? [`${fieldName(property)} is not a known field`]
    : Object.values(constraints).slice(-1);
}
