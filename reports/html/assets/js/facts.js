// @ts-check
/**
 * Draws every fact of a function's row. Nothing here names the facts: a new field of the model is drawn as it comes,
 * under its own name; only a few cells know better. Each drawn value carries its path (`data-fact`).
 */
import { report } from './data.js';
import { h } from './dom.js';
import { pretty } from './finding.js';
import { label, number } from './words.js';

/** What the head of the page, or a section of its own, already shows. */
const ELSEWHERE = new Set(['id', 'name', 'cloud', 'scope', 'location', 'kind', 'owner', 'score', 'unknown_facts']);

/** Cells that know better than "as it comes", by path. @type {[RegExp, (value: any) => any][]} */
const CELLS = [
  [/^identity\.policies\[\]\.document$/, (place) => json(report.strings[place])],
  [/\.(document|text|condition)$/, (text) => json(text)],
  [/^endpoints\[\]\.auth$/, (auth) => h('span', { class: auth === 'none' ? 'over' : '' }, auth === 'none' ? 'Nothing' : label(auth))],
  [/\.(reach|worst)$/, (reach) => h('span', { class: /^public/.test(reach) ? 'over' : '' }, label(reach))],
  [/\.secret_verdict$/, (verdict) => h('span', { class: verdict === 'secret' ? 'over' : '' }, label(verdict))],
  [/\.(power|privilege)$/, (power) => h('span', { class: /owner|admin/.test(power) ? 'over' : '' }, label(power))],
  [/(^|\.)(kind|via|level|origin|effect|state|confidence|verdict|package|direction|patching|coverage|conditions)$/, (word) => label(word)],
  [/\.(name|setting|variable|sid|qualifier|id|url|source|scope|sha256|uri|digest)$/, (name) => h('code', {}, name)],
];

/** @param {any} value */
const none = (value) => value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);
/** @param {any} value */
const object = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** @param {any} value */
const rows = (value) => Array.isArray(value) && value.some(object);
/** @param {string} path @param {string} name */
const below = (path, name) => (path ? `${path}.${name}` : name);
/** @param {any} words */
const json = (words) => h('details', {}, h('summary', {}, 'Show'), h('pre', { tabindex: '0' }, h('code', {}, pretty(typeof words === 'string' ? words : JSON.stringify(words)))));

/**
 * A value at a path: words for a scalar, lines for a list or a group.
 * @param {string} path
 * @param {any} value
 * @returns {any}
 */
function cell(path, value) {
  if (none(value)) return h('span', { class: 'soft', 'data-fact': path }, '–');
  if (object(value)) {
    const parts = Object.entries(value).filter(([, part]) => !none(part));
    return h('div', { class: 'lines' }, parts.map(([name, part]) => h('div', {}, h('span', { class: 'soft' }, `${label(name)}: `), cell(below(path, name), part))));
  }
  if (Array.isArray(value)) return h('div', { class: 'lines', 'data-fact': rows(value) ? null : path }, value.map((part) => h('div', {}, object(part) ? cell(`${path}[]`, part) : scalar(path, part))));
  return h('span', { 'data-fact': path }, scalar(path, value));
}

/** @param {string} path @param {any} value */
function scalar(path, value) {
  if (value === true || value === false) return value ? 'Yes' : 'No';
  if (typeof value === 'number' && !/document$/.test(path)) return number(value);
  if (Array.isArray(value)) return value.map(String).join(': ');
  const words = CELLS.find(([pattern]) => pattern.test(path));
  return words ? words[1](value) : String(value);
}

/**
 * A folded table.
 * @param {string} title
 * @param {any[]|null|undefined} list
 * @param {[string, (row: any) => any][]} columns
 */
export const section = (title, list, columns) => Boolean(list?.length) && h('details', { class: 'folded', open: list && list.length < 6 }, h('summary', {}, h('b', {}, title), h('span', { class: 'soft' }, number(list?.length ?? 0))),
  h('div', { class: 'scroll' }, h('table', { class: 'plain' }, h('thead', {}, h('tr', {}, columns.map(([name]) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, list?.map((row) => h('tr', {}, columns.map(([, words]) => h('td', {}, ...[words(row) ?? h('span', { class: 'soft' }, '–')].flat()))))))));

/** A table of like rows: a column for each field that any of them has. @param {string} path @param {any[]} list */
function table(path, list) {
  const names = [...new Set(list.flatMap((row) => Object.keys(row).filter((name) => !none(row[name]))))];
  return section(label(path.replaceAll('.', ' ')), list, names.map((name) => [label(name), (row) => cell(below(`${path}[]`, name), row[name])]));
}

/** A group of facts: its plain ones in one table, each list of rows in its own. @param {string} path @param {any} group */
function group(path, group) {
  /** @type {[string, any][]} */
  const plain = [];
  /** @type {[string, any[]][]} */
  const lists = [];
  const walk = (/** @type {string} */ at, /** @type {any} */ value) => {
    if (none(value)) return;
    if (rows(value)) lists.push([at, value]);
    else if (object(value)) Object.entries(value).forEach(([name, part]) => walk(below(at, name), part));
    else plain.push([at, value]);
  };
  walk(path, group);
  const shorter = (/** @type {string} */ at) => label(at.slice(path.length + (path && at.length > path.length ? 1 : 0)).replaceAll('.', ' ') || at);
  return [section(path ? label(path) : 'General', plain, [['Fact', ([at]) => shorter(at)], ['Value', ([at, value]) => cell(at, value)]]), ...lists.map(([at, list]) => table(at, list))];
}

/**
 * Every fact of a row, section by section.
 * @param {Record<string, any>} row
 */
export function factSections(row) {
  const shown = Object.entries(row).filter(([name]) => !ELSEWHERE.has(name));
  const general = Object.fromEntries(shown.filter(([, value]) => !object(value) && !rows(value)));
  if (row.tags) general.tags = Object.entries(row.tags);
  const parts = shown.filter(([name, value]) => name !== 'tags' && (object(value) || rows(value)));
  return [...group('', general), ...parts.flatMap(([name, value]) => group(name, value))];
}
