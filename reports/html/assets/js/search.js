// @ts-check
/** Finds functions and findings by the field's words: names, messages, checks, CWE, controls, tags, and synonyms. */
import { checkOf, detail, fingerprint, report, text } from './data.js';
import { label } from './words.js';

/** What else a typed word means. @type {[RegExp, string[]][]} */
const ALSO = [
  [/^(unauth\w*|anonymous\w*|public\w*|expos\w*|internet[- ]facing|open)$/, ['unauthenticated', 'anonymous', 'public', 'without authentication']],
  [/^(eol|eos|end[- ]of[- ]life|end[- ]of[- ]support|deprecated|unsupported|outdated)$/, ['end of support', 'end of life', 'deprecated', 'no longer gets']],
  [/^(hard-?coded|plain-?text|plain[- ]?text secrets?|credentials?|passwords?|secrets?|api[- ]?keys?)$/, ['secret', 'credential', 'password', 'cwe-798']],
  [/^(least[- ]privilege|over-?privileged?|excessive permissions?|admin|administrator|privileged?)$/, ['over-privilege', 'administrator', 'wildcard', 'all actions', 'basic role']],
  [/^(denial[- ]of[- ]wallet|dow|cost|ddos|rate[- ]limit\w*|throttl\w*)$/, ['denial-of-wallet', 'concurrency', 'instance limit']],
  [/^(encryption|encrypted|cmek?|byok|customer[- ]managed)$/, ['encrypt', 'customer-managed', 'kms', 'cmk']],
  [/^(logging|monitoring|audit|observability)$/, ['monitoring', 'log ', 'logs', 'tracing']],
  [/^(supply[- ]chain|dependenc\w*|third[- ]party|vulnerab\w*|cves?)$/, ['third-party', 'layer', 'runtime', 'vulnerab', 'image']],
  [/^(confused deputy|source ?arn)$/, ['source condition', 'confused deputy', 'aws:sourcearn']],
  [/^(cross[- ]account|external|foreign)$/, ['cross-account', 'another account', 'external']],
  [/^(att&ck|attack|mitre)$/, ['mitre-attack']],
  [/^(dlq|dead[- ]letter\w*)$/, ['dead-letter', 'dlq', 'failure destination']],
  [/^(takeover|subdomain takeover|dangling)$/, ['dangling', 'unclaimed']],
];
const PHRASE = /"([^"]+)"|end of (?:life|support)|least privilege|excessive permissions?|plain ?text secrets?|api keys?|denial of wallet|supply chain|third party|confused deputy|cross account|dead letter|rate limit\w*|internet facing|customer managed|subdomain takeover|\S+/g;

/**
 * The terms of a query, each with its synonyms: a row fits where each term, or one of its synonyms, occurs.
 * @param {string} query
 * @returns {string[][]}
 */
export const terms = (query) => [...query.toLowerCase().matchAll(PHRASE)].map(([whole, quoted]) =>
  (quoted ? [quoted] : [whole, ...ALSO.filter(([typed]) => typed.test(whole)).flatMap(([, more]) => more)]));

/**
 * Does a word begin in the text with this? "nist" is not found in "administrator".
 * @param {string} hay @param {string} word
 */
function begins(hay, word) {
  for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + 1)) if (at === 0 || !/[a-z0-9]/.test(hay[at - 1])) return true;
  return false;
}

/** @type {string[]} */
let hays = [];
const COLUMNS = ['id', 'name', 'runtime', 'identity_name', 'reach', 'scope', 'cloud', 'location', 'owner'];

/** Everything of a function that is searched. @param {number} f */
function hay(f) {
  hays[f] ??= [...COLUMNS.map((column) => text(f, column) ?? ''), ...Object.entries(detail(f, 'tags') ?? {}).flat()].join('\n').toLowerCase();
  return hays[f];
}

/**
 * A test of findings for one term, and one of functions by their own facts.
 * @param {string[]} words
 */
function matcher(words) {
  const { found, strings } = report;
  const seen = new Int8Array(strings.length);
  const inString = (/** @type {number} */ at) => {
    if (!seen[at]) seen[at] = words.some((word) => begins(strings[at].toLowerCase(), word)) ? 1 : -1;
    return seen[at] > 0;
  };
  const shapes = found.shapes.map((/** @type {number[]} */ [check, title, severity, , risk, controls]) => {
    const { id, cwe } = report.head.checks[check];
    const own = [id, strings[title], strings[severity], strings[risk], label(strings[risk]), strings[controls], cwe ? `cwe-${cwe} cwe${cwe} cwe:${cwe}` : ''].join('\n').toLowerCase();
    return words.some((word) => begins(own, word));
  });
  const ownFacts = (/** @type {number} */ f) => f >= 0 && words.some((word) => hay(f).includes(word) || ['unauthenticated', 'administrator'].some((trait, bit) => trait.startsWith(word) && report.fn.traits[f] >> bit & 1));
  const foundIn = (/** @type {number} */ x) => shapes[found.shape[x]] || inString(found.message[x]) || inString(found.locus[x]) || inString(found.resource[x])
    || (found.fn[x] < 0 && words.some((word) => [...(found.places[x] ?? []), checkOf(x).id].join('\n').toLowerCase().includes(word))) || words[0] === fingerprint(x);
  return { ownFacts, foundIn };
}

/**
 * Findings that fit a query by their own words or their function's.
 * @param {string} query
 * @returns {(x: number) => boolean}
 */
export function searchFindings(query) {
  const wanted = terms(query).map(matcher);
  return (x) => wanted.every(({ ownFacts, foundIn }) => foundIn(x) || ownFacts(report.found.fn[x]));
}

/**
 * Functions that fit a query by their own words or those of one of their findings.
 * @param {string} query
 * @returns {(f: number) => boolean}
 */
export function searchFunctions(query) {
  const wanted = terms(query).map(matcher).map(({ ownFacts, foundIn }) => {
    const hit = new Uint8Array(report.fn.count);
    report.found.fn.forEach((/** @type {number} */ f, /** @type {number} */ x) => { if (f >= 0 && !hit[f] && foundIn(x)) hit[f] = 1; });
    return (/** @type {number} */ f) => hit[f] > 0 || ownFacts(f);
  });
  return (f) => wanted.every((fits) => fits(f));
}
