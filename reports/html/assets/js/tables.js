// @ts-check
/** The two tables with their filters: functions and findings. */
import { accountOf, checkOf, detail, functionsOf, inCause, placeOf, quick, report, said, SEVERITIES, subjectOf, text, titleOf, waived, fingerprint } from './data.js';
import { h, icon, severity } from './dom.js';
import { takeaway } from './export.js';
import { choices, fittingFindings, fittingFunctions, grouping, GROUPS, TRAITS } from './filters.js';
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
  return [`${name} `, h('span', { class: over ? 'over' : 'soft', title: `${end}: end of support, ${away(end, report.head.as_of)}` }, over ? `ended ${end.slice(0, 7)}` : `to ${end.slice(0, 4)}`)];
}

/** @param {number} f */
const worst = (f) => {
  const unknown = quick.unknown[f] ? h('span', { class: 'dunno', title: `${plural(quick.unknown[f], 'verdict')} unknown` }, icon('unknown'), number(quick.unknown[f])) : null;
  if (!quick.open[f]) return [h('span', { class: 'soft' }, quick.unknown[f] ? 'none proved' : 'none'), unknown];
  return [severity(SEVERITIES[quick.worst[f]] ?? 'informational'), h('span', { class: 'soft num', title: `the worst of ${plural(quick.open[f], 'cause')}` }, `of ${number(quick.open[f])}`), unknown];
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
  { key: 'location', title: 'Cloud, region', cell: (f) => where(text(f, 'cloud') ?? '?', text(f, 'location')) },
  { key: 'account', title: 'Account', cell: (f) => short(accountOf(f)) },
  { key: 'owner', title: 'Owner', cell: (f) => text(f, 'owner') ?? h('span', { class: 'soft' }, 'no owner tag') },
];

/** @param {string} cloud @param {string|null} region */
const where = (cloud, region) => [h('span', { class: 'tag' }, label(cloud)), ' ', region ?? unread()];
/** @param {string} account */
const short = (account) => h('span', { title: account }, account);
/** @param {number} x */
const ownerOf = (x) => (report.found.fn[x] < 0 ? h('span', { class: 'soft' }, '–') : (text(report.found.fn[x], 'owner') ?? h('span', { class: 'soft' }, 'no owner tag')));

/** Columns of findings: each by itself, or (`whole`) one a cause. @param {boolean} whole @returns {import('./grid.js').Column[]} */
const findingColumns = (whole) => [
  { key: 'severity', title: 'Severity', cell: (x) => severity(SEVERITIES[whole ? quick.grave[report.found.cause[x]] : quick.severity[x]] ?? 'informational') },
  { key: 'title', title: whole ? 'Cause' : 'Finding', cell: (x) => [h('b', {}, titleOf(x), whole && more(x)), h('span', { class: 'soft more' }, said(x, 'message'))] },
  { key: 'function', title: 'Function', cell: (x) => [h('span', { class: report.found.fn[x] < 0 ? 'soft' : 'name' }, subjectOf(x)), whole && others(x)] },
  { key: 'risk', title: 'Risk', cell: (x) => label(checkOf(x).risk) },
  { key: 'location', title: 'Cloud, region', cell: (x) => where(placeOf(x)[0], placeOf(x)[2] ?? 'account') },
  { key: 'account', title: 'Account', cell: (x) => short(placeOf(x)[1]) },
  { key: 'owner', title: 'Owner', cell: ownerOf },
];

/** How many other findings the cause of a lead has. @param {number} x */
const more = (x) => {
  const rest = inCause(report.found.cause[x]).length - 1;
  return rest > 0 && h('span', { class: 'facets', title: `${plural(rest, 'more finding')} of the same cause` }, `+${number(rest)}`);
};
/** @param {number} x */
const others = (x) => {
  const rest = functionsOf(report.found.cause[x]).length - 1;
  return rest > 0 && h('span', { class: 'soft' }, ` and ${number(rest)} more`);
};

/**
 * What a table shows under a state: its columns, rows and the address of each row.
 * @param {State} state
 */
