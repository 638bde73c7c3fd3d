// @ts-check
/** One finding: what is wrong, why it matters, what proves it, how to repair it. */
import { finding, fingerprint, firstSeen, functionsOf, inCause, report, subjectOf, text, titleOf } from './data.js';
import { code, facts, h, severity } from './dom.js';
import { ticket, toClipboard } from './export.js';
import { address } from './route.js';
import { day, label, plural } from './words.js';

/**
 * A finding that folds out.
 * @param {number} x
 * @param {boolean} open
 */
export function findingCard(x, open) {
  const row = finding(x);
  const body = h('div', { class: 'body' });
  const card = h('details', { class: `finding ${row.severity}`, id: `finding-${row.fingerprint}`, open, ontoggle: fill, onfill: fill },
    h('summary', {}, h('span', { class: 'lead-in' }, severity(row.severity)),
      h('span', { class: 'what' }, h('b', {}, row.title), h('span', { class: 'soft' }, row.message))), body);
  function fill() {
    if (/** @type {HTMLDetailsElement} */ (card).open && !body.childNodes.length) body.append(...inside(row));
  }
  if (open) fill();
  return card;
}

/** @param {ReturnType<typeof finding>} row */
function inside(row) {
  const left = h('div', { class: 'story' },
    h('p', { class: 'statement' }, row.message),
    h('h4', {}, 'Why it matters'), h('p', {}, row.check.why || row.check.summary || 'No explanation was recorded for this check.'),
    h('h4', {}, 'Evidence'), row.evidence.length ? row.evidence.map(proof) : h('p', { class: 'empty-state' }, 'No evidence was recorded.'));
  const right = h('div', { class: 'repair' }, h('h4', {}, 'Fix'), fixes(row),
    facts('small', [
      report.found.waived[row.at] ? ['Waived', `until ${day(report.found.waived[row.at].expires)}: ${report.found.waived[row.at].reason}`] : null,
      firstSeen(row.at) ? ['First seen', `${day(/** @type {string} */ (firstSeen(row.at)))}${report.found.new.has(row.at) ? ', new in this run' : ''}`] : null,
      ['Cause', causeOf(row)],
      ['Check', h('a', { href: address({ view: 'checks', check: row.check.id }) }, row.check.id)],
      ['Risk', label(row.risk)],
      ['Confidence', row.confidence ? label(row.confidence) : h('span', { class: 'unread' }, 'not recorded')],
      ['Where', row.locus ? h('code', {}, row.locus) : 'the function as a whole'],
      ['Controls', row.controls.join(', ') || 'none mapped'],
      ['Weakness', row.check.cwe ? `CWE-${row.check.cwe}` : 'none mapped'],
      ['Fingerprint', h('a', { href: address({ function: row.f < 0 ? '' : (text(row.f, 'id') ?? ''), finding: row.fingerprint }), title: 'Link to this finding' }, h('code', {}, row.fingerprint))],
    ]), report.strings[report.causes.breaks[report.found.cause[row.at]]] && h('p', { class: 'breaks' }, h('b', {}, 'What could break. '), report.strings[report.causes.breaks[report.found.cause[row.at]]]),
  h('p', { class: 'take' }, h('button', { type: 'button', class: 'link', onclick: () => toClipboard(ticket(row.at), 'ticket') }, 'Copy as ticket'), h('button', { type: 'button', class: 'link', onclick: () => toClipboard(location.href.replace(/#.*/, '') + linkTo(row.at), 'link') }, 'Copy link')));
  return [left, right];
}

/** @param {number} x */
const linkTo = (x) => address({ function: report.found.fn[x] < 0 ? '' : (text(report.found.fn[x], 'id') ?? ''), finding: fingerprint(x) });

/** The cause of a finding, and the other findings that the same change closes. @param {ReturnType<typeof finding>} row */
function causeOf(row) {
  const cause = report.found.cause[row.at];
  const all = inCause(cause);
  if (all.length === 1) return 'this finding alone';
  const others = all.filter((x) => x !== row.at);
  return [row.at === all[0] ? 'this finding leads; the same change closes ' : 'one change closes it and ', h('a', { href: address({ view: 'findings', cause: row.fingerprint, each: '1' }) }, plural(others.length, 'other finding')),
    ` on ${plural(functionsOf(cause).length, 'function')}: `, ...others.slice(0, 4).flatMap((x, at) => [at ? ', ' : '', h('a', { href: linkTo(x) }, `${titleOf(x)} (${subjectOf(x)})`)]), others.length > 4 && ' …'];
}

/** @param {{source: string, detail: unknown}} item */
function proof(item) {
  const { detail } = item;
  let words = typeof detail === 'string' ? detail : JSON.stringify(detail, null, 2);
  if (/^[[{]/.test(words)) words = pretty(words);
  return h('figure', { class: 'proof' }, h('figcaption', {}, item.source || 'source not recorded'), h('pre', { tabindex: '0' }, h('code', {}, words)));
}

/** JSON laid out on lines; other text as it is. @param {string} words */
export function pretty(words) {
  try {
    return JSON.stringify(JSON.parse(words), null, 2);
  } catch {
    return words; // a trimmed quotation is no longer JSON
  }
}

let serial = 0;

/** @param {ReturnType<typeof finding>} row */
function fixes(row) {
  const forms = [['Text', row.words], ['CLI', row.command], ['Terraform', row.terraform]];
  const group = `fix-${++serial}`;
  const panels = forms.map(([name, words], at) => h('div', { role: 'tabpanel', id: `${group}-${at}`, 'aria-label': name, hidden: at > 0 },
    !words ? h('p', { class: 'empty-state' }, `No ${name === 'Text' ? 'description' : `${name} equivalent`} was recorded for this repair.`)
      : name === 'Text' ? h('p', {}, words) : /^# [^\n]*$/.test(words) ? h('p', { class: 'empty-state' }, words.slice(2)) : code(words, `the ${name} fix`)));
  const tabs = forms.map(([name], at) => h('button', { type: 'button', role: 'tab', 'aria-controls': `${group}-${at}`, 'aria-selected': at === 0, tabindex: at ? '-1' : '0',
    onclick: () => choose(at), onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose((at + step + forms.length) % forms.length, true);
    } }, name));
  /** @param {number} chosen @param {boolean} [focus] */
  function choose(chosen, focus) {
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
      panels[at].hidden = at !== chosen;
    });
    if (focus) tabs[chosen].focus();
  }
  return h('div', { class: 'fix' }, h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Ways to fix it' }, tabs), panels);
}

