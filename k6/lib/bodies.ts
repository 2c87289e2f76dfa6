import { b64encode } from 'k6/encoding';
import http, { type FileData } from 'k6/http';
import type { Case, Photograph } from './cases.ts';

/** The two ways to send photographs. */
export const BODY_FORMS = ['json', 'multipart'] as const;
export type BodyForm = (typeof BODY_FORMS)[number];

/** The body of a request: text, or the fields of a form. */
export interface Body {
  readonly content: string | Record<string, FileData>;
  readonly headers: Record<string, string>;
}

/**
 * Reads the photographs of some cases. Call it while a script starts: k6 can open files only then.
 *
 * @returns the body of the case at an index of `cases`
 */
export function loadBodies(cases: readonly Case[]): (index: number, form: BodyForm) => Body {
  const photographs = new Map<Photograph, ArrayBuffer>();
  for (const name of cases.flatMap(({ image1, image2 }) => [image1, image2])) {
    if (!photographs.has(name)) photographs.set(name, open(pathOf(name), 'b'));
  }
  const bytesOf = (name: Photograph): ArrayBuffer => photographs.get(name) ?? new ArrayBuffer(0);

  return (index, form) => {
    const { image1, image2 } = cases[index];
    if (form === 'json') {
      const content = jsonBody(bytesOf(image1), bytesOf(image2));
      return { content, headers: { 'Content-Type': 'application/json' } };
    }
    const file = (name: Photograph): FileData => http.file(bytesOf(name), name);
    return { content: { image1: file(image1), image2: file(image2) }, headers: {} };
  };
}

/** Base64 needs no escaping, and JSON.stringify over a megabyte would take k6 longer than the comparison. */
export function jsonBody(image1: ArrayBuffer, image2: ArrayBuffer): string {
  return `{"image1_base64":"${b64encode(image1)}","image2_base64":"${b64encode(image2)}"}`;
}

const pathOf = (name: Photograph): string => import.meta.resolve(`../../test/photographs/${name}`);
