/**
 * Decodes base64 of the standard or the URL-safe alphabet, padded or not.
 *
 * Node's decoder skips whatever is not base64. Comparing its output's length with the input's finds that out without
 * running a regular expression over megabytes.
 *
 * @returns the bytes, or undefined where the text holds anything else
 */
export function decodeBase64(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const characters = text.length - padding;
  if (characters % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === Math.floor((characters * 3) / 4) ? decoded : undefined;
}
