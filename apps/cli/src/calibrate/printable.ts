/**
 * A text from the input, such as a file's name, fit for a terminal: control characters, which could move the cursor or
 * change what is shown elsewhere, and marks that turn the direction of writing become `�`.
 */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
