// @ts-check
/** The page of one function, and of a finding that belongs to none. */
import { checkOf, detail, findingsOf, fingerprint, inCause, quick, report, row, said, text, titleOf } from './data.js';
import { diagram } from './diagram.js';
import { facts, h, severity } from './dom.js';
import { factSections, section } from './facts.js';
import { findingCard } from './finding.js';
import { accessPaths } from './paths.js';
import { address } from './route.js';
import { denied, folded, grantOf, unknowns, verdictsOf } from './unknown.js';
import { away, day, duration, label, number, plural, range } from './words.js';

/** @typedef {{fields: string[], reason: string, permission: string|null, message?: string}} Hole */

/** @param {number} f @returns {Hole[]} */
const holes = (f) => detail(f, 'unknown_facts') ?? [];

/**
 * A fact, or why it was not read. `undefined` was never recorded; null is "none" unless the report lists it as unknown.
 * @param {number} f
 * @param {string} field
 * @param {any} value
 * @param {(value: any) => any} words
 * @param {string} [none]
 */
function fact(f, field, value, words, none = 'None') {
  const hole = holes(f).find((row) => row.fields.some((name) => name === field || name.startsWith(`${field}.`)));
  const shown = value === undefined || value === null ? null : words(value);
  if (!hole && value === undefined) return h('span', { class: 'unread' }, 'Not read: the report holds no answer');
  if (!hole) return shown ?? none;
  const missing = h('span', { class: 'unread', title: hole.message ?? '' }, `${shown === null || shown === none ? 'Not read' : 'partly read'}: ${label(hole.reason).toLowerCase()}${denied(hole) ? `, needs ${denied(hole)}` : ''}`);
  return shown === null || shown === none ? missing : [...[shown].flat(), h('br'), missing];
}

/** @param {number} f */
function strip(f) {
  const get = (/** @type {string} */ column) => detail(f, column);
  const [identity, reach, limits, network] = [get('identity'), get('invoke_reach'), get('limits'), get('network')];
  const used = detail(f, 'more')?.monitoring?.usage;
  const end = text(f, 'runtime_end_of_life');
  const ended = end && Date.parse(end) < Date.parse(report.head.as_of);
  const bound = (/** @type {string} */ name, /** @type {(n: number) => string} */ words, none = 'None') => fact(f, `limits.${name}`, limits ? limits[name] : undefined, words, none);
  return facts('strip-facts', [
    ['Runtime', text(f, 'kind') === 'image' || detail(f, 'more')?.hosting?.container ? 'Container image' : fact(f, 'runtime', text(f, 'runtime') ?? undefined, (name) => [name, end && h('span', { class: ended ? 'over' : 'soft', title: end }, ` ${ended ? 'ended' : 'supported until'} ${day(end)} (${away(end, report.head.as_of)})`)])],
    ['Runs as', fact(f, 'identity', identity, (who) => [h('b', { class: 'name' }, who.name || who.id), h('span', { class: 'soft' }, ` ${label(who.kind ?? 'identity')}`)])],
    ['Who may invoke', invokers(f, reach, (who) => [h('b', { class: /^public/.test(who.worst ?? '') ? 'over' : '' }, who.worst ? label(who.worst) : 'No caller by policy'),
      h('span', { class: 'soft' }, who.proved_for?.length ? ` checked on ${who.proved_for.join(', ')}` : '')])],
    ['Endpoints', fact(f, 'endpoints', get('endpoints'), (rows) => (rows.length ? plural(rows.length, 'URL') : 'None'))],
    ['Triggers', fact(f, 'triggers', get('triggers'), (rows) => (rows.length ? [...new Set(rows.map((/** @type {any} */ row) => row.service ?? row.kind))].join(', ') : 'None'))],
    ['Environment', environmentFact(f)],
    ...(network === undefined && !holes(f).some((row) => row.fields.includes('network')) ? [] // a cloud whose functions have another fact for it
      : [['Network', fact(f, 'network', network, (net) => h('code', {}, net.id), 'Public network')]]),
    ['Timeout', bound('timeout_seconds', duration)], ['Memory', bound('memory_mb', (mb) => `${number(mb)} MB`)],
    text(f, 'cloud') === 'aws' ? ['Reserved concurrency', bound('reserved_concurrency', number, 'Unreserved')] : ['Most instances', bound('max_instances', number, 'No ceiling')],
    text(f, 'cloud') === 'aws' ? ['Logs', fact(f, 'logging', get('logging'), (log) => log.group_name)] : ['Hosting', label(text(f, 'kind') ?? '')],
    ...(used && typeof used.executions === 'number' ? [['Executions', [`${number(used.executions)} in ${plural(used.days, 'day')}`,
      h('span', { class: 'soft' }, used.idle_days === null ? '' : used.idle_days ? ` the last ${plural(used.idle_days, 'day')} ago` : ' the last today')]]] : []), // read where the run asked for metrics
    ['Owner', text(f, 'owner') ?? 'No owner tag'],
    ['Tags', fact(f, 'tags', get('tags'), (tags) => Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(', ') || 'None')],
  ]);
}

