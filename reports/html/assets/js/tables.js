// @ts-check
/** The two tables with their filters: functions and findings. */
import { checkOf, detail, quick, report, said, SEVERITIES, text, titleOf, fingerprint } from './data.js';
import { h, icon, severity } from './dom.js';
import { choices, fittingFindings, fittingFunctions } from './filters.js';
import { grid } from './grid.js';
import { address, FILTERS, go } from './route.js';
import { away, label, number, plural, range } from './words.js';

/** @typedef {import('./route.js').State} State */

const unread = () => h('span', { class: 'unread' }, 'not read');
const known = (/** @type {number} */ f, /** @type {string} */ column) => text(f, column) ?? unread();

/** @param {number} f */
function runtime(f) {
  if (text(f, 'kind') === 'image') return h('span', { class: 'soft' }, 'container image');
  const [name, end] = [text(f, 'runtime'), text(f, 'runtime_end_of_life')];
  if (name === null) return unread();
  if (!end) return name;
  const over = Date.parse(end) < Date.parse(report.head.as_of);
  return [`${name} `, h('span', { class: over ? 'over' : 'soft', title: `${end}: end of support` }, over ? `ended ${away(end, report.head.as_of)}` : `to ${end.slice(0, 4)}`)];
}

/** @param {number} f */
const worst = (f) => {
  const unknown = quick.unknown[f] ? h('span', { class: 'dunno', title: `${plural(quick.unknown[f], 'verdict')} unknown` }, icon('unknown'), number(quick.unknown[f])) : null;
  if (!quick.open[f]) return [h('span', { class: 'soft' }, quick.unknown[f] ? 'none proved' : 'none'), unknown];
  return [severity(SEVERITIES[quick.worst[f]] ?? 'informational'), h('span', { class: 'soft num', title: `the worst of ${plural(quick.open[f], 'open finding')}` }, `of ${number(quick.open[f])}`), unknown];
};

/** @param {number} f */
const identity = (f) => [quick.power[f] < 3 ? h('span', { class: `sev ${SEVERITIES[quick.power[f]]}`, title: `Worst over-privilege finding: ${SEVERITIES[quick.power[f]]}` },
  icon(SEVERITIES[quick.power[f]]), h('span', { class: 'sr' }, `${SEVERITIES[quick.power[f]]} over-privilege: `)) : null, known(f, 'identity_name')];

/** @param {number} f */
const reach = (f) => {
  const value = text(f, 'reach');
  if (value !== null) return h('span', { class: /^public/.test(value) ? 'over' : '' }, label(value));
  return detail(f, 'invoke_reach')?.proved_for?.length ? h('span', { class: 'soft' }, 'No other caller') : unread();
};

/** @type {import('./grid.js').Column[]} */
const FUNCTIONS = [
  { key: 'score', title: 'Score', cell: (f) => [h('span', { class: 'num', title: 'of 100' }, range(report.fn.low[f], report.fn.high[f])), h('b', { class: `letter g${report.fn.grade[f] ?? ''}` }, report.fn.grade[f] ?? '')] },
  { key: 'name', title: 'Function', cell: (f) => h('b', { class: 'name' }, text(f, 'name') ?? '') },
  { key: 'worst', title: 'Worst finding', cell: worst },
  { key: 'reach', title: 'Who may invoke', cell: reach },
  { key: 'identity', title: 'Identity', cell: identity },
  { key: 'runtime', title: 'Runtime', cell: runtime },
  { key: 'location', title: 'Where', cell: (f) => [h('span', { class: 'tag' }, (text(f, 'cloud') ?? '?').toUpperCase()), ' ', known(f, 'location')] },
];

/** @param {number} x */
const subject = (x) => (report.found.fn[x] < 0 ? said(x, 'subject') || said(x, 'resource') : text(report.found.fn[x], 'name')) ?? '';

/** @type {import('./grid.js').Column[]} */
const FINDINGS = [
  { key: 'severity', title: 'Severity', cell: (x) => severity(report.strings[report.found.shapes[report.found.shape[x]][2]]) },
  { key: 'title', title: 'Finding', cell: (x) => [h('b', {}, titleOf(x)), h('span', { class: 'soft more' }, said(x, 'message'))] },
  { key: 'function', title: 'Function', cell: (x) => h('span', { class: report.found.fn[x] < 0 ? 'soft' : 'name' }, subject(x)) },
  { key: 'risk', title: 'Risk', cell: (x) => label(checkOf(x).risk) },
  { key: 'location', title: 'Where', cell: (x) => (report.found.fn[x] < 0 ? h('span', { class: 'soft' }, 'scope-wide') : known(report.found.fn[x], 'location')) },
];

/**
 * What a table shows under a state: its columns, rows and the address of each row.
 * @param {State} state
 */
