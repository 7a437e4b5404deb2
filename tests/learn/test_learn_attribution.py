# ruff: noqa: E402  (the imports need what is skipped without)
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra 'learn'")
pytest.importorskip("transformers", reason="training needs the extra 'learn'")
pytest.importorskip("onnx", reason="export needs the extra 'learn'")

from tokenizers import Tokenizer
from transformers import BertConfig

from whipcount.article import Attribution, Span
from whipcount.learn import attribution, batches
from whipcount.learn.attribution import Recipe
from whipcount.learn.corpus import Annotated, Example, load, parse
from whipcount.learn.export import export
from whipcount.learn.measure import score, trimmed
from whipcount.read.attribution import attributions_of
from whipcount.read.decode import spans_of
from whipcount.read.encoder import Encoder, ModelError

TINY = Recipe(
    epochs=4,
    rate=3e-3,
    head_rate=1e-2,
    warm_up=0.1,
    dropout=0.1,
    word_dropout=0.0,
    average=0.5,
    shapes=((32, 4), (64, 4)),
    compiled=False,
)


def config(tokenizer: Tokenizer) -> BertConfig:
    return BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


@pytest.fixture(scope="module")
def examples(corpus: Path, tokenizer: Tokenizer) -> tuple[list[Example], list[Example]]:
    torch.set_num_threads(1)
    return load(corpus / "train", tokenizer), load(corpus / "dev", tokenizer)


def test_annotations_become_tags_of_words(examples: tuple[list[Example], list[Example]]) -> None:
    item = examples[0][0]
    for role, name in enumerate(("source", "cue", "content")):
        spans = spans_of(item.tags, role)
        found = [(int(item.words.start[a]), int(item.words.end[b])) for a, b in zip(*spans, strict=True)]
        assert found == list(getattr(item.attributions[0], name))
    assert item.content_cue.pairs.heads[0, item.content_cue.target[0]] == 0
    assert item.cue_source.pairs.heads[0, item.cue_source.target[0]] == 0


def test_parts_of_a_broken_role_are_read_together() -> None:
    text = "T1\tContent 10 14;2 6\tx\nT2\tCue 7 9\ty\nE1\tAttribution:T9 Content:T1 Cue:T2\n"
    assert parse(text) == (Annotated((), ((7, 9),), ((2, 6), (10, 14))),)


def test_every_article_is_in_every_epoch_once(examples: tuple[list[Example], list[Example]]) -> None:
    for seed in (1, 2):
        plan = batches.plan(examples[0], seed, TINY.shapes)
        seen = sorted((w.example.name, w.start, w.end) for group, *_ in plan for w in group)
        covered = {name: sum(e - s for n, s, e in seen if n == name) for name, *_ in seen}
        assert covered == {e.name: len(e.tokens) for e in examples[0]}


def test_two_workers_share_a_batch(examples: tuple[list[Example], list[Example]]) -> None:
    whole = list(batches.epoch(examples[0], 3, TINY.shapes))
    halves = [list(batches.epoch(examples[0], 3, TINY.shapes, rank, 2)) for rank in (0, 1)]
    for both, left, right in zip(whole, *halves, strict=True):
        tags = [int((part.tags >= 0).sum()) for part in (both, left, right)]
        assert tags[0] == tags[1] + tags[2]


@pytest.fixture(scope="module")
def trained(
    examples: tuple[list[Example], list[Example]],
    tokenizer: Tokenizer,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[attribution.AttributionNet, Path]:
    out = tmp_path_factory.mktemp("run")
    return attribution.train(config(tokenizer), *examples, out, TINY), out


def test_a_killed_run_goes_on_to_the_same_weights(
    trained: tuple[attribution.AttributionNet, Path],
    examples: tuple[list[Example], list[Example]],
    tokenizer: Tokenizer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    through = trained[0]
    seen = 0

    def killed(*_: object) -> dict[str, float]:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise KeyboardInterrupt
        return {}

    with monkeypatch.context() as patched:
        patched.setattr(attribution, "evaluate", killed)
        with pytest.raises(KeyboardInterrupt):
            attribution.train(config(tokenizer), *examples, tmp_path, TINY)
    resumed = attribution.train(config(tokenizer), *examples, tmp_path, TINY)
    for name, weights in through.state_dict().items():
        assert torch.equal(weights, resumed.state_dict()[name]), name
    epochs = [json.loads(line)["epoch"] for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert epochs == [1, 2, 3, 4]


def test_a_checkpoint_of_another_recipe_is_refused(
    trained: tuple[attribution.AttributionNet, Path],
    examples: tuple[list[Example], list[Example]],
    tokenizer: Tokenizer,
) -> None:
    with pytest.raises(ValueError, match="another recipe"):
        attribution.train(config(tokenizer), *examples, trained[1], replace(TINY, rate=1e-4))


def test_it_learns_what_it_is_shown(
    examples: tuple[list[Example], list[Example]], tokenizer: Tokenizer, tmp_path: Path
) -> None:
    recipe = replace(TINY, epochs=40, dropout=0.0)
    net = attribution.train(config(tokenizer), examples[0], examples[1], tmp_path, recipe)
    figures = attribution.evaluate(net, examples[0])
    assert figures["relation"] > 90
    assert figures["source"] > 90


def test_the_exported_model_reads_as_the_network_does(
    trained: tuple[attribution.AttributionNet, Path],
    examples: tuple[list[Example], list[Example]],
    tokenizer: Tokenizer,
    tmp_path: Path,
) -> None:
    export(trained[0], tokenizer, tmp_path / "model", {"name": "tiny"}, batches.sample(examples[0], 4, 64))
    model = Encoder(tmp_path / "model")
    texts = [e.text for e in examples[1]]
    sections = [s for group in model.encode_all(texts, 1) for s in group]
    with torch.no_grad():
        for section, item in zip(sections, examples[1], strict=True):
            inputs = batches.collate([(item.tokens, 0, len(item.tokens))], len(item.tokens) + 2)
            exact = trained[0](inputs)[1][0, 1:-1].numpy()
            assert np.abs(section.hidden - exact).mean() < 0.1
    assert len(list(attributions_of(texts, model, 1))) == len(texts)
    weights = tmp_path / "model" / "reader.onnx"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="not the file"):
        Encoder(tmp_path / "model")


def test_score_counts_spans_and_whole_relations() -> None:
    text = 'Ada Quill said "yes, now" on Monday.'
    gold = [Annotated(((0, 9),), ((10, 14),), ((15, 25),))]
    same = Attribution((Span(0, 9),), (Span(10, 14),), (Span(16, 24),))
    assert set(score([(text, gold, [same])]).figures().values()) == {100.0}
    no_source = replace(same, source=())
    assert score([(text, gold, [no_source])]).figures() == {
        "source": 0.0,
        "cue": 100.0,
        "content": 100.0,
        "content@.5": 100.0,
        "relation": 0.0,
    }


def test_edges_and_gaps_of_spans_do_not_count() -> None:
    assert trimmed('say "so much" more.', ((4, 7), (8, 13), (14, 19))) == ((5, 12), (14, 18))