/**
 * Who may invoke: a policy counts as read only where the report names what it was proved for.
 * @param {number} f
 * @param {any} reach
 * @param {(value: any) => any} words
 */
function invokers(f, reach, words) {
  return fact(f, 'invoke_reach', reach?.proved_for?.length ? reach : undefined, words);
}

/** @param {number} f */
function environmentFact(f) {
  return fact(f, 'environment', detail(f, 'environment'), (rows) => {
    const bad = rows.filter((/** @type {any} */ row) => row.secret_verdict === 'secret').length;
    return !rows.length ? 'None' : [plural(rows.length, 'variable'), bad > 0 && h('span', { class: 'over' }, `, ${plural(bad, 'secret')}`)];
  });
}

/** Findings of the function's account and region, which count against it as well. @param {number} f */
function around(f) {
  const places = new Set([text(f, 'scope'), `${text(f, 'scope')}/${text(f, 'location')}`]);
  const rows = [...report.found.fn.keys()].filter((x) => report.found.fn[x] < 0 && places.has(said(x, 'subject') || said(x, 'resource')));
  return rows.length > 0 && h('details', { class: 'folded' }, h('summary', {}, h('b', {}, 'Also open in its account or region'), h('span', { class: 'soft' }, plural(rows.length, 'finding'))),
    h('ul', { class: 'around' }, rows.map((x) => h('li', {}, severity(report.strings[report.found.shapes[report.found.shape[x]][2]]), h('a', { href: address({ finding: fingerprint(x) }) }, titleOf(x))))));
}

/** @param {number} f */
const facets = (f) => [
  ...factSections(row(f)),
  section('Facts that were not read', holes(f), [['Facts', (hole) => hole.fields.map((/** @type {string} */ name) => h('div', {}, label(name.replaceAll('.', ' '))))], ['Reason', (hole) => label(hole.reason)], ['What was said', (hole) => hole.message || null],
    ['Missing permission', (hole) => denied(hole) && h('code', {}, denied(hole))], ['Grant', (hole) => grantOf(denied(hole))]]),
  section('Score: what each cause takes', detail(f, 'points'), [['Check', ([check, , failed]) => (failed ? led(f, check) : titled(check))], ['Points', ([, points]) => h('span', { class: 'num' }, `−${Math.abs(points)}`)],
    ['Because', ([, , failed]) => (failed ? 'it failed' : 'it could not be decided: counts in the low end only')]]),
];

/** @param {string} check */
const titled = (check) => report.head.checks.find((each) => each.id === check)?.title ?? check;
/** A link to the finding of a check on a function. @param {number} f @param {string} check */
function led(f, check) {
  const x = findingsOf(f).find((each) => checkOf(each).id === check);
  return x === undefined ? titled(check) : h('a', { href: address({ function: text(f, 'id') ?? '', finding: fingerprint(x) }) }, titled(check));
}

/** Why the grade is what it is: the causes that take most, and what is unknown. @param {number} f */
function because(f) {
  /** @type {[string, number, number][]} */
  const points = detail(f, 'points') ?? [];
  const [lost, open] = [points.filter(([, , failed]) => failed), points.filter(([, , failed]) => !failed)];
  const unknown = open.reduce((sum, [, taken]) => sum + Math.abs(taken), 0);
  return points.length > 0 && h('p', { class: 'because' }, h('b', {}, `Grade ${report.fn.grade[f]}: `),
    lost.length ? lost.slice(0, 3).flatMap(([check, taken], at) => [at ? ', ' : '', led(f, check), ` (−${Math.abs(taken)})`]) : 'no cause was proved', lost.length > 3 && ` and ${plural(lost.length - 3, 'smaller cause')}`,
    unknown > 0 && `; ${plural(open.length, 'unknown verdict')} may take ${number(Math.round(unknown * 10) / 10)} more`, '.');
}

