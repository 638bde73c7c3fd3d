// @ts-check
/** Builds elements. Text only ever becomes text nodes; links only ever lead into this page. */
import { label, visible } from './words.js';

/** @typedef {Node|string|number|null|undefined|false} Child */

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = new Set(['critical', 'high', 'medium', 'low', 'pass', 'unknown']);

/**
 * An element with attributes and children; `onclick` and the like take functions, false and null leave out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Child|Child[])} kids
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...kids) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || (value === false && !name.startsWith('aria-'))) continue;
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (name === 'href' && !String(value).startsWith('#')) throw new Error('a link would leave the report');
    else made.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : name === 'href' ? value : visible(value));
  }
  for (const kid of kids.flat()) {
    if (kid === false || kid === null || kid === undefined) continue;
    made.append(kid instanceof Node ? kid : visible(kid));
  }
  return made;
}

/** @param {string} name */
export function icon(name) {
  const shape = SHAPES.has(name) ? name : 'informational';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `i i-${shape}`);
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${shape}`);
  svg.append(use);
  return svg;
}

/** @param {string} name */
export const severity = (name) => h('span', { class: `sev ${name}` }, icon(name), label(name));

/**
 * Text to quote or paste, with a copy button.
 * @param {string} text
 * @param {string} what
 */
export const code = (text, what) =>
  h('div', { class: 'code' }, h('pre', { tabindex: '0' }, h('code', {}, text.split(/(\s+)/).map((part) => (part.includes('-') ? h('span', { class: 'word' }, part) : part)))),
    h('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${what}` }, 'Copy'));

/**
 * Label and value pairs; a null value is left out.
 * @param {string} kind
 * @param {([string, Child|Child[]]|null)[]} pairs
 */
export const facts = (kind, pairs) =>
  h('dl', { class: `facts ${kind}` },
    pairs.map((pair) => pair && h('div', {}, h('dt', {}, pair[0]), h('dd', {}, ...[pair[1]].flat()))));

/** @param {string} text */
export function say(text) {
  const place = document.getElementById('said');
  if (place) place.textContent = visible(text);
}

/** Copies what is shown, not what was hidden in it: a pasted command is the one that was read. */
export function copying() {
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button.copy') : null;
    const source = button?.parentElement?.querySelector('code');
    if (!button || !source) return;
    const done = await put(source);
    button.textContent = done ? 'Copied' : 'Selected';
    say(done ? 'Copied to the clipboard' : 'Selected: press Ctrl+C to copy');
    setTimeout(() => (button.textContent = 'Copy'), 1600);
  });
}

/** @param {Element} source */
async function put(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    // no clipboard permission here (an old browser, a sandboxed frame): leave the text selected instead
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
