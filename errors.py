"""Every error recjudge raises, drawn as a tree by who can mend it; `exit_code` is what the command line ends with."""

from __future__ import annotations


class RecjudgeError(Exception):
    """Root of the tree. Its message names the place and the remedy."""

    exit_code = 1


class GateFailed(RecjudgeError):
    """A gate asked for on the command line failed: a cap on cost was reached, too many samples stayed unjudged."""


class Refused(RecjudgeError):
    """The data do not carry what was asked for: no threshold qualifies, too few labels. It says what is missing."""


class UsageError(RecjudgeError):
    """The caller can mend it: a wrong argument, an unknown name, a missing extra."""

    exit_code = 2


class InputError(UsageError):
    """The file of samples must be mended: names file, line, field and remedy."""


class RubricError(UsageError):
    """The rubric file must be mended: names file, key and remedy."""


class RunMismatch(UsageError):
    """The run on disk was started with another rubric, model or prompt; the message names each difference."""


class AccountError(RecjudgeError):
    """The owner of the account can mend it: a refused key, an exhausted quota, a model the account may not use."""

    exit_code = 3


class ProviderDown(RecjudgeError):
    """Only time can mend it: the provider fails every call."""

    exit_code = 4


class StorageError(RecjudgeError):
    """The machine must be mended: disk full, read-only folder, a damaged store."""

    exit_code = 74


class LockedError(RecjudgeError):
    """Another process owns this run; wait for it or end it."""

    exit_code = 75


class ProviderFault(Exception):
    """One call to a provider failed. Raised by providers, mended or made a finding's `status` by their wrappers.

    `status` is a `Status` value, `retriable` says whether the same call may succeed later, `retry_after` is the
    provider's own word in seconds, `fatal` marks what no further call can mend (key, quota, unknown model).
    """

    def __init__(
        self,
        message: str,
        *,
        status: str = "provider_error",
        retriable: bool = False,
        retry_after: float | None = None,
        fatal: bool = False,
        throttled: bool = False,
        sent: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retriable = retriable
        self.retry_after = retry_after
        """Seconds, as the provider asked; None when it did not."""
        self.fatal = fatal
        self.throttled = throttled
        """429 or 529: the caller should slow down, not only try again."""
        self.sent = sent
        """False when the request surely never reached the provider, so it cannot have been billed."""


def error_named(name: str, words: str) -> RecjudgeError | None:
    """An error of ours that crossed from another process, made anew; None where the name is none of ours."""
    kinds: list[type[RecjudgeError]] = [RecjudgeError]
    for kind in kinds:  # which grows by the kinds of each kind
        if kind.__name__ == name:
            return kind(words)
        kinds += kind.__subclasses__()
    return None
