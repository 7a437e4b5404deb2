from pathlib import Path

import pytest

from whipcount.errors import SettingsError
from whipcount.gather.feed_entries import FeedKind
from whipcount.gather.follow_list import Listed, follow_list


def listed(tmp_path: Path, text: str) -> list[Listed]:
    path = tmp_path / "FEEDS.toml"
    path.write_text(text, encoding="utf-8")
    return follow_list(path)


def test_what_it_may_say(tmp_path: Path) -> None:
    text = """
    [[feeds]]
    url = "https://courier.example/feed.xml"

    [[feeds]]
    url = "https://herald.example/news.xml"
    kind = "sitemap"
    outlet = "Marrow Bay Herald"
    every = 7.5
    """
    assert listed(tmp_path, text) == [
        Listed("https://courier.example/feed.xml"),
        Listed("https://herald.example/news.xml", FeedKind.SITEMAP, "Marrow Bay Herald", 7.5),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lists no sources"),
        ("feeds = []", "lists no sources"),
        ("[[feed]]\nurl='https://a.example'", "unknown 'feed'"),
        ("feeds = ['https://a.example']", "feed 1 is no table"),
        ("[[feeds]]\nkind='rss'", "feed 1 needs a url"),
        ("[[feeds]]\nurl='file:///etc/passwd'", "feed 1 needs a url"),
        ("[[feeds]]\nurl=3", "url can't be 3"),
        ("[[feeds]]\nurl='https://a.example'\nkind='atomic'", "kind must be one of rss, atom, json, sitemap"),
        ("[[feeds]]\nurl='https://a.example'\nevery=0", "every must be minutes"),
        ("[[feeds]]\nurl='https://a.example'\nevery=nan", "every must be minutes"),
        ("[[feeds]]\nurl='https://a.example'\nevery=true", "every can't be True"),
        ("[[feeds]]\nurl='https://a.example'\nevry=5", "unknown 'evry'"),
        ("[[feeds]]\nurl='https://a.example'\n[[feeds]]\nurl='https://a.example'", "feed 2 has the same url"),
        ("[[feeds]\n", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        listed(tmp_path, text)
    assert "\n" not in str(caught.value)
    assert "FEEDS.toml" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't read"):
        follow_list(tmp_path / "none.toml")
