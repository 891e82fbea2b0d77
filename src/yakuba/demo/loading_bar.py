"""Progress while a town is loaded."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from yakuba.demo.places import place
from yakuba.demo.plan import Plan


def loading_bar(console: Console) -> Progress:
    """A bar per town, in residents."""
    return Progress(
        TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("人"), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip


def begun(bar: Progress) -> Callable[[Plan], Callable[[int], None]]:
    """What :func:`yakuba.demo.setting_up.set_up` tells of each town."""

    def begin(plan: Plan) -> Callable[[int], None]:
        task = bar.add_task(f"{place(plan.municipality).name}(架空の住民)", total=plan.residents)
        return lambda residents: bar.advance(task, residents)

    return begin
