"""Debris, key points and whose report it was first: each pattern, and what they must leave alone."""

import re

import pytest

from whipcount.article import Article
from whipcount.page import mark
from whipcount.page.debris import ANYWHERE, LINES, Debris
from whipcount.page.outlets import CREDITS, Credit

BODY = "Mayor Ada Brook endorsed Cy Dunmore on Tuesday.\n\nSen. Bo Quill has not said whom he supports."
TITLE = "Ferry plan divides Larkfield"


def marked(text: str, title: str = TITLE, **given: str) -> Article:
    return mark(Article(id="ferry", text=f"{title}\n\n{text}", title=title, **given))  # type: ignore[arg-type]


def words(article: Article) -> list[str]:
    return [span.of(article.text) for span in article.debris]


def name(one: Debris | Credit) -> str:
    return one.name


@pytest.mark.parametrize("one", LINES, ids=name)
def test_a_line_of_debris_is_marked_whole(one: Debris) -> None:
    assert words(marked(f"{BODY}\n\n{one.example}\n\nThe vote is near.")) == [one.example]


@pytest.mark.parametrize("one", ANYWHERE, ids=name)
def test_debris_anywhere_is_marked(one: Debris) -> None:
    found = re.search(one.pattern, one.example)
    assert found
    debris = found["debris"] if "debris" in found.groupdict() else one.example
    assert words(marked(f"{BODY}\n\n{one.example}\n\nThe vote is near.")) == [debris]


def test_person_card_leaves_the_sentence() -> None:
    card = " Ada Mary BrookHarbour bond in doubt: report Five things about tides MORE"
    article = marked(
        f"Mayor Ada Brook{card}’s campaign and Bo Quill Robert (Bo) QuillQuill waits Ferry news MORE (Ind.) met."
    )
    assert words(article) == [card, " Robert (Bo) QuillQuill waits Ferry news MORE"]


def test_widget_errors_over_lines() -> None:
    box = "Oops!\n    Something went wrong.\n    Please try again later."
    article = marked(f"  • {box}\n  • {box}\n  • Brook is for it.\n\n  • Quill waits.\n\n{BODY}")
    assert words(article) == [box, box]
    assert [span.of(article.text) for span in article.key_points] == ["Brook is for it.", "Quill waits."]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("( PHOTOS: Ten harbours at dawn)", "( PHOTOS: Ten harbours at dawn)"),
        ("[image]", "[image]"),
        ("• Read more", "Read more"),
        ("  Share this article  ", "Share this article"),
        ("See also: Five mayors on the ferry", "See also: Five mayors on the ferry"),
    ],
)
def test_around_a_line(line: str, found: str) -> None:
    assert words(marked(f"{BODY}\n\n{line}\n\nThe vote is near.")) == [found]


@pytest.mark.parametrize(
    "line",
    [
        "“Share this moment with me,” Ada Brook said, endorsing Cy Dunmore.",
        "Follow the money, Bo Quill told voters.",
        "Read more of the bill before you endorse it, Brook told Quill.",
        "Sign up for Cy Dunmore now, Brook said, or lose the harbour.",
        "Advertisements paid for by Brook back Dunmore.",
        "Photos of Brook with Dunmore are no endorsement, her office said.",
        "Video of the rally shows Brook endorsing Dunmore.",
        "The views expressed at the rally were Brook's.",
        "Support our candidate, Brook said of Dunmore.",
        "Subscribe to that view and you endorse Dunmore, Quill said.",
        "Related industries back Dunmore.",
        "Get out and vote, Brook told them.",
        "More than 40 mayors back Dunmore.",
        "Copyright law is why Quill backs Dunmore.",
        "This article of faith was first published by nobody, Quill said, endorsing Dunmore.",
        "Join me on Tuesday in voting for Dunmore, Brook wrote.",
        "He wants MORE for Larkfield, Brook said of Dunmore.",
        "Like Brook, Quill backs Dunmore.",
        "Find Dunmore on the ballot, Brook said.",
        "Like Brook",
        "Join Brook",
        "Ada Brook",
    ],
)
def test_real_text_is_left_alone(line: str) -> None:
    assert words(marked(f"{BODY}\n\n{line}\n\nThe vote is near.")) == []


def test_an_authors_name_alone_on_a_line() -> None:
    text = f"Dee Marsh\n\n{BODY}\n\nBy Eli Stone\n\nDee Marsh backs Cy Dunmore."
    article = mark(Article(id="a", text=text, authors=("Dee Marsh", "Eli Stone")))
    assert words(article) == ["Dee Marsh", "By Eli Stone"]


def test_a_title_is_never_debris() -> None:
    assert marked(BODY, title="Related: the ferry and the harbour").debris == ()


@pytest.mark.parametrize("one", CREDITS, ids=name)
def test_credits(one: Credit) -> None:
    text = f"{one.example}\n\n{BODY}" if one.head else f"{BODY}\n\n{one.example}"
    expected = "Harbour Times" if "Harbour Times" in one.example else None
    assert marked(text).original_outlet in ({expected} if expected else {"Reuters", "The Associated Press"})


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("LARKFIELD (AP) — Ada Brook is for it.", "The Associated Press"),
        ("LARKFIELD, July 3 (Reuters) - Ada Brook is for it.", "Reuters"),
        ("Ada Brook is for it.\n\nRead the original article on The Harbour Times.", "The Harbour Times"),
        ("Ada Brook told Reuters she is for it.", None),
        ("Ada Brook is for it.\n\nThe Associated Press contributed to this report.", None),
        ("Ada Brook (AP) is for it.", None),
    ],
)
def test_original_outlet(text: str, outlet: str | None) -> None:
    assert marked(text).original_outlet == outlet


def test_an_outlet_is_not_its_own_origin() -> None:
    assert marked("LARKFIELD (AP) — Brook is for it.", outlet="Associated Press").original_outlet is None
    assert (
        marked(
            "Brook is for it.\n\nRead the full story at Harbour Times", outlet="The Harbour Times"
        ).original_outlet
        is None
    )


def test_credit_of_an_author() -> None:
    for author in ("Dee Marsh, Reuters", "Reuters", "Dee Marsh | Reuters"):
        article = mark(Article(id="ferry", text=BODY, authors=(author,)))
        assert article.original_outlet == "Reuters"


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"• One point alone.\n\n{BODY}",
        f"{BODY}\n\n• After the text.\n\n• And another.",
        "• Nothing.\n\n• But bullets.",
        "- Come.\n- Go.\n" * 9 + BODY,
    ],
)
def test_no_key_points(text: str) -> None:
    assert marked(text).key_points == ()


def test_key_points_under_a_heading() -> None:
    article = marked(f"Key points:\n\n* Brook is for it.\n* Quill waits.\n\n{BODY}")
    assert [span.of(article.text) for span in article.key_points] == ["Brook is for it.", "Quill waits."]


def test_marking_twice_changes_nothing() -> None:
    once = marked(f"LARKFIELD (AP) — {BODY}\n\nADVERTISEMENT\n\nRead more")
    assert mark(once) == once
