"""Recognises values that point to a credential kept elsewhere, or hold none by construction."""

import re
from typing import Final

from auditor.analysis.secrets.names import NameView, Promise
from auditor.analysis.secrets.value_heuristics import looks_random
from auditor.analysis.secrets.value_shape import password_shaped, reads_as_name
from auditor.analysis.secrets.vocabulary import word_set
from auditor.model.secret import Reference, ReferenceKind

_ARN_ONE: Final = (
    r"arn:aws(?:-[a-z]{2,8}){0,4}:[a-z0-9-]{1,40}:[a-z0-9-]{0,40}:"
    r"(?:\d{12}|aws|cloudfront)?:[A-Za-z0-9_+=,.@/:*!#$%()~-]{1,1024}"
)
_ARN: Final = re.compile(_ARN_ONE)
_SEGMENT: Final = r"[A-Za-z0-9_.@-]{1,128}"
_PATH: Final = re.compile(rf"/{_SEGMENT}(?:/{_SEGMENT}){{1,14}}/?(?:\*|:\d{{1,6}})?")
_ANY_PATH: Final = re.compile(r"(?:/|\./|\.\./|~/|[A-Za-z]:[\\/]|file:/{1,3})[\w.@ \\/+~-]{1,500}")
_FILE_TREES: Final = (
    "/opt/",
    "/var/",
    "/tmp/",  # noqa: S108 - recognised, not used
    "/usr/",
    "/etc/",
    "/home/",
    "/mnt/",
    "/run/",
    "/proc/",
    "/dev/",
    "/lib",
    "/bin/",
    "/root/",
    "/srv/",
    "/secrets/",
)
_DYNAMIC: Final = re.compile(r"\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[\w/+=.@:!#-]{1,600}\}\}")
_VAULT_HOST: Final = (
    r"[A-Za-z0-9-]{1,63}\.(?:vault\.azure\.(?:net|cn)|vault\.usgovcloudapi\.net"
    r"|vault\.microsoftazure\.de|managedhsm\.azure\.net)"
)
_VAULT_URI: Final = (
    rf"https://{_VAULT_HOST}(?::443)?/(?:secrets|keys|certificates)/[A-Za-z0-9-]{{1,127}}(?:/[0-9a-f]{{32}})?/?"
)
_KEY_VAULT: Final = re.compile(
    rf"@Microsoft\.KeyVault\((?:SecretUri={_VAULT_URI}"
    rf"|VaultName=[\w-]{{1,24}};\s?SecretName=[\w-]{{1,127}}(?:;\s?SecretVersion=[0-9a-f]{{0,32}})?)\)"
    rf"|{_VAULT_URI}",
    re.IGNORECASE,
)
_APP_CONFIGURATION: Final = re.compile(
    r"@Microsoft\.AppConfiguration\(Endpoint=https://[\w.-]{1,100};\s?Key=[\w:./-]{1,200}(?:;\s?Label=[\w.-]{1,100})?\)",
    re.IGNORECASE,
)
_MALFORMED: Final = re.compile(
    r"@?Microsoft\.(KeyVault|AppConfiguration)\s{0,4}\(?(.{0,600})", re.IGNORECASE | re.DOTALL
)
_ARGUMENT: Final = re.compile(
    r"(?:SecretUri|VaultName|SecretName|SecretVersion|Endpoint|Key|Label)\s{0,4}[=:]", re.IGNORECASE
)
_SECRET_MANAGER: Final = re.compile(
    r"(?://secretmanager\.googleapis\.com/|(?:sm|gcp-?sm|gcp-?secretmanager|berglas)(?::"
    r"|://))?projects/[a-z0-9:.-]{1,63}/(?:locations/[a-z0-9-]{1,40}/)?"
    r"secrets/[\w-]{1,255}(?:/versions/(?:latest|\d{1,9}|[a-z][\w-]{0,62}))?"
)
_STORE_URI: Final = re.compile(
    r"(?:op|sm|gsm|awssm|awssecret|awsps|aws-?sm|aws-?ssm|ssm|ssm-secure|secretsmanager|azurekv|azkv"
    r"|akv|keyvault|vault|gcpsm|gcp-?sm|bws|keeper|doppler|infisical|conjur|akeyless|berglas|sops"
    r"|keychain|keyring|env|secretref|secret|secrets|secretKeyRef|valueFrom|kms|ref\+[a-z0-9]{2,20}"
    r"|kubernetes|k8s)(?:://|:)[\w/.@:#+=!?&-]{2,300}"
)
_TEMPLATE_PART: Final = re.compile(
    r"\$\{\{[^{}]{1,200}\}\}|\{\{[^{}]{1,200}\}\}|\$\{[^{}]{1,200}\}|\$\([\w. -]{1,100}\)"
    r"|#\{[\w.:-]{1,100}\}#?|<%=?[^%<>]{1,100}%>|%[A-Za-z_]\w{1,60}%|\$[A-Z_][A-Z0-9_]{1,60}(?![\w])"
)
_TEMPLATE_WHOLE: Final = re.compile(
    r"__[A-Za-z][\w-]{1,60}__|!(?:Ref|Sub|GetAtt|ImportValue|Join)\b.{1,200}|\[(?:parameters"
    r"|variables|concat|reference|listKeys|format|resourceId)\(.{1,400}\)\]"
    r"|(?:process\.env|os\.environ|System\.env|env|var|local|data|module|Fn::\w+|Ref|steps|secrets"
    r"|params?)[.:\[][\w.\[\]'\"-]{1,100}|@\w+\((?:'[^']{0,80}'|\w{0,80})\)"
)
_DEFAULT: Final = re.compile(r"\$\{[\w.:/-]{1,200}?(?::-|:=|-(?=[^}]*[!@#$%^&*0-9])|,\s{0,3})([^{}]{1,200})\}")
_NAME_TEXT: Final = re.compile(r"[A-Za-z0-9][\w/+=.@!:-]{0,511}")
_SLUG: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[/_.!:-][A-Za-z0-9]+)+")
_ENCRYPTED: Final = re.compile(
    r"AQI(?:C|D)[A-Za-z0-9+/]{60,}={0,2}|AQECA[A-Za-z0-9+/]{60,}={0,2}|ENC\[[^\]]{10,4000}\]"
    r"|ENC\([^)]{6,4000}\)|vault:v\d{1,4}:[A-Za-z0-9+/=]{10,}|\$ANSIBLE_VAULT;.{5,4000}"
    r"|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----.{0,16000}|\{cipher\}[0-9A-Za-z+/=]{16,4000}"
    r"|\{(?:AES|AES256|3DES|XOR|xor|aes)\}[\w+/=]{8,4000}|!vault\b.{0,4000}|[A-Za-z0-9+/]{20,}={0,2}(?:--[A-Za-z0-9+/]{16,}={0,2}){2}",
    re.DOTALL,
)
_MANAGED_IDENTITY: Final = re.compile(
    r"authentication\s?=\s?active directory (?:managed identity|msi|default|interactive"
    r"|workload identity)|(?:^|;)\s?runas=app",
    re.IGNORECASE,
)