export function chosen(state) {
  const kind = (state.view === 'overview' || !state.view ? state.table : state.view) === 'findings' ? 'findings' : 'functions';
  const findings = kind === 'findings';
  return {
    kind, columns: findings ? FINDINGS : FUNCTIONS, sort: state.sort || (findings ? 'severity' : 'score'),
    rows: (findings ? fittingFindings : fittingFunctions)(state), all: findings ? report.found.count : report.fn.count,
    link: (/** @type {number} */ row) => address(!findings ? { function: text(row, 'id') ?? '' }
      : { function: report.found.fn[row] < 0 ? '' : (text(report.found.fn[row], 'id') ?? ''), finding: fingerprint(row) }),
  };
}

/**
 * The filters of a state in words: "severity high, risk exposure".
 * @param {State} state
 */
export const inWords = (state) => FILTERS.filter((key) => state[key]).map((key) => `${key === 'q' ? 'text' : key === 'location' ? 'region' : key} “${state[key]}”`).join(', ');

const ACTIVE = new Map();
/** @type {ReturnType<typeof grid>|null} */
let current = null;
/** @type {HTMLElement|null} */
let bar = null;
let barOf = '';

/**
 * Draws the table of a state into its place. The toolbar stays while its kind stays, so typing keeps the focus.
 * @param {HTMLElement} place
 * @param {State} state
 */
export function show(place, state) {
  stop();
  const table = chosen(state);
  const overview = !state.view || state.view === 'overview';
  if (!bar || barOf !== table.kind + overview) [bar, barOf] = [toolbar(table.kind, overview), table.kind + overview];
  const unit = table.kind === 'findings' ? 'finding' : 'function';
  const words = inWords(state);
  const count = h('p', { class: 'count', role: 'status' }, words ? `${number(table.rows.length)} of ${plural(table.all, unit)}` : plural(table.all, unit),
    words ? h('button', { type: 'button', class: 'link', onclick: () => go(Object.fromEntries(FILTERS.map((key) => [key, '']))) }, 'Clear filters') : null);
  const key = address(state);
  current = grid({ ...table, label: label(table.kind), resort: (sort) => go({ sort }, true), active: ACTIVE.get(key) ?? -1, onactive: (at) => ACTIVE.set(key, at) });
  const empty = table.rows.length ? null : h('p', { class: 'empty-state' }, !table.all ? nothing(table.kind) : `No ${unit} matches ${words}.`);
  for (const field of bar.querySelectorAll('select, input')) {
    const input = /** @type {HTMLInputElement} */ (field);
    if (input !== document.activeElement) input.value = state[input.name] ?? '';
    input.classList.toggle('set', Boolean(state[input.name]));
  }
  if (bar.parentElement !== place) place.replaceChildren(bar);
  while (bar.nextSibling) bar.nextSibling.remove();
  place.append(count, ...(empty ? [empty] : [current.element]));
  current.draw();
}

/** @param {string} kind */
const nothing = (kind) => (kind === 'findings' ? 'No findings.'
  : 'No function was found.');

/** Lets go of the drawn table. */
export function stop() {
  current?.stop();
  current = null;
}

/** @param {string} kind @param {boolean} overview */
function toolbar(kind, overview) {
  const offers = choices();
  const status = kind === 'findings' ? [] : [['failing', 'Has findings'], ['unknown', 'Has unknowns'], ['clean', 'Nothing open']];
  const pick = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string[][]} */ options) => options.length < 2 ? null
    : h('label', {}, h('span', { class: 'sr' }, title), h('select', { name, onchange: (/** @type {Event} */ event) => go({ [name]: /** @type {HTMLSelectElement} */ (event.target).value, table: kind }) },
      h('option', { value: '' }, title), options.map(([value, words]) => choice(value, words))));
  const plain = (/** @type {string[]} */ values) => values.map((value) => [value, value]);
  const worded = (/** @type {string[]} */ values) => values.map((value) => [value, label(value)]);
  const tab = (/** @type {string} */ name) => h('a', { href: address({ table: name }), 'aria-current': kind === name ? 'true' : null }, label(name));
  return h('div', { class: 'toolbar', role: 'search' },
    overview ? h('div', { class: 'tabs' }, tab('functions'), tab('findings')) : h('h1', {}, label(kind)),
    h('label', { class: 'find' }, h('span', { class: 'sr' }, `Search ${kind}`), h('input', { type: 'search', name: 'q', placeholder: `Search ${kind}`, autocomplete: 'off', spellcheck: 'false',
      oninput: (/** @type {Event} */ event) => go({ q: /** @type {HTMLInputElement} */ (event.target).value, table: kind }, true) }), h('kbd', { 'aria-hidden': 'true' }, '/')),
    pick('severity', 'Any severity', worded(offers.severity)), pick('risk', 'Any risk', worded(offers.risk)), pick('cloud', 'Any cloud', plain(offers.cloud)),
    pick('scope', 'Any account', plain(offers.scope)), pick('location', 'Any region', plain(offers.location)), pick('status', 'Any status', status),
    pick('check', 'Any check', report.head.checks.map((check) => [check.id, check.title])));
}

/** @param {string} value @param {string} words */
function choice(value, words) {
  const option = /** @type {HTMLOptionElement} */ (h('option', {}, words));
  option.value = value; // as it is: the value filters, the words are shown
  return option;
}

