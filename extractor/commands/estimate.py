"""`extractor annotate --dry-run`: what the run would ask, and what that would cost."""

from __future__ import annotations

from rich.table import Table

from extractor.bulk import Estimate
from extractor.commands.console import print_error
from extractor.costs import Price
from extractor.report.console import SafeConsole

SOME_FAILED = 1


def print_estimate(found: Estimate, model: str, price: Price | None, *, batch: bool = False) -> int:
    """The table, with the price of batches if asked; 1 where inputs cannot be read, else 0."""
    table = Table(box=None, title=f"{found.documents} documents, {model}", title_justify="left")
    for heading in ("records", "calls", "tokens in", "tokens out", "cost, about", "cost, at most"):
        table.add_column(heading, justify="left" if heading == "records" else "right")
    most, about = 0.0, 0.0
    for name, ask in found.tasks.items():
        money = ask.cost(price, batch=batch) if price else None
        about, most = (about + money[0], most + money[1]) if money else (about, most)
        shown = [f"${one:.4f}" for one in money] if money else ["?", "?"]
        table.add_row(
            name, f"{ask.calls:,}", f"{ask.prompt_tokens:,}", f"{ask.completion_tokens:,}", *shown
        )
    console = SafeConsole(highlight=False, soft_wrap=True)
    console.print(table)
    if price is None:
        console.print("The price of this model is not known: give it in a file (setting `prices`).")
    else:
        console.print(f"In all about ${about:.2f}, at most ${most:.2f} without retries.")
    console.print("Tokens are counted by characters. What the store has is not asked again.")
    for error in found.failed:
        print_error(SafeConsole(stderr=True, highlight=False, soft_wrap=True), error)
    return SOME_FAILED if found.failed else 0
