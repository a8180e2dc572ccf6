"""The command line. Only typer is imported here; everything heavy waits for its command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

SOME_FAILED = 1
USAGE = 2

app = typer.Typer(
    help="Turn news articles into typed records that point at the words they came from.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
StoreOption = Annotated[Path, typer.Option(help="SQLite file that keeps all work.")]
ModelOption = Annotated[
    str | None, typer.Option(help="local, openai/NAME, or with --base-url any NAME.")
]
UrlOption = Annotated[str | None, typer.Option(help="OpenAI-compatible server, up to /v1.")]
WeightsOption = Annotated[Path | None, typer.Option(help="GGUF file for the local model.")]
DEFAULT_STORE = Path("extractor.db")


@app.command()
def annotate(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files (.txt .md .html .jsonl), folders, or - for standard input."),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the extractions here as JSONL.")
    ] = None,
    records: Annotated[
        str, typer.Option(help="Record types, with commas between.")
    ] = "header,figures,quotations,entities",
    model: ModelOption = None,
    base_url: UrlOption = None,
    weights: WeightsOption = None,
    store: StoreOption = DEFAULT_STORE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count calls, tokens and money.")
    ] = False,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop before this many US dollars are spent.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=0, help="Stop before this many tokens, in and out.")
    ] = None,
    fallback: Annotated[
        str | None, typer.Option(help="A second model for what the first one fails at.")
    ] = None,
    fallback_on: Annotated[
        str, typer.Option(help="Failures that it is for: invalid, transport, quota.")
    ] = "invalid,transport",
    retry_dead: Annotated[
        bool, typer.Option("--retry-dead", help="Try again what an earlier run gave up.")
    ] = False,
    log: Annotated[
        Path | None, typer.Option(help="Append one line of JSON for each attempt to this file.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Only part I of N; `merge` joins the stores.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="ray: all shards on a Ray cluster, then merged.")
    ] = None,
    shards: Annotated[
        int | None, typer.Option(min=1, max=9999, help="Number of shards, with --engine.")
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Ask through the server's Batch API: cheaper, slower.")
    ] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="With --batch: submit, and fetch with a later run.")
    ] = False,
) -> None:
    """Extract records from documents. Work that is in the store is not done again."""
    from extractor.bulk import Limits
    from extractor.commands.annotate import run_annotate
    from extractor.commands.job import Job
    from extractor.commands.sharded import run_sharded

    job = Job(
        tuple(paths),
        output,
        _names(records),
        {"model": model, "base_url": base_url, "weights": weights},
        store,
        limits=Limits(max_tokens, max_cost),
        fallback=fallback,
        fallback_on=_names(fallback_on),
        retry_dead=retry_dead,
        dry_run=dry_run,
        log=log,
        shard=shard,
        batch=batch,
        wait=not no_wait,
    )
    raise typer.Exit(run_sharded(job, engine, shards) if engine or shards else run_annotate(job))


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(help="Document: its id, or a part of its name. Default: all.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Print the records of documents beside their evidence."""
    from extractor.commands.show import run_show

    raise typer.Exit(run_show(name, store))


StoreArgument = Annotated[Path, typer.Argument(help="SQLite file that `annotate` has made.")]


