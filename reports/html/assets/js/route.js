// @ts-check
/** The state of the page is its URL's fragment: every view has an address and the back button works. */

/** @typedef {Record<string, string>} State */

const KEYS = ['view', 'table', 'function', 'finding', 'q', 'cloud', 'scope', 'location', 'risk', 'severity', 'status', 'check', 'trait', 'cause', 'owner', 'since', 'control', 'each', 'group', 'sort', 'theme'];
export const VIEWS = ['overview', 'functions', 'findings', 'accounts', 'checks', 'frameworks', 'coverage', 'about'];
export const FILTERS = ['q', 'cloud', 'scope', 'location', 'risk', 'severity', 'status', 'check', 'trait', 'cause', 'owner', 'since', 'control'];

/** @returns {State} */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  /** @type {State} */
  const state = {};
  for (const key of KEYS) state[key] = given.get(key) ?? '';
  if (!VIEWS.includes(state.view)) state.view = ''; // a mistyped address leads to the overview
  if (state.check && !state.view && !state.table && !state.function && !state.finding) state.view = 'checks';
  return state;
}

/**
 * The address of a state. The theme travels along.
 * @param {Partial<State>} state
 */
export function address(state) {
  const made = new URLSearchParams();
  const whole = { theme: read().theme, ...state };
  for (const key of KEYS) if (whole[key]) made.set(key, String(whole[key]));
  return `#${made}`;
}

/**
 * Changes part of the state. `quiet` replaces the history entry (typing), else it adds one.
 * @param {Partial<State>} change
 * @param {boolean} [quiet]
 */
export function go(change, quiet = false) {
  const target = address({ ...read(), ...change });
  remember();
  history[quiet ? 'replaceState' : 'pushState'](quiet ? history.state : null, '', target);
  dispatchEvent(new CustomEvent('route', { detail: { quiet } }));
}

/** Keeps the place on the page with the history entry, for the way back. */
export const remember = () => history.replaceState({ ...history.state, y: scrollY }, '');