export function chosen(state) {
  const kind = (state.view === 'overview' || !state.view ? state.table : state.view) === 'findings' ? 'findings' : 'functions';
  const findings = kind === 'findings';
  const flat = (findings ? fittingFindings : fittingFunctions)(state);
  return {
    kind, columns: findings ? findingColumns(!state.each) : FUNCTIONS, sort: state.sort || (findings ? 'severity' : 'score'), flat, ...grouping(flat, kind, state.group),
    all: !findings ? report.fn.count : state.each ? report.found.count : report.causes.count - accepted(), unit: !findings ? 'function' : state.each ? 'finding' : 'cause',
    link: (/** @type {number} */ row) => address(!findings ? { function: text(row, 'id') ?? '' }
      : { function: report.found.fn[row] < 0 ? '' : (text(report.found.fn[row], 'id') ?? ''), finding: fingerprint(row) }),
  };
}

const accepted = () => (Object.keys(report.found.waived).length ? [...Array(report.causes.count).keys()].filter(waived).length : 0);

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
  const words = inWords(state);
  const { unit } = table;
  const count = h('p', { class: 'count', role: 'status' }, words ? `${number(table.flat.length)} of ${plural(table.all, unit)}` : plural(table.all, unit),
    unit === 'cause' ? h('span', {}, `${plural(table.flat.reduce((sum, x) => sum + inCause(report.found.cause[x]).length, 0), 'finding')} in all`) : null,
    words ? h('button', { type: 'button', class: 'link', onclick: () => go(Object.fromEntries(FILTERS.map((key) => [key, '']))) }, 'Clear filters') : null);
  const key = address(state);
  current = grid({ ...table, label: label(table.kind), resort: (sort) => go({ sort }, true), active: ACTIVE.get(key) ?? -1, onactive: (at) => ACTIVE.set(key, at) });
  const empty = table.rows.length ? null : h('p', { class: 'empty-state' }, !table.all ? nothing(table.kind) : `No ${unit} matches ${words}.`);
  for (const field of bar.querySelectorAll('select, input')) {
    const input = /** @type {HTMLInputElement} */ (field);
    if (input.type === 'checkbox') input.checked = Boolean(state[input.name]);
    else if (input !== document.activeElement) input.value = state[input.name] ?? '';
    input.classList.toggle('set', Boolean(state[input.name]));
  }
  if (bar.parentElement !== place) place.replaceChildren(bar);
  while (bar.nextSibling) bar.nextSibling.remove();
  place.append(h('div', { class: 'counted' }, count, takeaway(table, words)), ...(empty ? [empty] : [current.element]));
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
  const status = kind === 'findings' ? (Object.keys(report.found.waived).length ? [['waived', 'Waived'], ['', 'Open']] : []) : [['failing', 'Has findings'], ['unknown', 'Has unknowns'], ['clean', 'Nothing open']];
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
    pick('since', 'New or known', kind === 'findings' && report.found.new.size && report.found.new.size < report.found.count ? [['new', 'New since the last run'], ['known', 'Known before']] : []),
    pick('owner', 'Any owner', plain(offers.owner)), pick('check', 'Any check', report.head.checks.map((check) => [check.id, check.title])),
    pick('trait', 'Any trait', kind === 'findings' ? [] : Object.keys(TRAITS).map((name) => [name, name === 'both' ? 'Unauthenticated and administrator' : label(name)])),
    pick('group', 'No groups', Object.keys(GROUPS[kind]).map((name) => [name, `By ${name}`])),
    kind === 'findings' && h('label', { class: 'each' }, h('input', { type: 'checkbox', name: 'each', onchange: (/** @type {Event} */ event) => go({ each: /** @type {HTMLInputElement} */ (event.target).checked ? '1' : '', table: kind }) }), 'Each finding'));
}

/** @param {string} value @param {string} words */
function choice(value, words) {
  const option = /** @type {HTMLOptionElement} */ (h('option', {}, words));
  option.value = value; // as it is: the value filters, the words are shown
  return option;
}

