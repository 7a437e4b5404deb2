"""What else is known of an article, and what stands beside it."""

import pytest

from whipcount.article import Article, Fact
from whipcount.outlet_table import outlets
from whipcount.page import mark, page, pages
from whipcount.page.debris import of_outlets

LINES = (
    "Mayor Ada Brook endorsed Cy Dunmore for governor on Tuesday at the ferry landing.",
    "Sen. Bo Quill has not said whom he supports, and asks for a plan for the harbour first.",
    "The vote on the ferry is in November, and three more mayors are expected to come out.",
)
BODY = "\n\n".join(LINES)
HTML = "".join(f"<p>{line}</p>" for line in LINES)


def marked(text: str, title: str = "Ferry plan divides Larkfield", **given: str) -> Article:
    return mark(Article(id="ferry", text=f"{title}\n\n{text}", title=title, **given))  # type: ignore[arg-type]


def html(head: str = "", body: str = HTML) -> str:
    return f"<html><head>{head}</head><body><article><h1>Ferry plan</h1>{body}</article></body></html>"


def linked(more: str, kind: str = "NewsArticle") -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}", {more}}}</script>'


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version of this article misstated the day of the vote.",
        "An earlier version of this story said that Brook endorsed Quill.",
        "(Note: An earlier version of this story misstated the day.)",
        "This article has been corrected to say that Brook did not endorse Quill.",
        "This post originally said that Quill endorsed Dunmore; he has not.",
        "Editor's note: This story originally misidentified the mayor.",
    ],
)
def test_corrections_are_a_fact_and_not_read(line: str) -> None:
    article = marked(f"{BODY}\n\n{line}")
    assert article.facts == {Fact.CORRECTED}
    assert [span.of(article.text) for span in article.asides] == [line]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("RETRACTED: Brook endorses Dunmore", "More tomorrow."),
        ("Brook endorses Dunmore", "Editor's note: The Courier has retracted this article in full."),
        ("Brook endorses Dunmore", "This story has been retracted, as Brook never said so."),
    ],
)
def test_a_retraction_is_a_fact(title: str, line: str) -> None:
    assert Fact.RETRACTED in marked(f"{BODY}\n\n{line}", title=title).facts


@pytest.mark.parametrize(
    "line",
    [
        "Brook retracted her endorsement of Dunmore.",
        "Quill asked that the Herald retract the story; it has not.",
        "The statement was retracted an hour later.",
    ],
)
def test_no_retraction_of_the_article(line: str) -> None:
    assert marked(f"{BODY}\n\n{line}", title="Retracting the ferry plan").facts == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "An earlier version of this bill failed in March, Brook said.",
        "Quill said that a correction of the plan is due.",
        "Note: the ferry leaves at nine.",
        "The story has changed since.",
    ],
)
def test_no_corrections(line: str) -> None:
    assert marked(f"{BODY}\n\n{line}\n\nThe end is near.").facts == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "To continue reading, subscribe today.",
        "Subscribe to continue reading",
        "Already a subscriber? Log in",
        "This article is for subscribers only.",
        "You have reached your limit of free articles.",
        "The rest of this story is reserved for our members.",
    ],
)
def test_cut_off_at_a_paywall(line: str) -> None:
    article = marked(f"{BODY}\n\n{line}")
    assert article.facts == {Fact.CUT_OFF}
    assert [span.of(article.text) for span in article.debris] == [line]


def test_a_page_for_subscribers_is_cut_off_where_it_shows_little() -> None:
    head = linked('"isAccessibleForFree": false')
    assert page(html(head), id="a").facts == {Fact.CUT_OFF}
    assert page(html(head, HTML * 8), id="a").facts == frozenset()
    assert page(
        html(linked('"isAccessibleForFree": "False"'), HTML * 8 + "<p>And then she...</p>"), id="a"
    ).facts == {Fact.CUT_OFF}
    assert page(html(), id="a").facts == frozenset()


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"url": "https://courier.example/opinion/2031/ferry"}, Fact.OPINION),
        ({"title": "Opinion: Build the ferry"}, Fact.OPINION),
        ({"title": "Build the ferry | Editorial"}, Fact.OPINION),
        ({"text": f"ANALYSIS/OPINION:\n\n{BODY}"}, Fact.OPINION),
        ({"text": f"{BODY}\n\nThe views expressed by contributors are their own."}, Fact.OPINION),
        ({"url": "https://courier.example/satire/ferry"}, Fact.SATIRE),
        ({"text": f"{BODY}\n\nThis article is satire."}, Fact.SATIRE),
        ({"outlet": next(one.name for one in outlets() if one.kind == "satire")}, Fact.SATIRE),
    ],
)
def test_labels(given: dict[str, str], fact: Fact) -> None:
    assert marked(given.pop("text", BODY), **given).facts == {fact}


@pytest.mark.parametrize(
    ("head", "fact"),
    [
        (linked('"headline": "Ferry plan"', "OpinionNewsArticle"), Fact.OPINION),
        (linked('"articleSection": ["Opinion"]'), Fact.OPINION),
        ('<meta property="article:section" content="Commentary">', Fact.OPINION),
        (linked('"headline": "Ferry plan"', "SatiricalArticle"), Fact.SATIRE),
        (linked('"correction": "The day was wrong."'), Fact.CORRECTED),
    ],
)
def test_labels_of_a_page(head: str, fact: Fact) -> None:
    assert page(html(head), id="a").facts == {fact}


