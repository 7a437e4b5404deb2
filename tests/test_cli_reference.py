"""docs/reference.md and `--help` name the same commands and options."""

import re
from pathlib import Path

import click
import pytest

from whipcount.cli import main
from whipcount.cli.group import COMMANDS
from whipcount.publish.csv import TRACKER

REFERENCE = (Path(__file__).parent.parent / "docs" / "reference.md").read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found: dict[str, click.Command] = {}
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command
        found |= below(name, command)
    return found


def below(name: str, command: click.Command) -> dict[str, click.Command]:
    """The command, or all that stand under a group."""
    if not isinstance(command, click.Group):
        return {name: command}
    return {
        key: one
        for sub, under in command.commands.items()
        for key, one in below(f"{name} {sub}", under).items()
    }


def section(name: str) -> str:
    match = re.search(rf"^### `whipcount {name}\b.*?(?=^##)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert match, f"docs/reference.md has no section on whipcount {name}"
    return match.group()


def test_the_reference_has_just_the_commands_there_are() -> None:
    headings = re.findall(r"^### `whipcount ([a-z ]+?)(?: [A-Z][A-Za-z.]*)*`$", REFERENCE, re.MULTILINE)
    assert headings == list(commands())


@pytest.mark.parametrize("name", commands())
def test_the_reference_has_just_the_options_there_are(name: str) -> None:
    options = [option for option in commands()[name].params if isinstance(option, click.Option)]
    long = {opt for option in options for opt in option.opts if opt.startswith("--")}
    assert set(re.findall(r"`(--[a-z-]+)", section(name))) == long


@pytest.mark.parametrize("name", commands())
def test_help_is_worth_reading(name: str) -> None:
    command = commands()[name]
    assert "Examples:" in (command.help or "")
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help


def test_help_of_the_whole_lists_each_command() -> None:
    text = main.get_help(click.Context(main, info_name="whipcount"))
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", text, re.MULTILINE)


def test_the_trackers_columns_are_documented() -> None:
    text = section("export csv")
    assert re.findall(r"`([a-z ]+)`", text)[: len(TRACKER) + 1] == ["whipcount export csv", *TRACKER]
