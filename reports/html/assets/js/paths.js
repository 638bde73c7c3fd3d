// @ts-check
/** What the identity of a function can become, and who can become it: paths from left to right, and their text. */
import { checkOf, detail, findingsOf, fingerprint, report, text, titleOf } from './data.js';
import { node, svg } from './diagram.js';
import { h } from './dom.js';
import { address } from './route.js';
import { label, plural, visible } from './words.js';

/** @typedef {{kind: string, severity: string, reaches: string, administrator: boolean, gains: string[], steps: {from: string, to: string, by: string}[], conditions: string[]}} AccessPath */

const MOST_DRAWN = 4;
const [WIDEST, GAP, TALL, ROOM] = [230, 84, 48, 1176];
const ESCALATION = ['escalation-path', 'exposure-path', 'role-takeover', 'role-admin'];
const TAKEOVER = ['function-takeover', 'code-writable-by-others', 'identity-usable-by-others', 'host-storage-writable-by-others'];

/** The name at the end of an ARN or of a resource's id. @param {string} id */
const endOf = (id) => (/^(arn:|\/)/.test(id) ? (id.split(/[/:]/).pop() ?? id) : id);

/** The steps after the function: an exposure begins with the call and the identity. @param {AccessPath} path */
const ownSteps = (path) => (path.kind === 'exposure' ? path.steps.slice(2) : path.steps);

/** A path in words: from the internet, from the identity of a function, or to the function. @param {AccessPath} path @param {string} name @param {boolean} called */
function pathInWords(path, name, called) {
  const gained = path.gains.length ? ` (${path.gains.join('; ')})` : path.administrator ? ' (administrator of the account)' : '';
  const ending = path.kind === 'takeover' ? ` and so takes over ${name}` : `: ${path.kind === 'escalation' ? 'it becomes ' : ''}${endOf(path.reaches)}${gained}`;
  return `${called ? `Internet → ${name} → ` : ''}${endOf(ownSteps(path)[0].from)} ${ownSteps(path).map((step) => step.by).join(', then ')}${ending}${path.conditions.length ? `, if this holds: ${path.conditions.join('; ')}` : ''}`;
}

/**
 * One path as a drawing; its first line leads to the finding of it. A function that the internet calls begins with that.
 * @param {number} f @param {AccessPath} path @param {number} x
 */
function drawnPath(f, path, x) {
  const [kind, name, inward, own] = [path.severity, text(f, 'name') ?? '', path.kind === 'takeover', ownSteps(path)];
  const called = path.kind === 'exposure' || (!inward && Boolean(report.fn.traits[f] & 1));
  /** @type {[string, string][]} */
  const stops = [...(called ? /** @type {[string, string][]} */ ([['Internet', 'unauthenticated callers'], [name, 'function']]) : []), [endOf(own[0].from), inward ? 'principal' : 'identity of this function'], ...own.map((step, at) => /** @type {[string, string]} */ ([inward && at === own.length - 1 ? name : endOf(step.to), step.by]))];
  const narrow = matchMedia('(max-width: 720px)').matches;
  const w = narrow ? 340 : Math.min(WIDEST, (ROOM - GAP * (stops.length - 1)) / stops.length);
  const place = (/** @type {number} */ at) => (narrow ? { x: 0, y: at * (TALL + 26), w } : { x: at * (w + GAP), y: 0, w });
  const nodes = stops.map((lines, at) => node({ ...place(at), lines, kind: at === (inward ? stops.length - 1 : called ? 1 : 0) ? 'own' : '' }));
  const lines = stops.slice(1).map((_, at) => {
    const from = place(at);
    const d = narrow ? `M170 ${from.y + TALL}V${from.y + TALL + 22}` : `M${from.x + w} ${TALL / 2}H${from.x + w + GAP - 4}`;
    const line = svg('path', { d, class: `edge ${kind}`, 'marker-end': 'url(#arrow)' });
    if (at) return line;
    const word = svg('text', { x: narrow ? 206 : from.x + w + GAP / 2, y: narrow ? from.y + TALL + 17 : TALL / 2 - 6, class: `sev-word ${kind}`, 'text-anchor': 'middle' }, label(kind));
    return x < 0 ? svg('g', {}, line, word) : svg('a', { href: address({ function: text(f, 'id') ?? '', finding: fingerprint(x) }), 'aria-label': visible(`${label(kind)}: ${titleOf(x)}`) }, svg('title', {}, `${label(kind)}: ${titleOf(x)}`), line, word);
  });
  const [width, height] = narrow ? [344, stops.length * (TALL + 26) - 26] : [stops.length * (w + GAP) - GAP, TALL];
  const said = pathInWords(path, name, called);
  return h('figure', { class: 'diagram path' },
    svg('svg', { viewBox: `-2 -2 ${width + 4} ${height + 4}`, width: Math.round(width + 4), role: 'group', 'aria-label': visible(said) }, ...lines, ...nodes),
    h('figcaption', { class: 'soft' }, said));
}

/** @param {number} f @param {AccessPath[]} paths @param {string[]} checks */
function drawings(f, paths, checks) {
  const x = checks.map((id) => findingsOf(f).find((each) => checkOf(each).id === id)).find((each) => each !== undefined) ?? -1;
  return [...paths.slice(0, MOST_DRAWN).map((path) => drawnPath(f, path, x)), paths.length > MOST_DRAWN && h('p', { class: 'soft' }, `${plural(paths.length - MOST_DRAWN, 'more path')} under Facts.`)];
}

/** The paths of a function: nothing where none is known. @param {number} f */
export function accessPaths(f) {
  const more = detail(f, 'more') ?? {};
  const of = (/** @type {string} */ kind) => /** @type {AccessPath[]} */ ((more.paths ?? []).filter((/** @type {AccessPath} */ path) => path.kind === kind && path.steps.length));
  const [onward, inward, exposed] = [of('escalation'), of('takeover'), of('exposure')];
  const able = [...new Set((more.capabilities ?? []).map((/** @type {any} */ each) => `${label(each.capability).toLowerCase()} (${each.scope === 'resource' ? 'single resources' : each.scope === 'set' ? 'a set of resources' : 'everything'}${each.conditional ? ', under a condition' : ''})`))];
  if (!onward.length && !inward.length && !exposed.length && !able.length) return [];
  return [
    h('h2', {}, 'What its identity can do, and who can take it over'),
    h('p', { class: 'soft' }, more.effective_permissions?.before?.length ? `Not considered: ${more.effective_permissions.before.join(', ')}. ` : '', able.length ? `Capabilities: ${able.join(', ')}.` : 'No sensitive capability.'),
    ...(onward.length ? [h('h3', {}, 'Privilege escalation'), ...drawings(f, onward, ESCALATION)] : []),
    ...(exposed.length && !onward.length ? [h('h3', {}, 'Exposure'), ...drawings(f, exposed, ['exposure-path'])] : []), // it ends as an escalation does
    ...(inward.length ? [h('h3', {}, `Takeover: ${plural(more.effective_permissions?.takers ?? inward.length, 'principal')}`), ...drawings(f, inward, TAKEOVER)] : []),
  ].filter(Boolean);
}
