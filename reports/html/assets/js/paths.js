// @ts-check
/** What the identity of a function can become, and who can become it: paths from left to right, and their text. */
import { checkOf, detail, findingsOf, fingerprint, report, text, titleOf } from './data.js';
import { node, svg } from './diagram.js';
import { h } from './dom.js';
import { address } from './route.js';
import { label, plural, visible } from './words.js';

/** @typedef {{source: string, target: string, administrator: boolean, gains: string[], steps: {target: string, sentence: string}[], conditions: string[]}} AccessPath */

const MOST_DRAWN = 4;
const [WIDEST, GAP, TALL, ROOM] = [230, 84, 48, 1176];
const ESCALATION = ['escalation-path', 'exposure-path', 'role-takeover', 'role-admin'];
const TAKEOVER = ['function-takeover', 'code-writable-by-others', 'identity-usable-by-others', 'host-storage-writable-by-others'];

/** The name at the end of an ARN or of a resource's id. @param {string} id */
const endOf = (id) => (/^(arn:|\/)/.test(id) ? (id.split(/[/:]/).pop() ?? id) : id);

/** How grave it is to take a path. @param {AccessPath} path @param {boolean} onward */
const gravity = (path, onward) => (onward ? (path.administrator ? ['critical', 'high'] : ['high', 'medium'])[path.conditions.length ? 1 : 0] : path.conditions.length ? 'low' : 'medium');

/** A path in words. @param {AccessPath} path @param {string} ending */
const pathInWords = (path, ending) => `${endOf(path.source)} ${path.steps.map((step) => step.sentence).join(', then ')}${ending}${path.gains.length ? ` (${path.gains.join('; ')})` : path.administrator ? ' (administrator of the account)' : ''}${path.conditions.length ? `, if this holds: ${path.conditions.join('; ')}` : ''}`;

/**
 * One path as a drawing; its first line leads to the finding of it. A function that the internet calls begins with that.
 * @param {number} f @param {AccessPath} path @param {boolean} onward @param {number} x
 */
function drawnPath(f, path, onward, x) {
  const [kind, name, open] = [gravity(path, onward), text(f, 'name') ?? '', onward && Boolean(report.fn.traits[f] & 1)];
  /** @type {[string, string][]} */
  const stops = [...(open ? /** @type {[string, string][]} */ ([['Internet', 'unauthenticated callers'], [name, 'function']]) : []), [endOf(path.source), onward ? 'identity of this function' : 'principal'],
    ...path.steps.map((step, at) => /** @type {[string, string]} */ ([at === path.steps.length - 1 && (path.target || !onward) ? (onward ? endOf(path.target) : name) : endOf(step.target), step.sentence]))];
  const narrow = matchMedia('(max-width: 720px)').matches;
  const w = narrow ? 340 : Math.min(WIDEST, (ROOM - GAP * (stops.length - 1)) / stops.length);
  const place = (/** @type {number} */ at) => (narrow ? { x: 0, y: at * (TALL + 26), w } : { x: at * (w + GAP), y: 0, w });
  const nodes = stops.map((lines, at) => node({ ...place(at), lines, kind: at === (onward ? (open ? 1 : 0) : stops.length - 1) ? 'own' : '' }));
  const lines = stops.slice(1).map((_, at) => {
    const from = place(at);
    const d = narrow ? `M170 ${from.y + TALL}V${from.y + TALL + 22}` : `M${from.x + w} ${TALL / 2}H${from.x + w + GAP - 4}`;
    const line = svg('path', { d, class: `edge ${kind}`, 'marker-end': 'url(#arrow)' });
    if (at) return line;
    const word = svg('text', { x: narrow ? 206 : from.x + w + GAP / 2, y: narrow ? from.y + TALL + 17 : TALL / 2 - 6, class: `sev-word ${kind}`, 'text-anchor': 'middle' }, label(kind));
    return x < 0 ? svg('g', {}, line, word) : svg('a', { href: address({ function: text(f, 'id') ?? '', finding: fingerprint(x) }), 'aria-label': visible(`${label(kind)}: ${titleOf(x)}`) }, svg('title', {}, `${label(kind)}: ${titleOf(x)}`), line, word);
  });
  const [width, height] = narrow ? [344, stops.length * (TALL + 26) - 26] : [stops.length * (w + GAP) - GAP, TALL];
  const ends = { ...path, administrator: onward && path.administrator, gains: onward ? path.gains : [] };
  const said = `${open ? `Internet → ${name} → ` : ''}${pathInWords(ends, onward ? (path.target ? `: it becomes ${endOf(path.target)}` : '') : ` and so takes over ${name}`)}`;
  return h('figure', { class: 'diagram path' },
    svg('svg', { viewBox: `-2 -2 ${width + 4} ${height + 4}`, width: Math.round(width + 4), role: 'group', 'aria-label': visible(said) }, ...lines, ...nodes),
    h('figcaption', { class: 'soft' }, said));
}

/** @param {number} f @param {AccessPath[]} paths @param {boolean} onward @param {string[]} checks */
function drawings(f, paths, onward, checks) {
  const x = checks.map((id) => findingsOf(f).find((each) => checkOf(each).id === id)).find((each) => each !== undefined) ?? -1;
  return [...paths.slice(0, MOST_DRAWN).map((path) => drawnPath(f, path, onward, x)), paths.length > MOST_DRAWN && h('p', { class: 'soft' }, `${plural(paths.length - MOST_DRAWN, 'more path')} under Facts.`)];
}

/** The paths of a function: nothing where none is known. @param {number} f */
export function accessPaths(f) {
  const found = detail(f, 'more')?.effective_permissions;
  if (!found) return [];
  /** @type {[AccessPath[], AccessPath[]]} */
  const [onward, inward] = [found.escalation ?? [], found.takeover ?? []];
  const able = [...new Set((found.capabilities ?? []).map((/** @type {any} */ each) => `${label(each.kind).toLowerCase()} (${each.scope === 'resource' ? 'single resources' : each.scope === 'set' ? 'a set of resources' : 'everything'}${each.conditions?.length ? ', under a condition' : ''})`))];
  const before = found.before?.length ? `Not considered: ${found.before.join(', ')}. ` : '';
  if (!onward.length && !inward.length && !able.length) return [];
  const [worst] = found.capabilities ?? [];
  const does = worst && report.fn.traits[f] & 1 && !onward.length ? [{ source: detail(f, 'identity')?.name ?? '', target: '', administrator: worst.kind === 'administer', gains: worst.resources.slice(0, 3), conditions: worst.conditions ?? [], steps: [{ target: label(worst.kind), sentence: `can ${label(worst.kind).toLowerCase()}` }] }] : [];
  return [
    h('h2', {}, 'What its identity can do, and who can take it over'),
    h('p', { class: 'soft' }, before, able.length ? `Capabilities: ${able.join(', ')}.` : 'No sensitive capability.'),
    ...(onward.length ? [h('h3', {}, 'Privilege escalation'), ...drawings(f, onward, true, ESCALATION)] : []),
    ...(does.length ? [h('h3', {}, 'Exposure'), ...drawings(f, does, true, ['exposure-path'])] : []),
    ...(inward.length ? [h('h3', {}, `Takeover: ${plural(found.takers ?? inward.length, 'principal')}`), ...drawings(f, inward, false, TAKEOVER)] : []),
  ].filter(Boolean);
}
