import dataclasses
from pathlib import Path

import pytest

from whipcount.errors import SettingsError
from whipcount.settings import Settings

REFERENCE = Path(__file__).parent.parent / "docs" / "reference.md"


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: "dataclasses.Field[object]") -> None:
    default = setting.default
    if isinstance(default, bool):
        shown = "yes" if default else "no"
    else:
        shown = f"{default:g}" if isinstance(default, float) else str(default)
    shown = shown or "none"
    row = f"| `{setting.metadata['env']}` | `{shown}` | {setting.metadata['help']} |"
    assert setting.metadata["help"].endswith(".")
    assert row in REFERENCE.read_text(encoding="utf-8")


def test_the_environment_sets_them() -> None:
    assert Settings.load({}) == Settings()
    assert Settings.load({"WHIPCOUNT_DB": ""}) == Settings()
    assert Settings.load({"WHIPCOUNT_DB": "x.db", "WHIPCOUNT_REVIEW_BELOW": "0.7"}) == Settings("x.db", 0.7)


@pytest.mark.parametrize("value", ["high", "1.5", "-0.1", "nan"])
def test_a_value_that_makes_no_sense(value: str) -> None:
    with pytest.raises(SettingsError, match="WHIPCOUNT_REVIEW_BELOW must be a number from 0 to 1"):
        Settings.load({"WHIPCOUNT_REVIEW_BELOW": value})


def test_what_is_switched_on_and_off() -> None:
    assert Settings.load({"WHIPCOUNT_WEB_PRIVATE": "Yes"}).web_private
    assert not Settings.load({"WHIPCOUNT_WEB_PRIVATE": "no"}).web_private
    with pytest.raises(SettingsError, match="WHIPCOUNT_WEB_PRIVATE must be yes or no, not 'maybe'"):
        Settings.load({"WHIPCOUNT_WEB_PRIVATE": "maybe"})


def test_secrets_are_not_shown() -> None:
    assert "sesame" not in repr(Settings.load({"WHIPCOUNT_OIDC_SECRET": "sesame"}))
