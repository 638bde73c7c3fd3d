// @ts-check
/** Reads the packed rows; the other half of encode.py. */

/**
 * @typedef {{count: number, [column: string]: any}} Columns
 * @typedef {{id: string, title: string, risk: string, severity: string, why?: string, [key: string]: any}} Check
 * @typedef {{check_id: string, operation: string, permission: string|null, reason: string, message: string,
 *   advice: string, fn: [number, number][], others: string[]}} Unknown
 * @typedef {{checks: Check[], scopes: any[], as_of: string, depth: string, unknowns: Unknown[],
 *   controls: Record<string, [number, string][]>, grants: Record<string, {statement: string, command: string}>}} Head
 * @typedef {{rows: string[], fn: number[], others: [string, number][]}} Verdicts
 */

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational'];

/** @type {{head: Head, strings: string[], fn: Columns, found: Columns, verdicts: Verdicts, causes: Columns}} */
export const report = /** @type {any} */ ({});
/** What the tables need at hand, computed once: per finding and per function. */
export const quick = { severity: new Uint8Array(), worst: new Uint8Array(), open: new Int32Array(),
  unknown: new Int32Array(), power: new Uint8Array(), grave: new Uint8Array() };
/** Findings by cause: those of cause `c` are `order[start[c]]` up to `order[start[c + 1]]`. */
const grouped = { order: new Int32Array(), start: new Int32Array() };

/** @param {string} name */
async function block(name) {
  const text = document.getElementById(`data-${name}`)?.textContent ?? '';
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
}

/** Undoes `steps` of wire.py. @param {number[]} steps */
const summed = (steps) => {
  let last = 0;
  return steps.map((step) => (last += step));
};

