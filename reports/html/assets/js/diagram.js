// @ts-check
/** Who calls a function, through what, and as whom it runs: a drawing of facts that were read, and its text. */
import { checkOf, detail, findingsOf, fingerprint, quick, report, SEVERITIES, text, titleOf } from './data.js';
import { h } from './dom.js';
import { address } from './route.js';
import { label, plural, visible } from './words.js';

/** @typedef {{caller: string, note: string, entry: string, auth: string, x: number, unknown: boolean}} Path */
/** @typedef {{x: number, y: number, w: number, lines: [string, string], kind: string}} Box */

const MOST_PATHS = 8;
const HIGH = 48;
const STEP = 64;

/** @param {string} tag @param {Record<string, string|number>} props @param {...(Node|string)} kids */
export function svg(tag, props, ...kids) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) made.setAttribute(name, String(value));
  made.append(...kids.map((kid) => (typeof kid === 'string' ? visible(kid) : kid)));
  return made;
}

/** The gravest finding of a function among these risks; -1 without one. @param {number} f @param {string[]} risks */
const gravest = (f, risks) => findingsOf(f).find((x) => risks.includes(checkOf(x).risk)) ?? -1;

/**
 * The ways into a function: endpoints, statements of its policies, event sources; and which of them were not read.
 * @param {number} f
 * @returns {Path[]}
 */
