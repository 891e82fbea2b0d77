"""The one exception that means "this file, for this reason", inside the sandbox and outside."""


class Refused(Exception):
    """The file cannot be made harmless; ``code`` says why (texts: ``refusals.<code>``)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
