// @ts-check
/** Paper: what the filters show, in full, up to a limit that is said. */
import { h } from './dom.js';
import { read } from './route.js';
import { chosen, inWords } from './tables.js';
import { number, plural } from './words.js';

const MOST = 2000;

/** Draws the rows before printing and takes them away after; folded findings of a page are printed open. */
export function printing() {
  const paper = /** @type {HTMLElement} */ (document.getElementById('paper'));
  document.documentElement.classList.add('scripted');
  document.documentElement.style.setProperty('--running', JSON.stringify(document.querySelector('.running')?.textContent ?? '')); // the head of each printed page
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('#detail details.finding:not([open]), #detail details.also:not([open]), #detail .as-text:not([open])')].map((fold) => /** @type {HTMLDetailsElement} */ (fold));
    for (const fold of opened) {
      fold.open = true;
      fold.dispatchEvent(new Event('fill')); // its own toggle event would come after the page is printed
    }
    paper.replaceChildren(...sheet());
  });
  addEventListener('afterprint', () => {
    for (const fold of opened) fold.open = false;
    paper.replaceChildren();
  });
}

function sheet() {
  const state = read();
  const tabled = !state.function && !state.finding && ['', 'overview', 'functions', 'findings'].includes(state.view);
  if (!tabled) return [];
  const table = chosen(state);
  const shown = table.flat.slice(0, MOST);
  const left = table.flat.length - shown.length;
  const words = inWords(state);
  return [
    h('h2', {}, table.kind === 'functions' ? 'Functions' : state.each ? 'Findings' : 'Findings by cause'),
    h('p', {}, `${number(table.flat.length)} of ${plural(table.all, table.unit)}${words ? ` with ${words}` : ''}. `,
      left ? `The first ${number(MOST)} are printed; ${number(left)} are left out: narrow the filters, or see report.json.` : 'All of them are printed.'),
    h('table', { class: `plain paper ${table.kind}` }, h('thead', {}, h('tr', {}, table.columns.map((column) => h('th', { scope: 'col' }, column.title)))),
      h('tbody', {}, shown.map((row) => h('tr', {}, table.columns.map((column) => h('td', { class: `c-${column.key}` }, ...[column.cell(row)].flat())))))),
  ];
}