/** One card a cause, its other findings on this function folded below, by risk. @param {number[]} rows @param {string} open */
function byRisk(rows, open) {
  /** @type {Map<number, number[]>} */
  const causes = new Map();
  for (const x of rows) causes.set(report.found.cause[x], [...(causes.get(report.found.cause[x]) ?? []), x]);
  const parts = [...causes].map(([cause, own]) => [...own].sort((a, b) => inCause(cause).indexOf(a) - inCause(cause).indexOf(b)));
  const risks = [...new Set(parts.map(([lead]) => checkOf(lead).risk))];
  const card = (/** @type {number} */ x) => findingCard(x, fingerprint(x) === open);
  return risks.map((risk) => h('section', { class: 'risk' }, h('h3', {}, label(risk)), parts.filter(([lead]) => checkOf(lead).risk === risk).flatMap(([lead, ...rest]) => [card(lead),
    rest.length > 0 && h('details', { class: 'also', open: rest.some((x) => fingerprint(x) === open) }, h('summary', {}, `${plural(rest.length, 'more finding')} of this cause: ${rest.map(titleOf).join(', ')}`), rest.map(card))])));
}

/**
 * @param {number} f
 * @param {string} open fingerprint of the finding to fold out
 */
export function functionPage(f, open) {
  const rows = findingsOf(f);
  const verdicts = verdictsOf(f);
  const stuck = verdicts.U;
  const decided = verdicts.P.length + verdicts.F.length;
  return [
    h('p', { class: 'crumb' }, h('a', { href: address({ view: 'functions' }) }, 'Functions'), ' / ', h('span', {}, `${text(f, 'location') ?? 'region not read'}`)),
    h('div', { class: 'title' }, h('h1', { class: 'name', tabindex: '-1' }, text(f, 'name') ?? ''),
      h('p', { class: 'marks' }, h('span', { class: 'num' }, range(report.fn.low[f], report.fn.high[f])), h('span', { class: 'soft' }, ' of 100 '), h('b', { class: `letter g${report.fn.grade[f] ?? ''}` }, report.fn.grade[f] ?? 'n/a'))),
    h('div', { class: 'code one' }, h('code', {}, text(f, 'id') ?? ''), h('button', { type: 'button', class: 'copy', 'aria-label': 'Copy the identifier' }, 'Copy')),
    because(f), strip(f), h('h2', {}, 'Callers and identity'), diagram(f), ...accessPaths(f),
    h('h2', {}, 'Findings ', h('span', { class: 'of' }, `${plural(quick.open[f], 'cause')} in ${plural(rows.length, 'finding')}; ${verdicts.F.length} of ${plural(decided, 'check')} with a verdict failed`)),
    ...(rows.length ? byRisk(rows, open) : [h('p', { class: 'empty-state' }, stuck.length ? 'No defect was proved. Some checks could not be decided: see below.' : 'No findings.')]),
    around(f),
    stuck.length > 0 && h('h2', {}, 'Unknown ', h('span', { class: 'of' }, `${plural(stuck.length, 'check')} of ${stuck.length + decided} could not be decided`)),
    ...(stuck.length ? unknowns(f, stuck) : []),
    h('h2', {}, 'Facts'), ...facets(f),
    h('h2', {}, 'Other verdicts'), folded('Passed', verdicts.P), folded('Does not apply', verdicts.N), folded('Not examined at this depth', verdicts.X), folded('Asked of its account or region instead', verdicts['-']),
  ].filter(Boolean);
}

/** @param {number} x a finding of a scope or a location */
export const findingPage = (x) => [
  h('p', { class: 'crumb' }, h('a', { href: address({ view: 'findings' }) }, 'Findings'), ' / ', h('span', {}, 'scope-wide')),
  h('h1', { tabindex: '-1' }, said(x, 'subject') || said(x, 'resource')),
  findingCard(x, true),
];
