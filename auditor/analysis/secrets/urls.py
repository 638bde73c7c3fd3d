"""Finds passwords, tokens and signatures inside addresses."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from auditor.analysis.secrets.names import CREDENTIAL, read_name
from auditor.analysis.secrets.value_heuristics import HOST, UUID, is_filler, is_trivial, looks_random
from auditor.analysis.secrets.value_shape import is_made
from auditor.analysis.secrets.vocabulary import word_set

Found = tuple[int, int, str]
"""Start and end of a credential, and the id of the detector that found it."""

URL: Final = re.compile(r"(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]{1,30}:(?://|jtds:|thin:|@)\S{0,8000}")
_USERINFO: Final = re.compile(
    r"(?<=://)([^\s/@:\"'<>]{0,256}):((?!\d{1,5}[/?#])[^\s\"'<>@]{1,512}(?:@[^\s\"'<>@/]{1,200}(?=@))?)@(?=[^\s@])"
)
_TOKEN_USER: Final = re.compile(r"(?<=://)([^\s/@:\"'<>]{12,512}):?@([^\s/@?#\"'<>]{1,255})([^\s\"'<>]{0,400})")
_QUERY: Final = re.compile(r"(?:[?&;#]|\\u0026)([A-Za-z_][\w.-]{0,60})=([^&\s\"'<>#;\\]{1,4096})")
_QUERY_KEYS: Final = word_set(
    "sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential "
    "credential token access_token accesstoken auth auth_token authtoken api_key apikey api-key key "
    "secret client_secret password passwd pwd pass code jwt id_token refresh_token private_token "
    "subscription-key ocp-apim-subscription-key sas appkey app_key webhook_token hapikey authkey auth_key "
    "accesskey access_key secretkey license_key licensekey x-api-key apitoken api_token k "
    "awsaccesskeyid key-pair-id policy clienttoken client_token st hmac"
)
_PASSWORD_KEYS: Final = word_set("password passwd pwd pass")
_SIGNATURES: Final = word_set(
    "sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential "
    "awsaccesskeyid key-pair-id policy"
)
_LOOSE_KEYS: Final = word_set("key code k auth policy st")
"""Keys of queries that other things are called by too."""

_SCHEMELESS: Final = re.compile(
    r"([\w.+-]{1,64}):([^\s@]{3,200})@((?:tcp|unix|udp)\([^\s()]{1,200}\)"
    r"|[A-Za-z0-9][\w.-]{0,252})(:\d{1,5})?(/[\w./?=&-]{0,300})?"
)
_ORACLE: Final = re.compile(
    r"(?:jdbc:oracle:(?:thin|oci8?):"
    r"|oracle:)?[\w$#]{1,60}/([^\s@/]{3,100})@"
    r"(?:(?://)?[\w.-]{1,200}(?::\d{1,5}[:/]\w{1,60}|/\w{1,60})|\(DESCRIPTION\s?=.{1,2000})",
    re.IGNORECASE | re.DOTALL,
)
# With a name of the server alone, `owner/repository@v1` reads the same: the password shows what no name has.
_ALIAS: Final = re.compile(r"[\w$#]{1,60}/((?=[^\s@/]{0,99}[!#$%^&*?+=])[^\s@/]{4,100})@[A-Za-z][\w.-]{1,200}")
_NOT_A_USER: Final = word_set("mailto sip sips acct xmpp npm jsr workspace git pkg docker file tel image")
_SENTRY_PATH: Final = re.compile(r"/(?:[\w/-]{1,60}/)?\d{1,20}/?")
_HOOK_HINT: Final = re.compile(r"hook|/bot", re.IGNORECASE)
_PATH: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/?#\"'<>]{1,300}(/[^\s?#\"'<>]{1,2000})")


def find_in_urls(text: str) -> Iterator[Found]:
    """Yield each credential that stands in an address inside `text`: before its host, in its query, in its path."""
    if "://" in text:
        if "@" in text:
            yield from _before_host(text)
        if _HOOK_HINT.search(text):
            yield from _capabilities(text)
    yield from _logins_at_ports(text)
    if "=" in text and ("?" in text or "&" in text or "://" in text):
        for match in _QUERY.finditer(text):
            key = match.group(1).lower()
            # brackets and commas around an address are the text's
            given = match.group(2).rstrip(")],.") if "(" not in match.group(2) else match.group(2)
            if _query_hit(key, unquote(given[:1500])):
                start = match.start(2)
                yield start, start + len(given), "presigned-url" if key in _SIGNATURES else "url-query"


_LOGIN_AT_PORT: Final = re.compile(
    r"(?<![\w/:.@+-])([\w.+-]{1,64}):([^\s:@/\"'<>,;]{8,200})@(?!sha\d)[A-Za-z0-9][\w.-]{0,200}(?=:\d{2,5}(?!\w))"
)


def _logins_at_ports(text: str) -> Iterator[Found]:
    """Yield the passwords of `user:password@host:port` written without a scheme, as lists of brokers are."""
    if "@" in text and ":" in text:
        for match in _LOGIN_AT_PORT.finditer(text):
            if real_password(*match.groups()) and is_made(match.group(2)):
                yield (*match.span(2), "url-userinfo")


def _before_host(text: str) -> Iterator[Found]:
    for match in _USERINFO.finditer(text):
        if real_password(match.group(1), match.group(2)):
            yield (*match.span(2), "url-userinfo")
    for match in _TOKEN_USER.finditer(text):
        user, _, rest = match.groups()
        if _SENTRY_PATH.fullmatch(rest) and len(user) == 32:
            continue
        if looks_random(unquote(user), 20):
            yield (*match.span(1), "url-userinfo")


def query_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of the query of an address, decoded."""
    for match in _QUERY.finditer(text):
        yield match.group(1), unquote(match.group(2))


def _query_hit(key: str, text: str) -> bool:
    if key not in _QUERY_KEYS and read_name(key).promise not in CREDENTIAL:
        return False
    if is_filler(text) or is_trivial(text) or "$" in text[:1] or "{" in text:
        return False
    if key in _PASSWORD_KEYS or key.startswith(("x-amz-", "x-goog-")):
        return len(text) >= 3
    return looks_random(text, 16 if key in _LOOSE_KEYS else 8)


def _capabilities(text: str) -> Iterator[Found]:
    """A webhook's address, whose chance-made path is the credential."""
    for match in _PATH.finditer(text):
        start = match.start(1) + 1
        if not _HOOK_HINT.search(match.group()):
            continue
        for part in match.group(1)[1:].split("/"):
            if "." not in part and (looks_random(part, 20) or UUID.fullmatch(part)):
                yield start, start + len(part), "webhook-url"
            start += len(part) + 1


def real_password(user: str, password: str) -> bool:
    """Say whether the password of a `user:password` pair is one, not a stand-in or a template."""
    text = unquote(password)
    if (
        is_filler(text)
        or text.startswith(("$", "{", "%", "[redacted", "redacted-"))
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
    if oracle is not None:
        return real_password("", oracle.group(1))
    alias = _ALIAS.fullmatch(value)
    return alias is not None and real_password("", alias.group(1))
