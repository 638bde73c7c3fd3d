"""Code-signing configurations and the functions they hold for."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.code import Publisher, Signing
from auditor.model.observed import Gap, Known, Observed, Unknown
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import choice, items, member, string, text, texts
from providers.aws.normalize.references import arn_account, qualified

_CONFIGS = "lambda:ListCodeSigningConfigs"
_FUNCTIONS = "lambda:ListFunctionsByCodeSigningConfig"
_PROFILE = "signer:GetSigningProfile"

_POLICIES = {"Enforce": True, "Warn": False}


class Signings:
    """Which signing configuration each function of one location has."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._publishers: dict[str, Publisher] = {}
        self._by_function: dict[str, Observed[Signing]] = {}
        listing = answers.readable(
            answers.pages(_CONFIGS, "CodeSigningConfigs"), lambda body: (text(body, "CodeSigningConfigArn"), body)
        )
        self._gap: Gap | None = listing.gap
        functions = answers.bodies(_FUNCTIONS)
        for arn, body in listing.items:
            signing = answers.fact(_CONFIGS, lambda arn=arn, body=body: self._signing(arn, body), arn)  # type: ignore[misc]
            pages = answers.readable(functions.all(arn), lambda page: items(page, "FunctionArns"))
            names = [name for page in pages.items for name in page]
            for name in names:
                self._by_function[qualified(name)[0] if isinstance(name, str) else ""] = signing
            damaged = answers.fact(_FUNCTIONS, lambda names=names: [string(name, "an ARN") for name in names], arn)  # type: ignore[misc]
            self._gap = self._gap or pages.gap or (damaged.gap if isinstance(damaged, Unknown) else None)

    def signing(self, arn: str) -> Observed[Signing | None]:
        """The configuration of a function; Known(None) only where every configuration's functions are listed."""
        found = self._by_function.get(arn)
        if found is not None:
            return Known(found.value, _FUNCTIONS) if isinstance(found, Known) else found
        return Unknown(self._gap) if self._gap is not None else known(None, _FUNCTIONS)

    def _signing(self, arn: str, body: Json) -> Signing:
        policy = member(body, "CodeSigningPolicies")
        profiles = texts(member(body, "AllowedPublishers"), "SigningProfileVersionArns")
        return Signing(
            id=arn,
            enforced=choice(policy, "UntrustedArtifactOnDeployment", _POLICIES),
            publishers=tuple(self._publisher(profile) for profile in profiles),
        )

    def _publisher(self, profile: str) -> Publisher:
        found = self._publishers.get(profile)
        if found is None:
            status = self._status(profile)
            found = self._publishers[profile] = Publisher(id=profile, account=arn_account(profile), status=status)
        return found

    def _status(self, profile: str) -> Observed[str]:
        body: Observed[dict[str, Any] | None] = self._answers.one(_PROFILE, profile)
        if isinstance(body, Unknown):
            return body
        found = body.value
        if found is None:
            return self._answers.absence(_PROFILE, profile, arn_account(profile)).map(lambda _: "Missing")
        return self._answers.fact(_PROFILE, lambda: text(found, "status"), profile)
