// @ts-check
/** Starts the page: unpacks the data, then shows what the URL says. */
import { findingAt, functionAt, load, report } from './data.js';
import { copying, h } from './dom.js';
import { findingPage, functionPage } from './function.js';
import { printing } from './print.js';
import { address, go, read, remember } from './route.js';
import { show, stop } from './tables.js';
import { trending } from './trends.js';
import { plural, visible } from './words.js';

const DRAWN = ['overview', 'accounts', 'checks', 'frameworks', 'coverage', 'about'];
const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const title = document.title;
let before = '';

/** @param {{quiet?: boolean, y?: number|null}} [how] */
function render({ quiet = false, y = null } = {}) {
  const state = read();
  const view = state.function || state.finding ? 'detail' : state.view || 'overview';
  const table = view === 'overview' || view === 'functions' || view === 'findings';
  theme(state.theme);
  for (const name of DRAWN) at(`view-${name}`).hidden = view !== name;
  at('workspace').hidden = !table;
  at('detail').hidden = view !== 'detail';
  for (const link of document.querySelectorAll('nav [data-view]')) {
    const here = link.getAttribute('data-view') === (view === 'detail' ? (state.function ? 'functions' : 'findings') : view);
    link.toggleAttribute('aria-current', false);
    if (here) mark(link);
  }
  document.title = title;
  if (table) show(at('workspace'), state);
  else stop();
  if (view === 'detail') showDetail(state);
  if (!quiet) settle(state, view, y);
  before = `${view} ${state.function}`;
}

/** Marks a part of the report as the one shown; on a narrow screen the bar scrolls to it. @param {Element} link */
function mark(link) {
  link.setAttribute('aria-current', 'page');
  const [bar, own] = [/** @type {Element} */ (link.parentElement), link.getBoundingClientRect()];
  const [left, right] = [own.left - bar.getBoundingClientRect().left, own.right - bar.getBoundingClientRect().right];
  if (left < 0 || right > 0) bar.scrollLeft += left < 0 ? left : right;
}

/** @param {import('./route.js').State} state */
function showDetail(state) {
  const [f, x] = [state.function ? functionAt(state.function) : -1, state.finding ? findingAt(state.finding) : -1];
  const page = f >= 0 ? functionPage(f, state.finding) : x >= 0 && report.found.fn[x] < 0 ? findingPage(x) : x >= 0 ? functionPage(report.found.fn[x], state.finding)
    : [h('h1', { tabindex: '-1' }, 'Not in this report'), h('p', { class: 'empty-state' }, 'The link names a function or a finding that this report does not hold. It may have been repaired, or removed. ', h('a', { href: address({ view: 'functions' }) }, 'See all functions'))];
  at('detail').replaceChildren(...page);
  document.title = visible(`${at('detail').querySelector('h1')?.textContent} · ${title}`);
}

/**
 * Puts the reader where they were, or where the link leads.
 * @param {import('./route.js').State} state
 * @param {string} view
 * @param {number|null} y
 */
function settle(state, view, y) {
  const check = view === 'checks' && state.check ? document.getElementById(`check-${state.check}`) : null;
  if (check instanceof HTMLDetailsElement) check.open = true;
  const target = view === 'detail' && state.finding ? document.getElementById(`finding-${state.finding}`) : check;
  if (y !== null) scrollTo(0, y);
  else if (target) target.scrollIntoView({ block: 'start' });
  else if (view === 'overview' && state.table) at('workspace').scrollIntoView({ block: 'start' });
  else if (before !== `${view} ${state.function}` || !state.q) scrollTo(0, 0);
  if (view === 'detail') (target?.querySelector('summary') ?? at('detail').querySelector('h1'))?.focus({ preventScroll: true });
  else if (check) check.querySelector('summary')?.focus({ preventScroll: true });
  else if (before.startsWith('detail')) /** @type {HTMLElement|null} */ (at('workspace').querySelector('.grid'))?.focus({ preventScroll: true });
}

/** @param {string} name */
function theme(name) {
  if (name === 'dark' || name === 'light') document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

function keyboard() {
  addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, select, textarea');
    if (event.key === 'Escape' && typing instanceof HTMLInputElement) typing.blur();
    if (event.key === 'ArrowDown' && typing instanceof HTMLInputElement) /** @type {HTMLElement|null} */ (at('workspace').querySelector('.grid'))?.focus();
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (at('workspace').hidden) go({ view: 'functions', function: '', finding: '' });
    const field = /** @type {HTMLInputElement} */ (at('workspace').querySelector('input[type=search]'));
    at('workspace').scrollIntoView({ block: 'start' });
    field.focus({ preventScroll: true });
    field.select();
  });
}

/** Narrows the list of checks to those that hold every word. */
function checkSearch() {
  const field = /** @type {HTMLInputElement} */ (at('find-check'));
  const rows = [...document.querySelectorAll('.check-row')].map((row) => /** @type {HTMLElement} */ (row));
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.words?.includes(word));
    for (const group of document.querySelectorAll('.check-group')) group.toggleAttribute('hidden', !group.querySelector('.check-row:not([hidden])'));
    at('checks-count').textContent = words.length ? `${rows.filter((row) => !row.hidden).length} of ${plural(rows.length, 'check')}` : '';
  });
}

async function start() {
  history.scrollRestoration = 'manual';
  copying();
  printing();
  keyboard();
  checkSearch();
  trending();
  at('theme').addEventListener('click', () => {
    const dark = read().theme ? read().theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    go({ theme: dark ? 'light' : 'dark' }, true);
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    remember(); // the address on a printed link leaves the theme out: it is added on the way
    event.preventDefault();
    const target = address(Object.fromEntries(new URLSearchParams(link.getAttribute('href')?.slice(1))));
    history.pushState(null, '', target);
    render();
  });
  addEventListener('route', (event) => render({ quiet: /** @type {CustomEvent} */ (event).detail.quiet }));
  addEventListener('popstate', (event) => render({ y: event.state?.y ?? null }));
  try {
    await load();
  } catch (reason) {
    at('trouble').hidden = false;
    at('trouble').textContent = `The tables could not be unpacked (${visible(reason)}). The overview, checks and coverage below are complete; a browser of 2023 or later shows the rest.`;
    return;
  }
  render({ y: history.state?.y ?? null });
  document.documentElement.dataset.ready = plural(report.found.count, 'finding');
}

await start();
