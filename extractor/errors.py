"""Every error this package raises on purpose, in one tree.

    ExtractorError
    ├── UsageError            the call itself is wrong: an option, a setting, a combination
    ├── DocumentError         one input cannot be read; the others go on
    ├── PromptError           a prompt is missing, incomplete or has been edited after release
    ├── StoreError            the results file cannot be opened, read or written
    └── ModelError            a model cannot be used, or did not answer
        ├── ModelUnavailable  no key, no server, no weights, unknown name: nothing was sent
        ├── TransportFailed   the transport budget is spent, or the refusal is final
        ├── QuotaExhausted    the account has no credit left: final, never retried
        ├── ReplyInvalid      the validation budget is spent: no usable reply
        └── RunStopped        nothing more is sent: the user, a budget, an endpoint that is down

A message names the thing that failed and, after a dash, what to do about it.
"""

from extractor.redaction import redacted


class ExtractorError(Exception):
    """Base of every error raised on purpose."""


class UsageError(ExtractorError):
    """The call is wrong: an unknown record type, a bad option, settings that contradict."""


class DocumentError(ExtractorError):
    """One input cannot be read. `name` says which; `remedy` says what to do.

    Args:
        name: path, or path and line, as the user gave it.
        problem: what is wrong, in a few words.
        remedy: what the user can do.
    """

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.name = name
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{name}: {problem} - {remedy}")


class PromptError(ExtractorError):
    """A prompt is missing, lacks a variable, or differs from its released hash."""


class StoreError(ExtractorError):
    """The results file cannot be opened, read or written."""


class ModelError(ExtractorError):
    """A model cannot be used, or did not answer.

    Args:
        message: what failed and what to do about it.
        attempts: the `extractor.models.Attempt`s made before giving up, oldest first.
    """

    def __init__(self, message: str, *, attempts: tuple[object, ...] = ()) -> None:
        self.attempts = attempts
        super().__init__(redacted(message))  # it may quote a server


class ModelUnavailable(ModelError):
    """Nothing was sent: no key, no server, no weights, or no such model."""


class TransportFailed(ModelError):
    """The transport budget is spent, or the server's refusal is final."""


class QuotaExhausted(TransportFailed):
    """The account has no credit left. Retrying cannot help."""


class ReplyInvalid(ModelError):
    """The validation budget is spent and no reply fitted the schema."""


class RunStopped(ModelError):
    """A run over many documents is to end; nothing was sent. What is left is for the next run."""
