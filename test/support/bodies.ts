const BOUNDARY = 'boundary';

/** The content type of the forms that {@link multipart} writes. */
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A field of a form, or a file if it has a file name. */
export interface FormField {
  readonly name: string;
  readonly filename?: string;
  readonly content: string | Buffer;
}

/** A part of a form as written: its header lines and its content. */
export interface Part {
  readonly lines: readonly string[];
  readonly content: string | Buffer;
}

/** What surrounds the parts; each can be made wrong. */
export interface Frame {
  readonly newline?: string;
  readonly boundary?: string;
  readonly before?: string;
  readonly end?: string;
}

/** A field as a part of a form (RFC 7578). */
export function formPart({ name, filename, content }: FormField): Part {
  const disposition = `content-disposition: form-data; name="${name}"`;
  return filename === undefined
    ? { lines: [disposition], content }
    : { lines: [`${disposition}; filename="${filename}"`, 'content-type: image/jpeg'], content };
}

/** Writes the body of a form, byte for byte. */
export function multipart(parts: readonly (FormField | Part)[], frame: Frame = {}): Buffer {
  const { newline = '\r\n', boundary = BOUNDARY, before = '', end = `--${boundary}--${newline}` } = frame;
  const written = parts.flatMap((part) => {
    const { lines, content } = 'lines' in part ? part : formPart(part);
    const head = [`--${boundary}`, ...lines, '', ''].join(newline);
    return [Buffer.from(head), Buffer.from(content), Buffer.from(newline)];
  });
  return Buffer.concat([Buffer.from(before), ...written, Buffer.from(end)]);
}

/**
 * Encodes the body of a comparison as JSON.
 *
 * @param more additional members
 */
export function jsonBody(image1: Buffer, image2: Buffer, more: Readonly<Record<string, unknown>> = {}): string {
  const photographs = { image1_base64: image1.toString('base64'), image2_base64: image2.toString('base64') };
  return JSON.stringify({ ...photographs, ...more });
}