function paths(f) {
  const [open, event] = [gravest(f, ['exposure']), gravest(f, ['event-injection'])];
  const admits = (/** @type {string} */ reach) => /^public|cross|without|unrecognised/.test(reach ?? '');
  const endpoints = (detail(f, 'endpoints') ?? []).map((/** @type {any} */ row) => ({ caller: /^none$/i.test(row.auth) && admits(row.reach) ? 'Internet, unauthenticated' : label(row.reach ?? 'callers not read'), note: row.reach_reason ?? '',
    entry: String(row.url ?? 'Endpoint').replace(/^https?:\/\//, ''), auth: `authentication: ${label(row.auth ?? 'not read').toLowerCase()}`, x: admits(row.reach) ? open : -1, unknown: !row.reach }));
  const statements = (detail(f, 'invoke_reach')?.statements ?? []).filter((/** @type {any} */ row) => (row.effect ?? 'allow') === 'allow' && row.invokes !== false && !row.endpoint_only);
  const kinds = [...new Set(statements.map((/** @type {any} */ row) => row.reach))].map((reach) => {
    const own = statements.filter((/** @type {any} */ row) => row.reach === reach);
    return { caller: label(String(reach)), note: own[0].reason ?? '', entry: 'Invoke API', auth: plural(own.length, 'policy statement'), x: admits(String(reach)) ? open : -1, unknown: false };
  });
  const events = (detail(f, 'triggers') ?? []).filter((/** @type {any} */ row) => row.kind !== 'http').map((/** @type {any} */ row) => ({ caller: String(row.source ?? row.service ?? row.kind).split(/[:/]/).pop() ?? '', note: String(row.source ?? ''),
    entry: label(String(row.service ?? row.kind)), auth: `${row.via ?? 'event source'}${row.enabled === false ? ', disabled' : ''}`, x: event, unknown: false }));
  const unread = (detail(f, 'unknown_facts') ?? []).flatMap((/** @type {any} */ hole) => ['endpoints', 'invoke_reach', 'triggers'].filter((name) => hole.fields.some((/** @type {string} */ field) => field.split('.')[0] === name))
    .map((name) => ({ caller: 'Not read', note: label(hole.reason), entry: { endpoints: 'Endpoints', invoke_reach: 'Resource policy', triggers: 'Event sources' }[name] ?? name, auth: label(hole.reason).toLowerCase(), x: -1, unknown: true })));
  return [...endpoints, ...kinds, ...unread, ...events].sort((a, b) => weight(a) - weight(b));
}

/** @param {Path} path */
const weight = (path) => (path.x >= 0 ? quick.severity[path.x] : path.unknown ? 5 : 6);

/** @param {Box} box */
export function node({ x, y, w, lines, kind }) {
  const cut = (/** @type {string} */ words, /** @type {number} */ each) => (words.length > (w - 18) / each ? `${words.slice(0, Math.floor((w - 18) / each) - 1)}…` : words);
  return svg('g', { class: `node ${kind}` }, svg('title', {}, lines.filter(Boolean).join(': ')), svg('rect', { x, y, width: w, height: HIGH, rx: 8 }),
    svg('text', { x: x + 10, y: y + 20, class: 'strong' }, cut(lines[0], 8)), svg('text', { x: x + 10, y: y + 37 }, cut(lines[1], 6.8)));
}

/** A line with the severity of its finding in words, which leads there. @param {number} f @param {string} d @param {number} x @param {boolean} unknown @param {[number, number]} at */
function edge(f, d, x, unknown, at) {
  const kind = x >= 0 ? SEVERITIES[quick.severity[x]] ?? '' : unknown ? 'unknown' : '';
  const line = svg('path', { d, class: `edge ${kind}`, 'marker-end': 'url(#arrow)' });
  if (x < 0) return line;
  return svg('a', { href: address({ function: text(f, 'id') ?? '', finding: fingerprint(x) }), 'aria-label': visible(`${label(kind)}: ${titleOf(x)}`) }, svg('title', {}, `${label(kind)}: ${titleOf(x)}`), line,
    svg('text', { x: at[0], y: at[1], class: `sev-word ${kind}`, 'text-anchor': 'middle' }, label(kind)));
}

/** The drawing and, folded, its text. @param {number} f */
export function diagram(f) {
  const all = paths(f);
  const shown = all.length ? all.slice(0, MOST_PATHS) : [{ caller: 'No caller', note: '', entry: 'No endpoint, policy or event source', auth: 'none was found', x: -1, unknown: false }];
  const identity = detail(f, 'identity');
  const hole = (detail(f, 'unknown_facts') ?? []).some((/** @type {any} */ row) => row.fields.some((/** @type {string} */ field) => field.split('.')[0] === 'identity'));
  const power = gravest(f, ['over-privilege']);
  const who = /** @type {[string, string]} */ (identity ? [identity.name || identity.id, report.fn.traits[f] & 2 ? 'administrator permissions' : `${label(identity.kind ?? 'identity').toLowerCase()}${hole ? ', partly read' : ''}`] : [hole ? 'Not read' : 'No identity', '']);
  const narrow = matchMedia('(max-width: 720px)').matches;
  const [wide, entryAt] = narrow ? [150, 190] : [200, 290];
  const tall = shown.length * STEP;
  const own = narrow ? { x: 0, y: tall + 14, w: 340 } : { x: 580, y: (tall - STEP) / 2, w: 200 };
  const as = narrow ? { x: 0, y: tall + 102, w: 340 } : { x: 870, y: (tall - STEP) / 2, w: 200 };
  const parts = shown.flatMap((path, at) => {
    const [y, mid] = [at * STEP, at * STEP + HIGH / 2];
    const into = narrow ? `M340 ${mid}C366 ${mid} 366 ${own.y + 24} 344 ${own.y + 24}` : `M490 ${mid}C535 ${mid} 535 ${own.y + 24} 576 ${own.y + 24}`;
    return [node({ x: 0, y, w: wide, lines: [path.caller, path.note], kind: path.unknown ? 'unknown' : '' }), edge(f, `M${wide} ${mid}H${entryAt - 4}`, path.x, path.unknown, narrow ? [170, y + HIGH + 12] : [(wide + entryAt) / 2, mid - 6]),
      node({ x: entryAt, y, w: wide, lines: [path.entry, path.auth], kind: path.unknown ? 'unknown' : '' }), svg('path', { d: into, class: `edge ${path.x >= 0 ? SEVERITIES[quick.severity[path.x]] : path.unknown ? 'unknown' : ''}`, 'marker-end': 'url(#arrow)' })];
  });
  const [width, height] = narrow ? [370, as.y + HIGH + 4] : [1074, tall - STEP + HIGH + 4];
  const runs = narrow ? `M170 ${own.y + HIGH}V${as.y - 4}` : `M780 ${own.y + 24}H866`;
  const name = text(f, 'name') ?? '';
  const grade = report.fn.grade[f] ? `grade ${report.fn.grade[f]}` : '';
  const said = [...shown.map((path) => `${path.caller} → ${path.entry} (${path.auth}) → ${name}${path.x >= 0 ? `: ${SEVERITIES[quick.severity[path.x]]}, ${titleOf(path.x)}` : path.unknown ? ': not read' : ''}`),
    `${name} → runs as ${who.filter(Boolean).join(', ')}${power >= 0 ? `: ${SEVERITIES[quick.severity[power]]}, ${titleOf(power)}` : ''}`];
  return h('figure', { class: 'diagram' },
    svg('svg', { viewBox: `-2 -2 ${width + 4} ${height + 4}`, role: 'group', 'aria-label': visible(`Callers, endpoints and identity of ${name}`) },
      svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' }, svg('path', { d: 'M0 0L8 4L0 8z', fill: 'context-stroke' }))),
      ...parts, node({ ...own, lines: [name, [text(f, 'location'), grade].filter(Boolean).join(', ')], kind: 'own' }), edge(f, runs, power, hole, narrow ? [206, own.y + HIGH + 24] : [823, own.y + 18]), node({ ...as, lines: who, kind: hole ? 'unknown' : '' })),
    all.length > MOST_PATHS && h('figcaption', { class: 'soft' }, `${plural(all.length - MOST_PATHS, 'more caller')} under Facts.`),
    h('details', { class: 'as-text' }, h('summary', {}, 'The same in words'), h('ul', {}, said.map((line) => h('li', {}, line)))));
}