def parse_reference(view: NameView, value: str) -> Reference | None:
    """Parse `value` as a reference; None when it is none or when a literal credential hides in the wrapper."""
    first = value[0]
    if first == "a" and all(_ARN.fullmatch(part.strip()) for part in value.split(",arn:aws")[:1]) and _arns(value):
        return Reference(ReferenceKind.ARN, value)
    for kind, pattern, heads in _STRICT:
        if first in heads and pattern.fullmatch(value):
            return Reference(kind, value)
    if _ENCRYPTED.fullmatch(value):
        return Reference(ReferenceKind.ENCRYPTED, "")
    malformed = _malformed(value) if first in "@Mm" else None
    if malformed is not None:
        return malformed
    if value.startswith("UseDevelopmentStorage=true"):
        return Reference(ReferenceKind.DEVELOPMENT_STORAGE, "")
    if "devstoreaccount1" in value and "AccountName=devstoreaccount1" in value:
        return Reference(ReferenceKind.DEVELOPMENT_STORAGE, "")
    if "=" in value and _MANAGED_IDENTITY.search(value) and not _has_password(value):
        return Reference(ReferenceKind.MANAGED_IDENTITY, "")
    return _path(view, value) or _template(value) or _store_uri(value) or _named(view, value)


def _malformed(value: str) -> Reference | None:
    """Read a value that begins as one of App Service's references and follows none of their grammars.

    The platform hands it to the code as it is, so it is a broken reference, and its text is not kept: something else
    may stand between the brackets.
    """
    match = _MALFORMED.fullmatch(value)
    if match is None:
        return None
    arguments = re.split(r"[;,]\s{0,4}", match.group(2).strip().removesuffix(")"))
    if any(_is_literal(argument.strip()) for argument in arguments if not _ARGUMENT.match(argument)):
        return None
    kind = ReferenceKind.KEY_VAULT if match.group(1).lower() == "keyvault" else ReferenceKind.APP_CONFIGURATION
    return Reference(kind, "")


def _is_literal(argument: str) -> bool:
    return password_shaped(argument) or looks_random(argument, 20)


_STRICT: Final = (
    (ReferenceKind.DYNAMIC_REFERENCE, _DYNAMIC, "{"),
    (ReferenceKind.KEY_VAULT, _KEY_VAULT, "@h"),
    (ReferenceKind.APP_CONFIGURATION, _APP_CONFIGURATION, "@"),
    (ReferenceKind.SECRET_MANAGER, _SECRET_MANAGER, "p/sgb"),
)


