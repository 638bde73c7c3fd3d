// @ts-check
/** Takes away what is shown: CSV, Markdown, a link, a ticket. Nothing leaves the machine: files are made here. */
import { accountOf, finding, functionsOf, inCause, placeOf, quick, report, SEVERITIES, subjectOf, text, titleOf } from './data.js';
import { h, say } from './dom.js';
import { label, plural, range, visible } from './words.js';

/** @typedef {ReturnType<typeof import('./tables.js').chosen>} Chosen */

/**
 * One cell of CSV. A spreadsheet takes a cell that begins with one of these for a formula: it is quoted with '.
 * @param {unknown} value
 */
export function csvCell(value) {
  const words = visible(value ?? '');
  return `"${(/^\s*[=+\-@\t\r]/.test(words) ? `'${words}` : words).replaceAll('"', '""')}"`;
}

/** @param {unknown} value */
const markdownCell = (value) => visible(value ?? '').replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s*\n\s*/g, ' ');

/** The columns of a function's line. @type {[string, (f: number) => unknown][]} */
const FUNCTION_FIELDS = [
  ['name', (f) => text(f, 'name')], ['cloud', (f) => text(f, 'cloud')], ['account', accountOf], ['region', (f) => text(f, 'location')], ['owner', (f) => text(f, 'owner')],
  ['score', (f) => range(report.fn.low[f], report.fn.high[f])], ['grade', (f) => report.fn.grade[f]], ['worst', (f) => SEVERITIES[quick.worst[f]]], ['causes', (f) => quick.open[f]],
  ['unknown', (f) => quick.unknown[f]], ['reach', (f) => text(f, 'reach')], ['identity', (f) => text(f, 'identity_name')], ['runtime', (f) => text(f, 'runtime')],
  ['end_of_support', (f) => text(f, 'runtime_end_of_life')], ['id', (f) => text(f, 'id')],
];

/** The columns of a finding's line. @param {boolean} each @returns {[string, (x: number) => unknown][]} */
const findingFields = (each) => [
  ['severity', (x) => SEVERITIES[each ? quick.severity[x] : quick.grave[report.found.cause[x]]]], ['title', titleOf], ['message', (x) => finding(x).message], ['function', subjectOf],
  ['cloud', (x) => placeOf(x)[0]], ['account', (x) => placeOf(x)[1]], ['region', (x) => placeOf(x)[2]], ['owner', (x) => (report.found.fn[x] < 0 ? '' : text(report.found.fn[x], 'owner'))],
  ['risk', (x) => finding(x).risk], ['check', (x) => finding(x).check.id], ['cwe', (x) => (finding(x).check.cwe ? `CWE-${finding(x).check.cwe}` : '')], ['controls', (x) => finding(x).controls.join(' ')],
  ...(each ? [] : /** @type {[string, (x: number) => unknown][]} */ ([['findings', (x) => inCause(report.found.cause[x]).length], ['functions', (x) => functionsOf(report.found.cause[x]).length]])),
  ['fix', (x) => finding(x).words], ['fingerprint', (x) => finding(x).fingerprint],
];

/** @param {Chosen} table */
const fields = (table) => (table.kind === 'functions' ? FUNCTION_FIELDS : findingFields(table.unit === 'finding'));

/** What is shown, as CSV (RFC 4180). @param {Chosen} table */
const csv = (table) => [fields(table).map(([name]) => csvCell(name)).join(','), ...table.flat.map((row) => fields(table).map(([, value]) => csvCell(value(row))).join(','))].join('\r\n') + '\r\n';

/** What is shown, as a Markdown table. @param {Chosen} table @param {string} words */
function markdown(table, words) {
  const columns = fields(table).filter(([name]) => !['id', 'controls', 'fix'].includes(name));
  const line = (/** @type {unknown[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [`# ${plural(table.flat.length, table.unit)}${words ? ` with ${words}` : ''}`, '', `${document.title}. Run ${report.head.run}.`, '', line(columns.map(([name]) => label(name))), line(columns.map(() => '---')),
    ...table.flat.map((row) => line(columns.map(([, value]) => markdownCell(value(row)))))].join('\n') + '\n';
}

/**
 * One cause as a ticket: what is wrong, where, evidence, fix.
 * @param {number} x a finding of it
 */
export function ticket(x) {
  const cause = report.found.cause[x];
  const row = finding(report.causes.lead[cause]);
  const [cloud, account, region] = placeOf(row.at);
  const functions = functionsOf(cause);
  const fence = (/** @type {string} */ kind, /** @type {string|null} */ words) => (words ? ['', `${'`'.repeat(3)}${kind}`, visible(words), '`'.repeat(3)] : []);
  return [`# ${visible(row.title)} (${SEVERITIES[quick.grave[cause]]})`, '', visible(row.message), '', `- Where: ${label(cloud)} ${account}${region ? `, ${region}` : ''}`,
    ...(functions.length ? [`- Functions: ${functions.map((f) => visible(text(f, 'name'))).join(', ')}`] : [`- Subject: ${visible(subjectOf(row.at))}`]),
    `- Check: ${row.check.id}${row.check.cwe ? `, CWE-${row.check.cwe}` : ''}; risk: ${label(row.risk)}`, ...(row.controls.length ? [`- Controls: ${row.controls.join(', ')}`] : []),
    `- Findings: ${inCause(cause).map((each) => `${finding(each).check.id} (${finding(each).fingerprint})`).join(', ')}`, '', '## Why it matters', '', visible(row.check.why || row.check.summary || ''), '', '## Evidence', '',
    ...inCause(cause).flatMap((each) => finding(each).evidence.map((/** @type {any} */ item) => `- ${item.source}: ${'`'}${visible(typeof item.detail === 'string' ? item.detail : JSON.stringify(item.detail)).replaceAll('`', "'")}${'`'}`)),
    '', '## Fix', '', visible(row.words ?? ''), ...fence('sh', row.command), ...fence('hcl', row.terraform), ...(report.strings[report.causes.breaks[cause]] ? ['', `What could break: ${report.strings[report.causes.breaks[cause]]}`] : [])].join('\n') + '\n';
}

/** @param {string} words @param {string} name */
export async function toClipboard(words, name) {
  try {
    await navigator.clipboard.writeText(words);
    say(`Copied ${name} to the clipboard`);
  } catch {
    save(words, `${name.replaceAll(' ', '-')}.txt`, 'text/plain'); // no clipboard permission here: a file instead
  }
}

/** @param {string} words @param {string} name @param {string} type */
function save(words, name, type) {
  const address = URL.createObjectURL(new Blob([words], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.setAttribute('href', address);
  link.setAttribute('download', name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`Saved ${name}`);
}

/**
 * The buttons that take away what a table shows.
 * @param {Chosen} table @param {string} words
 */
export function takeaway(table, words) {
  const name = `auditor-${table.unit}s`;
  const button = (/** @type {string} */ title, /** @type {() => void} */ onclick) => h('button', { type: 'button', class: 'link', onclick }, title);
  return h('span', { class: 'take' }, button('CSV', () => save(csv(table), `${name}.csv`, 'text/csv')), button('Markdown', () => save(markdown(table, words), `${name}.md`, 'text/markdown')),
    button('Copy link', () => toClipboard(location.href, 'link')), button('Print', () => print()));
}
