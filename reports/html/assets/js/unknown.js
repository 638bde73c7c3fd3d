// @ts-check
/** Verdicts of a function that are not failures: unknown with what is missing, passed, not asked. */
import { report, undecided } from './data.js';
import { code, h, icon } from './dom.js';
import { label, plural } from './words.js';

/** @typedef {import('./data.js').Check} Check */

/**
 * The checks of a function by verdict code.
 * @param {number} f
 * @returns {Record<string, Check[]>}
 */
export function verdictsOf(f) {
  const row = report.verdicts.rows[report.verdicts.fn[f]] ?? '-'.repeat(report.head.checks.length);
  /** @type {Record<string, Check[]>} */
  const groups = { P: [], F: [], U: [], N: [], X: [], '-': [], o: [] };
  [...row].forEach((letter, at) => groups[undecided(letter, report.head.checks[at]) ? 'U' : letter].push(report.head.checks[at]));
  return groups;
}

/** What one answer holds: said of one function, it is not true of another. */
const OF_ITS_SUBJECT = new Set(['MALFORMED', 'UNRECOGNISED']);

/**
 * The permission that is missing: only a refusal says that one is.
 * @param {{reason?: string, permission?: string|null}} gap
 */
export const denied = (gap) => (gap.reason === 'DENIED' && gap.permission) || null;

/**
 * Unknown verdicts, one block for each missing answer.
 * @param {number} f
 * @param {Check[]} checks
 */
export function unknowns(f, checks) {
  /** @type {Map<string, {cause: Partial<import('./data.js').Unknown>, checks: Check[]}>} */
  const causes = new Map();
  for (const check of checks) {
    const found = report.head.unknowns.filter((row) => row.check_id === check.id && row.fn.some(([first, last]) => first <= f && f <= last));
    /** @type {Partial<import('./data.js').Unknown>[]} */
    const told = found.length ? found : [{ reason: '', advice: 'The report names no cause for these.' }];
    for (const cause of told) {
      const key = [cause.reason, cause.operation, cause.permission, OF_ITS_SUBJECT.has(cause.reason ?? '') ? cause.message : ''].join(' ');
      if (!causes.has(key)) causes.set(key, { cause, checks: [] });
      causes.get(key)?.checks.push(check);
    }
  }
  return [...causes.values()].map(({ cause, checks: stuck }) => h('div', { class: 'cause' },
    h('p', {}, icon('unknown'), h('code', {}, cause.operation || 'No call named'), h('b', {}, cause.reason ? ` ${label(cause.reason).toLowerCase()}` : ''),
      denied(cause) && ' · needs ', denied(cause) && h('code', {}, denied(cause))),
    h('ul', {}, stuck.map((check) => h('li', {}, check.title))),
    h('p', { class: 'soft' }, cause.message ? `${cause.message} ` : '', cause.advice ?? ''),
    grantOf(denied(cause))));
}

/** @param {string|null|undefined} permission */
export function grantOf(permission) {
  const grant = permission ? report.head.grants[permission] : null;
  return grant && h('details', { class: 'grant' }, h('summary', {}, `How to grant ${permission}`), code(grant.statement, 'the statement'), code(grant.command, 'the command'));
}

/**
 * Checks that need no action, folded.
 * @param {string} title
 * @param {Check[]} checks
 */
export const folded = (title, checks) => checks.length > 0 && h('details', { class: 'folded' },
  h('summary', {}, h('b', {}, title), h('span', { class: 'soft' }, plural(checks.length, 'check'))),
  h('ul', { class: 'columns' }, checks.map((check) => h('li', {}, check.title))));
