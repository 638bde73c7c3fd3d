// @ts-check
/** A table of any length that draws only the rows in sight; the window scrolls, the keyboard walks. */
import { h, say } from './dom.js';

/**
 * @typedef {{key: string, title: string, sortable?: boolean, cell: (row: number) => import('./dom.js').Child|import('./dom.js').Child[]}} Column
 * @typedef {{kind: string, label: string, columns: Column[], rows: number[], heads: string[], sort: string, link: (row: number) => string,
 *   resort: (key: string) => void, active: number, onactive: (at: number) => void}} Table
 */

const SPARE = 8;

/**
 * @param {Table} table
 * @returns {{element: HTMLElement, draw: () => void, stop: () => void}}
 */
export function grid(table) {
  const { rows, columns } = table;
  const drawn = new Map();
  let active = Math.min(table.active, rows.length - 1);
  const body = h('div', { class: 'rows', role: 'rowgroup' });
  const element = h('div', { class: `grid ${table.kind}`, role: 'grid', tabindex: '0', 'aria-label': table.label,
    'aria-rowcount': rows.length + 1, 'aria-colcount': columns.length, onkeydown: keys, onfocus: () => mark(Math.max(active, 0), false) },
  h('div', { class: 'rowgroup-head', role: 'rowgroup' }, h('div', { class: 'row head', role: 'row', 'aria-rowindex': 1 }, columns.map(heading))), body);
  const height = () => parseInt(getComputedStyle(element).getPropertyValue('--row'), 10) || 44;

  /** @param {Column} column @param {number} at */
  function heading(column, at) {
    const on = table.sort.replace(/^-/, '') === column.key;
    const order = !on ? 'none' : table.sort.startsWith('-') ? 'descending' : 'ascending';
    return h('div', { role: 'columnheader', class: `c-${column.key}`, 'aria-colindex': at + 1, 'aria-sort': column.sortable === false ? null : order },
      column.sortable === false ? column.title
        : h('button', { type: 'button', onclick: () => table.resort(on && order === 'ascending' ? `-${column.key}` : column.key) },
          column.title, h('span', { class: 'order', 'aria-hidden': 'true' }, !on ? '' : order === 'ascending' ? '↑' : '↓')));
  }

  /** @param {number} at */
  function make(at) {
    if (rows[at] < 0) return put(h('div', { class: 'row group', role: 'row', id: `row-${at}`, 'aria-rowindex': at + 2, 'aria-selected': at === active },
      h('span', { role: 'gridcell', 'aria-colspan': columns.length }, h('b', {}, table.heads[-1 - rows[at]]))), at);
    const row = h('a', { class: 'row', role: 'row', id: `row-${at}`, tabindex: '-1', href: table.link(rows[at]), 'aria-rowindex': at + 2,
      'aria-selected': at === active }, columns.map((column, place) =>
      h('span', { role: 'gridcell', class: `c-${column.key}`, 'aria-colindex': place + 1 }, ...[column.cell(rows[at])].flat())));
    return put(row, at);
  }

  /** @param {HTMLElement} row @param {number} at */
  function put(row, at) {
    row.style.transform = `translateY(${at * height()}px)`;
    return row;
  }

  function draw() {
    const size = height();
    body.style.height = `${rows.length * size}px`;
    const top = -body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / size) - SPARE);
    const last = Math.min(rows.length - 1, Math.ceil((top + innerHeight) / size) + SPARE);
    for (const [at, row] of drawn) if ((at < first || at > last) && at !== active) { row.remove(); drawn.delete(at); }
    for (let at = first; at <= last; at++) if (!drawn.has(at)) place(at);
    if (active >= 0 && !drawn.has(active)) place(active);
  }

  /** @param {number} at */
  function place(at) {
    const row = make(at);
    drawn.set(at, row);
    const next = [...drawn.keys()].filter((other) => other > at).sort((a, b) => a - b)[0];
    body.insertBefore(row, next === undefined ? null : drawn.get(next));
  }

  /** @param {number} at @param {boolean} [scroll] */
  function mark(at, scroll = true) {
    if (!rows.length) return;
    drawn.get(active)?.setAttribute('aria-selected', 'false');
    active = Math.max(0, Math.min(rows.length - 1, at));
    table.onactive(active);
    if (!drawn.has(active)) draw();
    drawn.get(active)?.setAttribute('aria-selected', 'true');
    element.setAttribute('aria-activedescendant', `row-${active}`);
    if (scroll) reveal();
  }

  function reveal() {
    const size = height();
    const top = body.getBoundingClientRect().top + active * size;
    const roof = (/** @type {HTMLElement} */ (element.firstElementChild)).getBoundingClientRect().bottom;
    if (top < roof) scrollBy(0, top - roof);
    else if (top + size > innerHeight) scrollBy(0, top + size - innerHeight + 8);
    draw();
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / height()) - 3);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: rows.length - 1 };
    if (event.key in moves) mark(moves[/** @type {'Home'} */ (event.key)]);
    else if (event.key === 'Enter') drawn.get(active)?.click();
    else return;
    event.preventDefault();
    if (event.key !== 'Enter') say(`${table.label}, row ${active + 1} of ${rows.length}`);
  }

  addEventListener('scroll', draw, { passive: true });
  addEventListener('resize', redraw);
  function redraw() {
    for (const row of drawn.values()) row.remove();
    drawn.clear();
    draw();
  }
  return { element, draw, stop: () => { removeEventListener('scroll', draw); removeEventListener('resize', redraw); } };
}
