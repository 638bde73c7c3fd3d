// @ts-check
/** Which functions and findings a state shows, and in which order. */
import { accountOf, checkOf, findingAt, placeOf, quick, rank, report, SEVERITIES, subjectOf, text, titleOf, waived } from './data.js';
import { searchFindings, searchFunctions } from './search.js';
import { label, plural } from './words.js';

/** @typedef {import('./route.js').State} State */

/** Bits of a function's traits, as causes.py writes them. @type {Record<string, number>} */
export const TRAITS = { unauthenticated: 1, administrator: 2, both: 3, 'unauthenticated-unknown': 4, 'administrator-unknown': 8 };

/**
 * Does a function fit the place filters?
 * @param {State} state
 * @returns {(f: number) => boolean}
 */
function place(state) {
  const wanted = ['cloud', 'scope', 'location', 'owner'].filter((key) => state[key]);
  const traits = TRAITS[state.trait] ?? 0;
  return (f) => wanted.every((key) => text(f, key) === state[key]) && (!state.trait || (traits > 0 && (report.fn.traits[f] & traits) === traits));
}

/**
 * Does a finding that belongs to no function fit them?
 * @param {State} state
 * @returns {(x: number) => boolean}
 */
const scopeWide = (state) => (x) => {
  const [cloud, account, region] = placeOf(x);
  return !state.trait && !state.owner && (!state.cloud || state.cloud === cloud) && (!state.location || state.location === region) && (!state.scope || state.scope.replace(/^[^/:]*[/:]/, '') === account);
};

/**
 * Findings by risk, severity, check and cause, not by place or words. `whole`: of their cause, as its lead and gravest say.
 * @param {State} state
 * @param {boolean} [whole]
 * @returns {(x: number) => boolean}
 */
function nature(state, whole = false) {
  const { found, strings, head, causes } = report;
  const fits = found.shapes.map((/** @type {number[]} */ [check, , severity, , risk]) =>
    (whole || ((!state.risk || strings[risk] === state.risk) && (!state.severity || strings[severity] === state.severity))) &&
    (!state.check || head.checks[check].id === state.check));
  const fitting = (/** @type {number} */ c) => (!state.risk || checkOf(causes.lead[c]).risk === state.risk) && (!state.severity || SEVERITIES[quick.grave[c]] === state.severity);
  const cause = state.cause ? found.cause[findingAt(state.cause)] ?? -1 : null;
  return (x) => fits[found.shape[x]] && (cause === null || found.cause[x] === cause) && (!whole || fitting(found.cause[x]));
}

/**
 * Findings by what decides a control, and by whether an earlier run had them.
 * @param {State} state
 * @returns {(x: number) => boolean}
 */
function asked(state) {
  const { found, head } = report;
  const deciding = state.control ? new Set((head.controls[state.control] ?? []).map(([check, cloud]) => `${check} ${cloud}`)) : null;
  return (x) => (!deciding || (!found.waived[x] && deciding.has(`${found.shapes[found.shape[x]][0]} ${placeOf(x)[0]}`))) && (!state.since || found.new.has(x) === (state.since === 'new'));
}

/**
 * Findings; without `each`, one a cause: its lead.
 * @param {State} state
 * @returns {number[]}
 */
export function fittingFindings(state) {
  const whole = !state.each;
  const [fits, asks, here, apart, words] = [nature(state, whole), asked(state), place(state), scopeWide(state), searchFindings(state.q)];
  const { found, causes } = report;
  const rows = [];
  for (let x = 0; x < found.count; x++) {
    if (fits(x) && asks(x) && (found.fn[x] < 0 ? apart(x) : here(found.fn[x])) && words(x)) rows.push(x);
  }
  const accepted = state.status === 'waived';
  const shown = (whole ? [...new Set(rows.map((x) => causes.lead[found.cause[x]]))].sort((a, b) => a - b) : rows)
    .filter((x) => (whole ? waived(found.cause[x]) : Boolean(found.waived[x])) === accepted);
  return sorted(shown, state.sort || 'severity', whole ? { ...FINDING_KEYS, severity: (x) => quick.grave[found.cause[x]] } : FINDING_KEYS);
}

