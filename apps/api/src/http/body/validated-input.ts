import type { Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import { photographError, ServiceError } from '../../errors/service-error.js';
import type { RequestInput, SentItem, SentPhotograph } from './request-input.js';

/** A body with only valid fields. */
export interface ValidatedInput<Options> {
  /** The files as sent. */
  readonly photographs: readonly Uint8Array[];
  readonly items: readonly SentItem[];
  readonly options: Options;
}

/** Maximum number of messages reported for one body. */
const MAX_MESSAGES = 5;

/**
 * Validates the contents of a body. Photographs are never copied.
 *
 * @param options a class whose decorators describe the fields besides the photographs
 * @throws ServiceError INVALID_REQUEST listing invalid fields, or the errors of the photographs
 */
export async function validatedInput<Options extends object>(
  { photographs, items, fields }: RequestInput,
  options: Type<Options>,
): Promise<ValidatedInput<Options>> {
  // The validator looks fields up in a plain object, so it would accept one named __proto__ or constructor.
  const inherited = Object.keys(fields).find((name) => name in Object.prototype);
  if (inherited !== undefined) throw new ServiceError('INVALID_REQUEST', `${inherited} is not a known field.`);
  const instance = Object.assign(new options(), fields);
  const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  const missing = photographs.flatMap((sent) => (sent.status === 'missing' ? [sent.message] : []));
  const messages = [...missing, ...errors.flatMap(messagesOf)];
  if (messages.length > 0) {
    throw new ServiceError('INVALID_REQUEST', `${messages.slice(0, MAX_MESSAGES).join('; ')}.`);
  }
  return { photographs: usable(photographs), items, options: instance };
}

/** @throws ServiceError describing each unusable photograph */
function usable(photographs: readonly SentPhotograph[]): Uint8Array[] {
  const errors = photographs.flatMap((sent) => (sent.status === 'unusable' ? [sent.error] : []));
  const first = errors.at(0);
  if (first !== undefined) throw photographError(first, errors.at(1));
  return photographs.flatMap((sent) => (sent.status === 'received' ? [sent.bytes] : []));
}

/** The message for a field that does not exist; its name is truncated to fit into a sentence. */
export const unknownField = (name: string): string => `${name.slice(0, 40)} is not a known field`;

/**
 * The validators' messages name the field and its allowed values; they never quote the value sent. If a field has
 * several, the last comes from its topmost decorator, which checks the type.
 */
function messagesOf({ property, constraints = {} }: ValidationError): string[] {
  return 'whitelistValidation' in constraints ? [unknownField(property)] : Object.values(constraints).slice(-1);
}
