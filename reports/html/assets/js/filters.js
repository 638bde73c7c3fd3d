// @ts-check
/** Which functions and findings a state shows, and in which order. */
import { checkOf, fingerprint, quick, rank, report, said, text, titleOf } from './data.js';

/** @typedef {import('./route.js').State} State */

/** @type {string[]|null} */
let hay = null;

/** @param {number} f */
function haystack(f) {
  hay ??= Array.from({ length: report.fn.count }, (_, at) =>
    ['id', 'name', 'runtime', 'identity_name', 'reach', 'scope', 'cloud'].map((column) => text(at, column) ?? '').join('\n').toLowerCase());
  return hay[f] ?? '';
}

/** @param {State} state */
const terms = (state) => state.q.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Does a function fit the place filters?
 * @param {State} state
 * @returns {(f: number) => boolean}
 */
function place(state) {
  const wanted = ['cloud', 'scope', 'location'].filter((key) => state[key]);
  return (f) => wanted.every((key) => f >= 0 && text(f, key) === state[key]);
}

/**
 * Findings by risk, severity and check, not by place or words.
 * @param {State} state
 * @returns {(x: number) => boolean}
 */
function nature(state) {
  const { found, strings, head } = report;
  const fits = found.shapes.map((/** @type {number[]} */ [check, , severity, , risk]) =>
    (!state.risk || strings[risk] === state.risk) && (!state.severity || strings[severity] === state.severity) &&
    (!state.check || head.checks[check].id === state.check));
  return (x) => fits[found.shape[x]];
}

/**
 * @param {State} state
 * @returns {number[]}
 */
export function fittingFindings(state) {
  const [fits, here, words] = [nature(state), place(state), terms(state)];
  const { found, strings } = report;
  /** @type {Map<string, boolean>} */
  const seen = new Map();
  const inString = (/** @type {number} */ at, /** @type {string} */ word) => {
    const key = `${at} ${word}`;
    if (!seen.has(key)) seen.set(key, strings[at].toLowerCase().includes(word));
    return /** @type {boolean} */ (seen.get(key));
  };
  const matches = (/** @type {number} */ x, /** @type {string} */ word) =>
    haystack(found.fn[x]).includes(word) || inString(found.message[x], word) || inString(found.locus[x], word) ||
    inString(found.resource[x], word) || inString(found.shapes[found.shape[x]][1], word) || checkOf(x).id.includes(word) || fingerprint(x) === word;
  const rows = [];
  for (let x = 0; x < found.count; x++) {
    if (fits(x) && here(found.fn[x]) && words.every((word) => matches(x, word))) rows.push(x);
  }
  return sorted(rows, state.sort || 'severity', FINDING_KEYS);
}

/**
 * @param {State} state
 * @returns {number[]}
 */
export function fittingFunctions(state) {
  const [here, words] = [place(state), terms(state)];
  const needs = state.risk || state.severity || state.check;
  const hit = needs ? new Set(report.found.fn.filter(keep(nature(state)))) : null;
  const rows = [];
  for (let f = 0; f < report.fn.count; f++) {
    if (hit && !hit.has(f)) continue;
    if (state.status === 'failing' && !quick.open[f]) continue;
    if (state.status === 'unknown' && !quick.unknown[f]) continue;
    if (state.status === 'clean' && (quick.open[f] || quick.unknown[f])) continue;
    if (here(f) && words.every((word) => haystack(f).includes(word))) rows.push(f);
  }
  return sorted(rows, state.sort || 'score', FUNCTION_KEYS);
}

/**
 * @param {(x: number) => boolean} fits
 * @returns {(value: number, x: number) => boolean}
 */
const keep = (fits) => (_, x) => fits(x);

const REACHES = ['public-anonymous', 'public', 'public-signed', 'public-except', 'cross-account', 'service-without-source',
  'service-without-account', 'conditional', 'organisation', 'unrecognised', 'scoped', 'none'];

/** @type {Record<string, (row: number) => number|string>} */
const FUNCTION_KEYS = {
  score: (f) => (report.fn.low[f] ?? 101) * 1000 + (report.fn.high[f] ?? 0),
  name: (f) => (text(f, 'name') ?? '').toLowerCase(),
  location: (f) => `${text(f, 'cloud')} ${text(f, 'location')}`,
  runtime: (f) => text(f, 'runtime_end_of_life') ?? '~',
  reach: (f) => (REACHES.indexOf(text(f, 'reach') ?? '') + 100) % 100,
  identity: (f) => quick.power[f],
  worst: (f) => quick.worst[f] * 1e6 - quick.open[f],
};

/** @type {Record<string, (row: number) => number|string>} */
const FINDING_KEYS = {
  severity: (x) => quick.severity[x],
  title: (x) => titleOf(x).toLowerCase(),
  function: (x) => (report.found.fn[x] < 0 ? said(x, 'resource') : (text(report.found.fn[x], 'name') ?? '')).toLowerCase(),
  risk: (x) => checkOf(x).risk,
  location: (x) => (report.found.fn[x] < 0 ? '' : (text(report.found.fn[x], 'location') ?? '')),
};

/**
 * Sorts by "key" or "-key"; rows that tie keep the report's order.
 * @param {number[]} rows
 * @param {string} sort
 * @param {Record<string, (row: number) => number|string>} keys
 */
function sorted(rows, sort, keys) {
  const down = sort.startsWith('-') ? -1 : 1;
  const key = keys[sort.replace(/^-/, '')];
  if (!key) return rows;
  const order = rows.map((row) => /** @type {[number, number|string]} */ ([row, key(row)]));
  order.sort((a, b) => (a[1] < b[1] ? -down : a[1] > b[1] ? down : a[0] - b[0]));
  return order.map(([row]) => row);
}

/** The values the filters offer. */
export function choices() {
  const of = (/** @type {string} */ column) => {
    const indexes = new Set(report.fn[column]);
    return [...indexes].filter((at) => at >= 0).map((at) => report.strings[at]).sort();
  };
  const { shapes } = report.found;
  const names = (/** @type {number} */ at) => [...new Set(shapes.map((/** @type {number[]} */ shape) => report.strings[shape[at]]))];
  return {
    cloud: of('cloud'), scope: of('scope'), location: of('location'),
    risk: /** @type {string[]} */ (names(4)).sort(), severity: /** @type {string[]} */ (names(2)).sort((a, b) => rank(a) - rank(b)),
  };
}