@app.command()
def status(
    store: StoreArgument = DEFAULT_STORE,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how far a store is, what was given up, and what was spent; also while a run writes."""
    from extractor.commands.status import run_status

    raise typer.Exit(run_status(store, as_json=as_json))


@app.command()
def export(
    store: StoreArgument = DEFAULT_STORE,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="JSONL file, or folder for CSV and Parquet.")
    ],
    format_: Annotated[
        str | None,
        typer.Option("--format", help="jsonl, csv or parquet. Default: as the output's name ends."),
    ] = None,
) -> None:
    """Write the records of a store to files: one extraction a line, or a table per record type."""
    from extractor.commands.export import run_export

    raise typer.Exit(run_export(store, output, format_))


@app.command()
def merge(
    store: Annotated[Path, typer.Argument(help="SQLite file to merge into; made if needed.")],
    others: Annotated[list[Path], typer.Argument(metavar="SHARD...", help="Stores of shards.")],
) -> None:
    """Copy what other stores hold into one; what it has already is left as it is."""
    from extractor.commands.sharded import run_merge

    raise typer.Exit(run_merge(store, others))


@app.command()
def models(
    base_url: UrlOption = None,
    weights: WeightsOption = None,
    probe: Annotated[
        str | None, typer.Option(metavar="NAME", help="Ask this model what its server takes.")
    ] = None,
) -> None:
    """Say which models can be used here, and what is missing for the others."""
    from extractor.commands.models import run_models

    raise typer.Exit(run_models({"base_url": base_url, "weights": weights}, probe))


class _RunByDefault(TyperGroup):
    """`extractor eval FOLDER` is short for `extractor eval run FOLDER`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


evaluation = typer.Typer(
    cls=_RunByDefault,
    no_args_is_help=True,
    help="Measure: score systems against gold. `eval FOLDER` is short for `eval run FOLDER`.",
)
app.add_typer(evaluation, name="eval")
SuiteArgument = Annotated[
    Path, typer.Argument(help="Folder with documents/ and gold/, or with a suite.yaml.")
]
DEFAULT_SUITE = Path("evals")


@evaluation.command("run")
def eval_run(
    suite: SuiteArgument = DEFAULT_SUITE,
    model: ModelOption = None,
    base_url: UrlOption = None,
    outputs: Annotated[
        list[Path] | None, typer.Option(help="Score these stored extractions (JSONL) instead.")
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Live runs, to see the variance.")] = 1,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the result here as JSON.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write one page with every pair and its evidence here.")
    ] = None,
) -> None:
    """Score the recorded model and the baselines; with --model, ask that model now."""
    from extractor.commands.evaluate import EvalJob, run_eval

    overrides = {"model": model, "base_url": base_url}
    job = EvalJob(suite, overrides, tuple(outputs or ()), repeat, output, html)
    raise typer.Exit(run_eval(job))


@evaluation.command("record")
def eval_record(
    suite: SuiteArgument = DEFAULT_SUITE,
    model: ModelOption = None,
    base_url: UrlOption = None,
    weights: WeightsOption = None,
) -> None:
    """Ask a model what the suite's recording lacks, and keep its answers for `eval run`."""
    from extractor.commands.evaluate import run_record

    overrides = {"model": model, "base_url": base_url, "weights": weights}
    raise typer.Exit(run_record(suite, overrides))


SideArgument = Annotated[str, typer.Argument(help="Result (JSON), or FILE:SYSTEM.")]


@evaluation.command("compare")
def eval_compare(one: SideArgument, other: SideArgument) -> None:
    """Compare two systems of saved results, documents paired."""
    from extractor.commands.evaluate import run_compare

    raise typer.Exit(run_compare(one, other))


@evaluation.command("gate")
def eval_gate(
    suite: SuiteArgument = DEFAULT_SUITE,
    higher: Annotated[
        bool, typer.Option("--raise", help="Raise floors to scores above them; set new ones.")
    ] = False,
    lower: Annotated[
        bool, typer.Option("--lower", help="Lower floors to scores below them.")
    ] = False,
) -> None:
    """Fail on a score below its floor or a broken hard limit."""
    from extractor.commands.evaluate_gold import run_gate

    raise typer.Exit(run_gate(suite, higher=higher, lower=lower))


@evaluation.command("calibrate")
def eval_calibrate(
    suites: Annotated[list[Path], typer.Argument(help="Suites with recorded answers.")],
    recording: Annotated[str, typer.Option(help="Name of the recording in each.")] = "local",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the fitted numbers here as YAML.")
    ] = None,
) -> None:
    """Fit the confidence of records on gold; say how reliable it is on articles left out."""
    from extractor.commands.calibrate import run_calibrate

    raise typer.Exit(run_calibrate(suites, recording, output))


@evaluation.command("lint")
def eval_lint(
    gold: Annotated[
        list[Path] | None, typer.Argument(help="Gold files or folders. Default: the suite's.")
    ] = None,
    suite: Annotated[
        Path, typer.Option(help="Suite with the documents and the label sets.")
    ] = DEFAULT_SUITE,
) -> None:
    """Check labels against the text, and list what no label accounts for."""
    from extractor.commands.evaluate_gold import run_lint

    raise typer.Exit(run_lint(gold or [], suite))


@evaluation.command("agreement")
def eval_agreement(
    first: Annotated[Path, typer.Argument(help="Folder of one annotator's gold files.")],
    second: Annotated[Path, typer.Argument(help="The other's.")],
) -> None:
    """Say how far two annotators agree: F1 by the scorer, Krippendorff's alpha."""
    from extractor.commands.evaluate_gold import run_agreement

    raise typer.Exit(run_agreement(first, second))
