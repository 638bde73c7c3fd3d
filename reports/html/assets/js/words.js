// @ts-check
/** Words a person reads; the browser's half of words.py. */

const HIDDEN =
  // eslint-disable-next-line no-control-regex -- showing control characters is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

/**
 * Spells out characters that are invisible or reorder their neighbours.
 * @param {unknown} text
 */
export const visible = (text) =>
  String(text).replace(HIDDEN, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);

const FIGURES = new Intl.NumberFormat('en');

/** @param {number} n */
export const number = (n) => FIGURES.format(n);

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (n, one, many) => `${number(n)} ${n === 1 ? one : (many ?? one + 's')}`;

/** @type {Record<string, string>} */
const SPELLED = { aws: 'AWS', azure: 'Azure', gcp: 'GCP', iam: 'IAM', sdk: 'SDK', api: 'API', url: 'URL' };

/**
 * "denial-of-wallet" → "Denial of wallet"; "over-privilege" → "Over-privilege".
 * @param {string} slug
 */
export function label(slug) {
  const words = slug.replaceAll(/[-_]/g, ' ').trim().toLowerCase().split(' ').map((part) => SPELLED[part] ?? part).join(' ').replace(/(over|third|cross) (?=privilege|party|account)/, '$1-');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * "2026-11-24" → "24 November 2026"; what is no date stays as it is.
 * @param {string} text
 */
export function day(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/**
 * How far a date is from another: "3 months ago", "in 2 years".
 * @param {string} text
 * @param {string} from
 */
export function away(text, from) {
  const days = Math.round((Date.parse(text) - Date.parse(from)) / 86_400_000);
  if (Number.isNaN(days)) return '';
  const far = Math.abs(days);
  const words =
    far < 60 ? plural(far, 'day') : far < 730 ? plural(Math.floor(far / 30), 'month') : plural(Math.floor(far / 365), 'year');
  return days < 0 ? `${words} ago` : `in ${words}`;
}

/**
 * 900 → "15 minutes".
 * @param {number} seconds
 */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (!minutes) return plural(rest, 'second');
  return plural(minutes, 'minute') + (rest ? ` ${plural(rest, 'second')}` : '');
}

/**
 * A score range: "24–71", "58", "n/a".
 * @param {number|null} low
 * @param {number|null} high
 */
export function range(low, high) {
  if (low === null || high === null) return 'n/a';
  const [a, b] = [Math.round(low), Math.round(high)];
  return a === b ? `${a}` : `${a}–${b}`;
}