def _arns(value: str) -> bool:
    if _ARN.fullmatch(value):
        return True
    parts = re.split(r"[,;\s]\s{0,3}", value)
    return len(parts) > 1 and all(_ARN.fullmatch(part) for part in parts)


def _has_password(value: str) -> bool:
    lowered = value.lower()
    return any(mark in lowered for mark in ("password=", "pwd=", "accountkey=", "accesskey="))


def _path(view: NameView, value: str) -> Reference | None:
    if value[0] not in "/.~f" and value[1:3] not in {":\\", ":/"}:
        return None
    if value.startswith(_FILE_TREES) or not _PATH.fullmatch(value):
        clean = _ANY_PATH.fullmatch(value) and not any(looks_random(part, 24) for part in value.split("/"))
        return Reference(ReferenceKind.FILE, "") if clean and ("." in value or value.count("/") > 1) else None
    if any(looks_random(part, 20) for part in value.split("/")):
        return None
    told = view.mentions or view.names_reference
    return Reference(ReferenceKind.SSM_PARAMETER if told else ReferenceKind.FILE, value if told else "")


def _template(value: str) -> Reference | None:
    if not any(mark in value for mark in "$%{<#_![.@:"):
        return None
    if _TEMPLATE_WHOLE.fullmatch(value):
        return Reference(ReferenceKind.TEMPLATE, "")
    rest, found = _TEMPLATE_PART.subn("", value)
    if not found or hidden_default(value):
        return None
    return Reference(ReferenceKind.TEMPLATE, "") if len(re.sub(r"\W", "", rest)) < 4 else None


def hidden_default(value: str) -> str | None:
    """Return the literal that a template falls back to (`${DB_PASS:-literal}`), or None."""
    match = _DEFAULT.search(value) if "${" in value else None
    if match is None:
        return None
    literal = match.group(1).strip().strip("'\"")
    return literal if literal and not literal.startswith(("$", "ssm:", "env:", "opt:", "self:", "cf:")) else None


def blank_templates(value: str) -> str:
    """Return `value` with every template variable taken out, so that what is left is literal."""
    return _TEMPLATE_PART.sub("", value) if any(mark in value for mark in "$%{<#") else value


def _store_uri(value: str) -> Reference | None:
    if ":" in value and _STORE_URI.fullmatch(value):
        tail = value.split(":", 1)[1].lstrip("/")
        if not any(looks_random(part, 20) for part in re.split(r"[/:#]", tail)):
            return Reference(ReferenceKind.STORE_URI, "")
    return None


def _named(view: NameView, value: str) -> Reference | None:
    """Read a plain name as the name of a kept secret, where the variable says so or the value is one clearly."""
    if "," in value and view.mentions:
        parts = [part.strip() for part in value.split(",")]
        if all("/" in part and _SLUG.fullmatch(part) and not looks_random(part, 16) for part in parts):
            return Reference(ReferenceKind.SECRET_NAME, "")
    if not _NAME_TEXT.fullmatch(value) or "://" in value:
        return None
    if (
        view.names_reference
        and view.promise is not Promise.PASSWORD
        and (reads_as_name(value) or not looks_random(value, 24))
    ):
        return Reference(ReferenceKind.SECRET_NAME, "")
    if value.startswith(("rds!", "redshift!", "events!", "aws/")):
        return Reference(ReferenceKind.SECRET_NAME, "")
    return Reference(ReferenceKind.SECRET_NAME, "") if _points_to_a_store(view, value) else None


_RESOURCE_WORDS: Final = word_set(
    "db rds database postgres mysql aurora redis mongo docdb redshift snowflake credentials creds cluster "
    "password k8s smtp registry pull image tls"
)
_STAGES: Final = word_set("prod production dev development staging stage stg test qa uat shared common app")


def _points_to_a_store(view: NameView, value: str) -> bool:
    if view.promise not in {Promise.SECRET, Promise.LOGIN, Promise.TOKEN, Promise.PASSWORD} or not _SLUG.fullmatch(
        value
    ):
        return False
    parts = re.split(r"[/_.!:-]", value.lower())
    if not reads_as_name(value) and (looks_random(value, 20) or any(looks_random(part, 12) for part in parts)):
        return False
    if value.startswith("neo4j/"):  # NEO4J_AUTH is user/password
        return False
    if "/" in value:
        return parts[0] in _STAGES or view.promise in {Promise.SECRET, Promise.LOGIN}
    named_thing = any(word in _RESOURCE_WORDS for word in view.words)
    tail = parts[-1] in {"secret", "secrets", "creds", "credentials", "password", "token", "key"}
    return view.promise in {Promise.SECRET, Promise.LOGIN} and named_thing and tail
