/*
 * The allowed values of a scenario's variables. Plain JavaScript, because both k6 and the command that starts it use
 * them: the command rejects a wrong value in one line, while k6 would print a stack trace.
 */

const DURATION = /^(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * @param {string} name
 * @param {string} text
 * @returns {number} a whole number from 1 up
 * @throws {Error} that says so
 */
export function toCount(name, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} must be a whole number, at least 1`);
  return Number(text);
}

/**
 * @param {string} name
 * @param {string} text hours, minutes and seconds such as `1h30m` or `45s`
 * @returns {number} seconds, at least 1
 * @throws {Error} that says so
 */
export function toSeconds(name, text) {
  const [hours, minutes, seconds] = (DURATION.exec(text)?.slice(1) ?? []).map((part) => Number(part || 0));
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (total < 1) throw new Error(`${name} must be hours, minutes and seconds such as 1h30m or 45s, at least 1s`);
  return total;
}
