import { type ImageName, imageError, IMAGES, imageTooLarge, ServiceError } from '../../errors/service-error.js';
import type { PhotographList, PhotographRoute } from '../routes.js';
import { decodeBase64 } from './base64.js';
import type { RequestInput, SentItem, SentPhotograph } from './request-input.js';

/** The JSON member that holds a photograph in base64. */
export const base64Field = (photograph: string): string => `${photograph}_base64`;

/** The JSON member that holds a photograph of a route. */
export const jsonField = (photograph: string, { foreign }: Pick<PhotographRoute, 'foreign'>): string =>
  foreign === undefined ? base64Field(photograph) : photograph;

/** The JSON member that holds the photograph of a list's element. */
export const ITEM_FIELD = base64Field('image');

/**
 * Extracts the photographs from a JSON body.
 *
 * @param body result of `parseJsonBody`: long base64 is already decoded
 * @param route which photographs it has, and their names
 * @param maxImageBytes limit for one photograph
 * @throws ServiceError INVALID_REQUEST if the body is not an object, or its list is not a list of objects
 */
export function jsonInput(
  body: unknown,
  route: Pick<PhotographRoute, 'photographs' | 'list' | 'foreign'>,
  maxImageBytes: number,
): RequestInput {
  const { photographs, list } = route;
  const named = photographs.map((name) => [name, jsonField(name, route)] as const);
  if (!isObject(body)) {
    const fields = [...named.map(([, field]) => field), ...(list === undefined ? [] : [list.field])].join(' and ');
    throw new ServiceError('INVALID_REQUEST', `The body must be an object with ${fields}.`);
  }
  const members = new Map<string, unknown>(Object.entries(body));
  const take = (field: string): unknown => {
    const value = members.get(field);
    members.delete(field);
    return value;
  };
  const sent = named.map(([name, field]) => readPhotograph(field, take(field), IMAGES[name], maxImageBytes));
  const items = list === undefined ? [] : readList(take(list.field), list, maxImageBytes);
  return { photographs: sent, items, fields: Object.fromEntries(members) };
}

function readList(sent: unknown, list: PhotographList, maxImageBytes: number): SentItem[] {
  if (!Array.isArray(sent) || sent.length < 1 || sent.length > list.max) throw badLength(list);
  return sent.map((item: unknown, i) => {
    if (!isObject(item)) throw new ServiceError('INVALID_REQUEST', `${list.field}[${i}] must be an object.`);
    const { [ITEM_FIELD]: text, ...fields } = item;
    return {
      photograph: readPhotograph(`${list.field}[${i}].${ITEM_FIELD}`, text, 'candidate', maxImageBytes),
      fields,
    };
  });
}

/** The error for a list that is none, is empty or has too many elements. */
export const badLength = ({ field, max }: PhotographList): ServiceError =>
  new ServiceError('INVALID_REQUEST', `${field} must be a list of 1 to ${max}.`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** @param sent its text, or its bytes if it was long and is already decoded */
function readPhotograph(field: string, sent: unknown, image: ImageName, maxBytes: number): SentPhotograph {
  if (sent === undefined) return { status: 'missing', message: `${field} is missing`, isSent: false };
  if (typeof sent !== 'string' && !(sent instanceof Uint8Array)) {
    return { status: 'missing', message: `${field} must be a string`, isSent: true };
  }
  if (sent === '') return { status: 'missing', message: `${field} must not be empty`, isSent: true };
  const bytes = typeof sent === 'string' ? decodeBase64(sent) : sent;
  if (bytes === undefined || bytes.length === 0) {
    const error = imageError('INVALID_BASE64', image, 'is neither valid base64 nor a base64 data: URL');
    return { status: 'unusable', error };
  }
  if (bytes.length > maxBytes) return { status: 'unusable', error: imageTooLarge(image, maxBytes) };
  return { status: 'received', bytes };
}