@pytest.mark.parametrize(
    "title", ["Opinion polls favour the ferry", "Quill's opinion of Brook", "Public opinion turns"]
)
def test_no_opinion(title: str) -> None:
    assert marked(BODY, title).facts == frozenset()


ENTRIES = (
    ("2031-07-03T09:00:00-05:00", "Brook comes out", "Mayor Ada Brook endorsed Cy Dunmore at the landing."),
    ("2031-07-04T11:30:00-05:00", "Quill waits", "Sen. Bo Quill said he is not ready to endorse anyone."),
)


def test_entries_of_a_live_blog_in_json_ld() -> None:
    updates = ",".join(
        f'{{"@type": "BlogPosting", "headline": "{title}", "datePublished": "{when}", "articleBody": "<p>{text}</p>",'
        f' "url": "https://courier.example/live#{number}"}}'
        for number, (when, title, text) in enumerate(ENTRIES)
    )
    head = linked(
        f'"publisher": {{"name": "Larkfield Courier"}}, "liveBlogUpdate": [{updates}]', "LiveBlogPosting"
    )
    found = pages(html(head), id="live", url="https://courier.example/live")
    assert [one.id for one in found] == ["live-1", "live-2"]
    assert [one.text for one in found] == [f"{title}\n\n{text}" for _, title, text in ENTRIES]
    assert [str(one.published) for one in found] == ["2031-07-03", "2031-07-04"]
    assert [one.url for one in found] == ["https://courier.example/live#0", "https://courier.example/live#1"]
    assert all(one.outlet == "Larkfield Courier" and one.facts == {Fact.LIVE_BLOG} for one in found)
    assert page(html(head), id="live").facts >= {Fact.LIVE_BLOG}


def test_entries_of_a_live_blog_on_the_page() -> None:
    blocks = "".join(
        f'<div class="live-blog-post" id="e{number}"><time datetime="{when}">then</time><h3>{title}</h3><p>{text}</p></div>'
        for number, (when, title, text) in enumerate(ENTRIES)
    )
    found = pages(
        html(body=f'<div class="live-blog">{blocks}</div>'), id="live", url="https://courier.example/live"
    )
    assert [one.title for one in found] == ["Brook comes out", "Quill waits"]
    assert [one.url for one in found] == [
        "https://courier.example/live#e0",
        "https://courier.example/live#e1",
    ]


def test_any_other_page_is_one_article() -> None:
    teasers = '<div class="live-updates"><a href="/live">Live updates</a></div>'
    found = pages(html(body=HTML + teasers), id="a")
    assert found == [page(html(body=HTML + teasers), id="a")]


def test_captions_and_pull_quotes_are_kept_apart() -> None:
    caption = "Ada Brook waits for the ferry at Larkfield. (Photo by Dee Marsh)"
    quote = "“asks for a plan for the harbour first” — Bo Quill"
    article = marked(f"{caption}\n\n{LINES[0]}\n\n{quote}\n\n{LINES[1]}")
    assert [span.of(article.text) for span in article.asides] == [caption, quote]
    assert article.debris == ()


def test_pull_quotes_of_a_page() -> None:
    quote = "The harbour is for all of us, and so is the ferry."
    article = mark(page(html(body=f'{HTML}<blockquote class="pullquote">{quote}</blockquote>{HTML}'), id="a"))
    assert quote in [span.of(article.text) for span in article.asides]


def test_a_doubled_paragraph_is_read_once() -> None:
    article = marked(f"{BODY}\n\n{LINES[0]}")
    assert [(span.of(article.text), span.start > len(LINES[0]) + 40) for span in article.debris] == [
        (LINES[0], True)
    ]


def test_a_title_said_twice_is_read_once() -> None:
    article = marked(f"Ferry plan divides Larkfield\n\n{BODY}")
    assert [span.of(article.text) for span in article.debris] == ["Ferry plan divides Larkfield"]


def test_lists_of_other_stories() -> None:
    links = "Related stories\n\nFive mayors on the ferry\n\nWhat the harbour costs"
    article = marked(f"{BODY}\n\n{links}\n\nThe vote is near.")
    assert " ".join(span.of(article.text) for span in article.debris) == links.replace("\n\n", " ")


@pytest.mark.parametrize("one", of_outlets(), ids=lambda one: f"{one.outlet}: {one.name}")
def test_debris_of_one_outlet(one: object) -> None:
    known = {outlet.id: outlet for outlet in outlets()}
    outlet = known[one.outlet]  # type: ignore[attr-defined]
    example, where = one.example, one.where  # type: ignore[attr-defined]
    text = f"{LINES[0]}\n\n{example}\n\n{LINES[1]}"
    there = marked(text, url=f"https://{outlet.domains[0]}/f")
    spans = there.asides if where == "aside" else there.debris
    assert [span.of(there.text) for span in spans] == [example]