/**
 * @param {State} state
 * @returns {number[]}
 */
export function fittingFunctions(state) {
  const [here, words] = [place(state), searchFunctions(state.q)];
  const needs = state.risk || state.severity || state.check || state.cause;
  const hit = needs ? new Set(report.found.fn.filter(keep(nature(state)))) : null;
  const rows = [];
  for (let f = 0; f < report.fn.count; f++) {
    if (hit && !hit.has(f)) continue;
    if (state.status === 'failing' && !quick.open[f]) continue;
    if (state.status === 'unknown' && !quick.unknown[f]) continue;
    if (state.status === 'clean' && (quick.open[f] || quick.unknown[f])) continue;
    if (here(f) && words(f)) rows.push(f);
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
  account: accountOf,
  owner: (f) => text(f, 'owner') ?? '~',
  reach: (f) => (REACHES.indexOf(text(f, 'reach') ?? '') + 100) % 100,
  identity: (f) => quick.power[f],
  worst: (f) => quick.worst[f] * 1e6 - quick.open[f],
};

/** @type {Record<string, (row: number) => number|string>} */
const FINDING_KEYS = {
  severity: (x) => quick.severity[x],
  title: (x) => titleOf(x).toLowerCase(),
  function: (x) => subjectOf(x).toLowerCase(),
  risk: (x) => checkOf(x).risk,
  location: (x) => `${placeOf(x)[0]} ${placeOf(x)[2] ?? ''}`,
  account: (x) => placeOf(x)[1],
  owner: (x) => (report.found.fn[x] < 0 ? '~' : (text(report.found.fn[x], 'owner') ?? '~')),
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

/** What rows can be grouped by: the words of a row's group. @type {Record<string, Record<string, (row: number) => string>>} */
export const GROUPS = {
  functions: {
    account: (f) => `${label(text(f, 'cloud') ?? '')} ${accountOf(f)}`, owner: (f) => text(f, 'owner') ?? 'No owner tag',
    region: (f) => `${label(text(f, 'cloud') ?? '')} ${text(f, 'location') ?? 'region not read'}`, runtime: (f) => text(f, 'runtime') ?? 'No runtime',
  },
  findings: {
    account: (x) => `${label(placeOf(x)[0])} ${placeOf(x)[1]}`, owner: (x) => (report.found.fn[x] < 0 ? 'No function' : (text(report.found.fn[x], 'owner') ?? 'No owner tag')),
    region: (x) => `${label(placeOf(x)[0])} ${placeOf(x)[2] ?? 'whole account'}`, check: (x) => checkOf(x).title,
    cause: (x) => `${titleOf(report.causes.lead[report.found.cause[x]])}: ${subjectOf(report.causes.lead[report.found.cause[x]])}`, risk: (x) => label(checkOf(x).risk),
  },
};

/**
 * Puts rows under the heads of their groups, largest group first. A head is a negative row: -1 is the first of `heads`.
 * @param {number[]} rows @param {string} kind @param {string} group
 */
export function grouping(rows, kind, group) {
  const words = GROUPS[kind]?.[group];
  if (!words) return { rows, heads: /** @type {string[]} */ ([]) };
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  for (const row of rows) (parts.get(words(row)) ?? parts.set(words(row), []).get(words(row)))?.push(row);
  const order = [...parts].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return { rows: order.flatMap(([, part], at) => [-1 - at, ...part]), heads: order.map(([name, part]) => `${name} · ${plural(part.length, kind === 'functions' ? 'function' : 'row')}`) };
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
    cloud: of('cloud'), scope: of('scope'), location: of('location'), owner: of('owner'),
    risk: /** @type {string[]} */ (names(4)).sort(), severity: /** @type {string[]} */ (names(2)).sort((a, b) => rank(a) - rank(b)),
  };
}
