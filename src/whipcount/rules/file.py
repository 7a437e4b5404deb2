"""A set of rules as its TOML file has it. Entry: `load_rules`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from whipcount.article import Kind, Sourcing, Stand
from whipcount.errors import ContestError
from whipcount.people import normal_name
from whipcount.toml_file import Keys, load

_TOP = ("title", "about", "reports", "support", "endorser", "standing", "points")
_OWN = {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}


@dataclass(frozen=True, slots=True)
class Points:
    """What an endorsement weighs by the office of who gives it; offices in small letters."""

    offices: Mapping[str, float] = field(default_factory=dict)
    former: Mapping[str, float] = field(default_factory=dict)
    """Those that weigh after they were left."""
    positions: tuple[Stand, ...] = (Stand.ENDORSED,)
    otherwise: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """Which reports and standings count; as it is without any argument, all do."""

    name: str
    title: str = ""
    about: str = ""
    sourcings: tuple[Sourcing, ...] = tuple(Sourcing)
    """How a report may know."""
    past: bool = True
    """Whether reports about past contests count."""
    words: tuple[str, ...] = ()
    """Of which one must be in the sentence that reports support; `*` at the end stands for any ending."""
    independent: bool = False
    """Whether support must be reported by an outlet that is neither the endorser's nor the campaign's."""
    kinds: tuple[Kind, ...] = tuple(Kind)
    notable: bool = False
    """Whether the endorser must be in the registry or among `also`."""
    also: tuple[str, ...] = ()
    """Names and ids of further endorsers that are notable."""
    positions: tuple[Stand, ...] = tuple(Stand)
    one_choice: bool = False
    """Whether an endorser is for one candidate of a contest at most: the latest."""
    own_word_over: tuple[Sourcing, ...] = ()
    """Reports that the endorser's own word prevails over, whichever is later."""
    points: Points | None = None


def shipped() -> list[str]:
    """The names of the rules that come with the program."""
    return sorted(
        one.name.removesuffix(".toml") for one in files(__package__).iterdir() if one.name.endswith(".toml")
    )


def load_rules(name: str) -> Rules:
    """The rules that come under this name, or those of the file at this path.

    Raises `ContestError` where there are none, or with what is wrong in the file.
    """
    if name in shipped():
        with as_file(files(__package__).joinpath(f"{name}.toml")) as path:
            return _rules(path, name)
    path = Path(name).expanduser()
    if path.suffix != ".toml" and not path.exists():
        raise ContestError(
            f"there are no rules {name!r}; there are {', '.join(shipped())}, or give a TOML file"
        )
    return _rules(path, path.stem)


def _rules(path: Path, name: str) -> Rules:
    top = Keys(load(path), str(path), _TOP)

    def part(key: str, *known: str) -> Keys:
        return Keys(top.get(key) if key in top else {}, f"{path}: [{key}]", known)

    reports = part("reports", "sourcings", "past")
    support = part("support", "words", "independent")
    endorser = part("endorser", "kinds", "notable", "also")
    standing = part("standing", "positions", "one_choice", "own_word_over")
    words = support.texts("words")
    for word in words:
        if not re.fullmatch(r"[\w'’ -]+\*?", word):
            raise ContestError(
                f"{support.where}: {word!r} is no word; only * at the end stands for something else"
            )
    over = standing.choices("own_word_over", Sourcing)
    if own := sorted(_OWN & set(over)):
        raise ContestError(
            f"{standing.where}: own_word_over can't name {own[0]}, which is the endorser's own word"
        )
    return Rules(
        name=name,
        title=top.text("title") or name,
        about=top.text("about") or "",
        sourcings=reports.choices("sourcings", Sourcing) if "sourcings" in reports else tuple(Sourcing),
        past=reports.flag("past") if "past" in reports else True,
        words=words,
        independent=support.flag("independent"),
        kinds=endorser.choices("kinds", Kind) if "kinds" in endorser else tuple(Kind),
        notable=endorser.flag("notable"),
        also=endorser.texts("also"),
        positions=standing.choices("positions", Stand) if "positions" in standing else tuple(Stand),
        one_choice=standing.flag("one_choice"),
        own_word_over=over,
        points=_points(part("points", "offices", "former", "positions", "otherwise"))
        if "points" in top
        else None,
    )


def _points(keys: Keys) -> Points:
    return Points(
        offices=_offices(keys, "offices"),
        former=_offices(keys, "former"),
        positions=keys.choices("positions", Stand) if "positions" in keys else (Stand.ENDORSED,),
        otherwise=keys.number("otherwise") if "otherwise" in keys else 0.0,
    )


def _offices(keys: Keys, key: str) -> dict[str, float]:
    table = keys.get(key) if key in keys else {}
    offices = Keys(table, f"{keys.where}: {key}", table if isinstance(table, Mapping) else ())
    return {normal_name(office): offices.number(office) for office in table}
