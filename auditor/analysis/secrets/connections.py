"""Finds passwords and keys inside URLs, connection strings, `key=value` lists and command lines."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from auditor.analysis.secrets.names import Promise, read_name, word_set
from auditor.analysis.secrets.shapes import HOST, is_filler, is_trivial, looks_random

URL: Final = re.compile(r"(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]{1,30}:(?://|jtds:|thin:|@)\S{0,8000}")
USERINFO: Final = re.compile(
    r"(?<=://)([^\s/@:\"'<>]{0,256}):((?!\d{1,5}[/?#])[^\s\"'<>@]{1,512}(?:@[^\s\"'<>@/]{1,200}(?=@))?)@(?=[^\s@])"
)
_TOKEN_USER: Final = re.compile(r"://([^\s/@:]{12,512}):?@([^\s/@?#]{1,255})([^\s]{0,400})")
_QUERY: Final = re.compile(r"[?&;#]([A-Za-z_][\w.-]{0,60})=([^&\s\"'<>#]{1,2048})")
_QUERY_KEYS: Final = word_set(
    "sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog- "
    "credential token access_token accesstoken auth auth_token authtoken api_key apikey api-key key "
    "secret client_secret password passwd pwd pass code jwt id_token refresh_token private_token "
    "subscription-key ocp-apim-subscription-key sas appkey app_key webhook_token hapikey authkey auth_key "
    "accesskey access_key secretkey license_key licensekey x-api-key apitoken api_token k"
)
_SCHEMELESS: Final = re.compile(
    r"([\w.+-]{1,64}):([^\s@]{3,200})@((?:tcp|unix|udp)\([^\s()]{1,200}\)"
    r"|[A-Za-z0-9][\w.-]{0,252})(:\d{1,5})?(/[\w./?=&-]{0,300})?"
)
_ORACLE: Final = re.compile(
    r"(?:jdbc:oracle:thin:"
    r"|oracle:)?[\w$#]{1,60}/([^\s@/]{3,100})@(?://)?[\w.-]{1,200}(?::\d{1,5}[:/]\w{1,60}|/\w{1,60})"
)
_NOT_A_USER: Final = word_set("mailto sip sips acct xmpp npm jsr workspace git pkg docker file tel image")
PAIR: Final = re.compile(
    r"(?<![\w.])([A-Za-z_][\w.-]{0,63}(?: (?:key|id|secret|token|password))?)(?:\\?[\"'])?\s{0,3}(?:=>|=|:)\s{0,3}"
    r"(?:\\?\"((?:[^\"\\]|\\.){0,2000})\\?\"|'([^']{0,2000})'|((?:Bearer |Basic |Token )?[^\s;,&\"'<>{}]{1,2000}))"
)
_FLAG: Final = re.compile(
    r"(?<!\S)--?(?:password|passwd|pass|pwd|token|secret|api-key|apikey|access-key|secret-key"
    r"|auth-token|requirepass)[ =]\"?([^\s\"]{4,500})|\bsshpass -p ?(\S{3,200})|"
    r"(?:curl|wget)\b.{0,300}\s(?:-u|--user) ?\"?'?[^\s:]{1,100}:([^\s\"']{3,200})|\bmysql(?:dump"
    r"|admin)?\b.{0,200}\s-p([^\s-]\S{2,200})"
)
_NETRC: Final = re.compile(r"\bmachine\s{1,4}\S{1,200}\s{1,4}login\s{1,4}\S{1,200}\s{1,4}password\s{1,4}(\S{1,200})")
_PGPASS: Final = re.compile(r"[\w.*-]{1,200}:(?:\d{2,5}|\*):[\w*-]{1,63}:[\w*-]{1,63}:(\S{3,200})")
_XML: Final = re.compile(r"<([A-Za-z][\w:.-]{0,60})>([^<>]{4,500})</")
_HINT: Final = re.compile(r"pass|pwd|secret|token|key|auth|cred|sig|pw|bearer|jwt|team|dsn", re.IGNORECASE)
_SENTRY_PATH: Final = re.compile(r"/(?:[\w/-]{1,60}/)?\d{1,20}/?")


def url_secret(value: str) -> str | None:
    """Return the id of the detector that fires on a URL (`url-userinfo`, `url-query`, `url-token`), or None."""
    for match in USERINFO.finditer(value):
        if real_password(match.group(1), match.group(2)):
            return "url-userinfo"
    for match in _TOKEN_USER.finditer(value):
        user, _, rest = match.groups()
        if _SENTRY_PATH.fullmatch(rest) and len(user) == 32:
            continue
        if looks_random(unquote(user), 20):
            return "url-userinfo"
    if "=" in value:
        for match in _QUERY.finditer(value):
            if _query_hit(match.group(1), unquote(match.group(2)[:1500])):
                return "url-query"
    return _capability(value)


def _query_hit(key: str, text: str) -> bool:
    lowered = key.lower()
    if lowered not in _QUERY_KEYS and read_name(key).promise not in {Promise.PASSWORD, Promise.SECRET}:
        return False
    if is_filler(text) or is_trivial(text) or "$" in text[:1] or "{" in text:
        return False
    if lowered in {"password", "passwd", "pwd", "pass"} or lowered.startswith(("x-amz-", "x-goog-")):
        return len(text) >= 3
    return looks_random(text, 16 if lowered in {"key", "code", "k", "auth"} else 8)


def _capability(value: str) -> str | None:
    """A webhook address whose random path is the credential."""
    lowered = value.lower()
    if "hook" not in lowered and "/bot" not in lowered:
        return None
    parts = value.split("://", 1)[-1].split("?", maxsplit=1)[0].split("/")[1:]
    return "webhook-url" if any(looks_random(part, 20) for part in parts if "." not in part) else None


def real_password(user: str, password: str) -> bool:
    """Say whether the password of a `user:password` pair is one, not a stand-in or a template."""
    text = unquote(password)
    if (
        is_filler(text)
        or text.startswith(("$", "{", "%", "[redacted"))
        or (text.startswith("<") and text.endswith(">"))
    ):
        return False
    if user.lower() in {"user", "username", "usr", "login"} and text.lower() in {"pass", "password", "pwd", "passwd"}:
        return False
    return text.lower() not in {"none", "null", "x-oauth-basic", "undefined"}


def schemeless_secret(value: str) -> bool:
    """Say whether a value is `user:password@host…` written without a scheme, or Oracle's `user/password@host`."""
    match = _SCHEMELESS.fullmatch(value)
    if match:
        user, password, host, port, path = match.groups()
        shaped = any(map(str.isdigit, password)) or not password.isalnum()
        if user.lower() in _NOT_A_USER or host.startswith("sha256") or not real_password(user, password):
            return False
        return bool(port or path or "(" in host or (shaped and HOST.fullmatch(host)))
    oracle = _ORACLE.fullmatch(value)
    return oracle is not None and real_password("", oracle.group(1))


def pairs(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield `(key, value, span of the value)` for each `key=value` or `key: value` whose key may promise a secret."""
    if ("=" not in text and ":" not in text) or not _HINT.search(text):
        return
    place = 0
    while match := PAIR.search(text, place):
        group = match.lastindex or 4
        key, value = match.group(1), match.group(group)
        if value and _HINT.search(key):
            yield key, value, match.span(group)
            place = match.end()
        else:  # what follows a key of no interest may be a pair itself: `failed: password=…`
            place = max(match.start(group), match.start() + 1)


def embedded_literals(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of passwords given in command lines, `.netrc` and `.pgpass` lines."""
    if "--" in text or " -" in text or "sshpass" in text:
        for match in _FLAG.finditer(text):
            yield match.span(match.lastindex or 0)
    if "machine" in text:
        yield from (match.span(1) for match in _NETRC.finditer(text))
    if text.count(":") >= 4 and "://" not in text:
        whole = _PGPASS.fullmatch(text)
        if whole:
            yield whole.span(1)


def xml_fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield `(element, text)` of the XML elements that hold plain text."""
    if "</" in text:
        for match in _XML.finditer(text):
            yield match.group(1), match.group(2)