/** Unpacks every block. Rejects where the browser cannot inflate. */
export async function load() {
  const [head, strings, fn, found, verdicts, causes] = await Promise.all(
    ['head', 'strings', 'functions', 'findings', 'verdicts', 'causes'].map(block));
  causes.lead = summed(causes.lead);
  const prints = Array.from(atob(found.fingerprints), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  Object.assign(found, { cause: summed(found.cause), new: new Set(summed(found.new)), fingerprints: prints });
  Object.assign(report, { head, strings, fn, found, verdicts, causes });
  measure();
}

function measure() {
  const { found, fn, verdicts, head } = report;
  const met = new Set();
  const ranks = found.shapes.map((/** @type {number[]} */ shape) => rank(report.strings[shape[2]]));
  quick.severity = Uint8Array.from(found.shape, (shape) => ranks[shape]);
  quick.worst = new Uint8Array(fn.count).fill(9);
  quick.power = new Uint8Array(fn.count).fill(9);
  quick.open = new Int32Array(fn.count);
  for (let x = 0; x < found.count; x++) {
    const f = found.fn[x];
    if (f < 0 || found.waived[x]) continue;
    const pair = f * report.causes.count + found.cause[x];
    if (!met.has(pair)) quick.open[f]++;
    met.add(pair);
    quick.worst[f] = Math.min(quick.worst[f], quick.severity[x]);
    if (head.checks[found.shapes[found.shape[x]][0]].risk === 'over-privilege') quick.power[f] = Math.min(quick.power[f], quick.severity[x]);
  }
  quick.grave = new Uint8Array(report.causes.count).fill(9);
  const start = new Int32Array(report.causes.count + 1);
  for (let x = 0; x < found.count; x++) start[found.cause[x] + 1]++;
  for (let c = 0; c < report.causes.count; c++) start[c + 1] += start[c];
  const order = new Int32Array(found.count);
  const next = start.slice();
  for (let x = 0; x < found.count; x++) {
    order[next[found.cause[x]]++] = x;
    quick.grave[found.cause[x]] = Math.min(quick.grave[found.cause[x]], quick.severity[x]);
  }
  Object.assign(grouped, { order, start });
  const unknown = verdicts.rows.map((row) => [...row].filter((letter, check) => undecided(letter, head.checks[check])).length);
  quick.unknown = Int32Array.from(verdicts.fn, (row) => (row < 0 ? head.checks.length : unknown[row]));
}

/**
 * Is a function's verdict open? A check of another kind of subject (an account, a region) has none here and asks none.
 * @param {string} letter
 * @param {Check} check
 */
export const undecided = (letter, check) => letter === 'U' || letter === 'E' || (letter === '-' && (check.subject ?? 'function') === 'function');

/** @param {string} name */
export function rank(name) {
  const at = SEVERITIES.indexOf(name);
  return at < 0 ? SEVERITIES.length : at;
}

/**
 * Puts facts back where encode.py left marks.
 * @param {string} text
 * @param {(letter: string) => string} fact
 */
// eslint-disable-next-line no-control-regex -- U+0001 is the mark
const fill = (text, fact) => text.replace(/\u0001(.)/gu, (_, letter) => (letter === 'z' ? '\u0001' : fact(letter)));

/**
 * A text column of a function; null where it was not recorded.
 * @param {number} f
 * @param {string} column
 */
export function text(f, column) {
  const at = report.fn[column][f];
  return at < 0 ? null : fill(report.strings[at], (letter) => factOf(f, letter));
}

/**
 * @param {number} f
 * @param {string} letter
 * @returns {string}
 */
function factOf(f, letter) {
  const columns = { n: 'name', i: 'id', l: 'location', a: 'scope', r: 'identity_id', m: 'identity_name' };
  if (letter === 's') return (text(f, 'id') ?? '').split(':')[4] ?? '';
  return text(f, columns[/** @type {'n'} */ (letter)]) ?? '';
}

/** @param {string} value */
const escaped = (value) => JSON.stringify(value).slice(1, -1);

/**
 * A detail of a function: undefined where the report does not hold it, null where it holds "none".
 * @param {number} f
 * @param {string} column
 */
export function detail(f, column) {
  const at = report.fn[column][f];
  return at < 0 ? undefined : JSON.parse(fill(report.strings[at], (letter) => escaped(factOf(f, letter))));
}

const TEXTS = ['id', 'name', 'cloud', 'kind', 'scope', 'location', 'runtime', 'runtime_end_of_life', 'owner'];
const PACKED = ['identity', 'endpoints', 'triggers', 'environment', 'invoke_reach', 'network', 'limits', 'tags', 'logging', 'unknown_facts'];

/**
 * The whole row of a function, as `report.json` has it but for its score.
 * @param {number} f
 * @returns {Record<string, any>}
 */
export const row = (f) => ({
  ...Object.fromEntries(TEXTS.map((name) => [name, text(f, name)])),
  ...Object.fromEntries(PACKED.map((name) => [name, detail(f, name)]).filter(([, value]) => value !== undefined)),
  ...detail(f, 'more'),
});

/** @param {string} id */
export function functionAt(id) {
  for (let f = 0; f < report.fn.count; f++) if (text(f, 'id') === id) return f;
  return -1;
}

/** @param {number} x */
export const fingerprint = (x) => report.found.fingerprints.slice(16 * x, 16 * x + 16);

/** @param {string} print */
export function findingAt(print) {
  for (let x = 0; x < report.found.count; x++) if (fingerprint(x) === print) return x;
  return -1;
}

/** @param {number} x */
export const checkOf = (x) => report.head.checks[report.found.shapes[report.found.shape[x]][0]];

/**
 * A column of a finding as text, its function's and its own facts put back.
 * @param {number} x
 * @param {'message'|'locus'|'resource'|'subject'} column
 * @returns {string}
 */
export const said = (x, column) => fill(report.strings[report.found[column][x]], (letter) => factIn(x, letter));

/**
 * @param {number} x
 * @param {string} letter
 */
function factIn(x, letter) {
  if (letter === 'u') return said(x, 'locus');
  return letter === 'o' ? said(x, 'resource') : factOf(report.found.fn[x], letter);
}

/** @param {number} x */
export const titleOf = (x) => fill(report.strings[report.found.shapes[report.found.shape[x]][1]], (letter) => factIn(x, letter));

/**
 * Everything of a finding.
 * @param {number} x
 */
export function finding(x) {
  const { found, strings } = report;
  const [, , severity, confidence, risk, controls, ...repairs] = found.shapes[found.shape[x]];
  const [words, command, terraform] = repairs.map((/** @type {number} */ at) =>
    at < 0 ? null : fill(strings[at], (letter) => factIn(x, letter)));
  return {
    at: x, f: found.fn[x], check: checkOf(x), title: titleOf(x), message: said(x, 'message'), locus: said(x, 'locus'),
    resource: said(x, 'resource'), subject: said(x, 'subject'), fingerprint: fingerprint(x), severity: strings[severity],
    confidence: strings[confidence], risk: strings[risk], controls: JSON.parse(strings[controls]), words, command, terraform,
    evidence: JSON.parse(fill(strings[found.evidence[x]], (letter) => escaped(factIn(x, letter)))),
  };
}

/**
 * The findings of a function, worst first.
 * @param {number} f
 */
export function findingsOf(f) {
  const rows = [];
  for (let x = 0; x < report.found.count; x++) if (report.found.fn[x] === f) rows.push(x);
  return rows.sort((a, b) => quick.severity[a] - quick.severity[b] || a - b);
}

/**
 * The findings of a cause, the leading one first.
 * @param {number} c
 * @returns {number[]}
 */
export function inCause(c) {
  const lead = report.causes.lead[c];
  return [lead, ...[...grouped.order.subarray(grouped.start[c], grouped.start[c + 1])].filter((x) => x !== lead)];
}

/** The functions of a cause. @param {number} c @returns {number[]} */
export const functionsOf = (c) => [...new Set(inCause(c).map((x) => report.found.fn[x]).filter((f) => f >= 0))];

/** @param {number} f */
export const accountOf = (f) => (text(f, 'scope') ?? '').replace(/^[^/:]*[/:]/, '');

/**
 * Where a finding is: cloud, account, region; the region is null where it is of a whole account.
 * @param {number} x
 * @returns {[string, string, string|null]}
 */
export function placeOf(x) {
  const f = report.found.fn[x];
  return f < 0 ? report.found.places[x] : [text(f, 'cloud') ?? '', accountOf(f), text(f, 'location')];
}

/** The function of a finding by name, else what was judged. @param {number} x */
export const subjectOf = (x) => (report.found.fn[x] < 0 ? said(x, 'subject') || said(x, 'resource') : text(report.found.fn[x], 'name')) ?? '';

/** When the first run had a finding that has it; null where that is not known. @param {number} x @returns {string|null} */
export const firstSeen = (x) => report.strings[report.found.first_seen[x]] ?? null;

/** Is a cause accepted: are all its findings waived? @param {number} c */
export const waived = (c) => inCause(c).every((x) => report.found.waived[x]);
