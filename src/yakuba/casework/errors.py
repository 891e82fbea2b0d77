"""What can go wrong on the desk. Drawn here in one place; each carries its facts and words for the clerk.

DeskTrouble
├── NotAllowed        this person may not (403)
├── NotNow            the case's state forbids it (409)
├── ChangedMeanwhile  a colleague has changed the case since the page was opened (409)
└── Incomplete        what was typed is not enough; ``problems`` says what is missing (422)
"""


class DeskTrouble(Exception):
    """Something the clerk is told in words; ``status`` is the HTTP status of the page that says so."""

    status = 400

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class NotAllowed(DeskTrouble):
    """This person may not do this."""

    status = 403


class NotNow(DeskTrouble):
    """The case is not in a state in which this can be done."""

    status = 409


class ChangedMeanwhile(DeskTrouble):
    """The case is not as it was when the page was opened; nothing was changed."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "この申請は、画面を開いたあとに別の人(または自動処理)が更新しました。入力した内容は下に残してあります。"
            "最新の状態を確かめてから、もう一度実行してください。"
        )


class Incomplete(DeskTrouble):
    """What was typed is not enough: ``problems`` maps the field's name to words."""

    status = 422

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("入力を確かめてください。")
