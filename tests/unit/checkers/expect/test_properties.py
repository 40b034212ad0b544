"""What holds of conditions whatever is expected and whatever is found."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.expect import patterns, truth
from checkers.expect.condition import Condition
from checkers.expect.evaluate import evaluate
from checkers.expect.fit import faults
from checkers.expect.kinds import record
from checkers.expect.truth import Truth
from checkers.probe import Value


class Item(Value):
    name: str
    size: int | None
    good: bool

    def not_seen(self) -> frozenset[str]:
        return frozenset({"size"} if self.size is None and self.name == "?" else ())


class Whole(Value):
    title: str | None
    items: tuple[Item, ...]


KIND = record(Whole)
NAMES = st.sampled_from(["a", "b", "?"])
NUMBERS = st.integers(-2, 4)
ITEMS = st.builds(Item, name=NAMES, size=st.none() | NUMBERS, good=st.booleans())
WHOLES = st.builds(Whole, title=st.none() | NAMES, items=st.lists(ITEMS, max_size=4).map(tuple))

_TEXT = st.one_of(
    st.builds(lambda v: {"equals": v}, NAMES),
    st.builds(lambda v: {"in": v}, st.lists(NAMES, min_size=1, max_size=2)),
    st.builds(lambda v: {"matches": v}, st.sampled_from(["a", "[ab]", "(?i)A|B", "a.*"])),
    st.builds(lambda v: {"contains": v}, NAMES),
)
_NUMBER = st.one_of(
    st.builds(lambda v: {"equals": v}, NUMBERS),
    st.builds(lambda v: {"at_least": v}, NUMBERS),
    st.builds(lambda a, b: {"between": sorted([a, b])}, NUMBERS, NUMBERS),
)
_TRUTH = st.builds(lambda v: {"equals": v}, st.booleans())


def _group(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda name, of: {name: of},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    )


def _at(path: str, comparison: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return comparison.map(lambda given: {"path": path, **given})


def _each(path: str, inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda name, of: {"path": path, name: of}, st.sampled_from(["all", "any", "none"]), inner)


_OF_ITEM = st.recursive(
    st.one_of(
        _at("name", _TEXT), _at("size", _NUMBER), _at("good", _TRUTH), st.just({"path": "size", "present": True})
    ),
    _group,
    max_leaves=3,
)
CONDITIONS = st.recursive(
    st.one_of(
        _at("title", _TEXT),
        _each("items[*].name", st.one_of(_TEXT, _group(_TEXT))),
        _each("items[*].size", _NUMBER),
        _each("items[*]", _OF_ITEM),
        _at("items[name=a].size", _NUMBER),
        _at("items[*]", st.builds(lambda count: {"count": count}, _NUMBER)),
        _at("items[*].name", st.builds(lambda v: {"exactly": v}, st.lists(NAMES, min_size=1, max_size=2))),
    ),
    _group,
    max_leaves=5,
)


def _truth(condition: dict[str, Any], found: Value) -> Truth:
    return evaluate(Condition.model_validate(condition), found, KIND).truth


@given(CONDITIONS, WHOLES)
@settings(max_examples=100, deadline=None)
def test_a_condition_that_fits_concludes_and_says_why(condition: dict[str, Any], found: Whole) -> None:
    read = Condition.model_validate(condition)
    assert list(faults(read, KIND)) == []
    result = evaluate(read, found, KIND)
    assert result.clause.fr
    assert result.clause.en
    assert result == evaluate(read, Whole.model_validate(found.model_dump(mode="json")), KIND), (
        "stored facts judge alike"
    )


@given(CONDITIONS, CONDITIONS, WHOLES)
@settings(max_examples=60, deadline=None)
def test_groups_are_what_their_names_say(one: dict[str, Any], two: dict[str, Any], found: Whole) -> None:
    first, second = _truth(one, found), _truth(two, found)
    assert _truth({"all": [one, two]}, found) == min(first, second)
    assert _truth({"any": [one, two]}, found) == max(first, second)
    assert _truth({"none": [one, two]}, found) == truth.turned(max(first, second))
    assert _truth({"none": [{"none": [one]}]}, found) == first


@given(st.lists(ITEMS, max_size=5), NAMES)
@settings(max_examples=60, deadline=None)
def test_quantifiers_are_those_of_mathematics_but_all_of_nothing(items: list[Item], name: str) -> None:
    found = Whole(title=None, items=tuple(items))
    names = [item.name for item in items]
    for quantifier, holds in (
        ("any", name in names),
        ("none", name not in names),
        ("all", bool(names) and set(names) == {name}),
    ):
        whole = _truth({"path": "items[*].name", quantifier: {"equals": name}}, found)
        assert (whole is Truth.HOLDS) is holds


@given(st.lists(ITEMS, max_size=4), NUMBERS)
@settings(max_examples=60, deadline=None)
def test_nothing_unseen_or_absent_ever_helps(items: list[Item], size: int) -> None:
    """A value that is missing never makes ``all`` hold; one that was not seen never makes anything fail."""
    found = Whole(title=None, items=tuple(items))
    of_all = _truth({"path": "items[*].size", "all": {"equals": size}}, found)
    seen = [item for item in items if "size" not in item.not_seen()]
    if any(item.size is None for item in items):
        assert of_all is not Truth.HOLDS
    if len(seen) < len(items) and all(item.size == size for item in seen):
        assert of_all is Truth.UNSEEN


@given(st.lists(ITEMS, max_size=5), st.sampled_from(["all", "any", "none"]), NUMBERS)
@settings(max_examples=60, deadline=None)
def test_two_ways_to_write_one_thing_say_the_same(items: list[Item], quantifier: str, size: int) -> None:
    found = Whole(title=None, items=tuple(items))
    straight = _truth({"path": "items[*].size", quantifier: {"at_least": size}}, found)
    by_element = _truth({"path": "items[*]", quantifier: {"path": "size", "at_least": size}}, found)
    assert straight == by_element


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_an_expression_matches_the_whole_text(wanted: str, found: str) -> None:
    escaped = "".join(f"\\x{{{ord(char):X}}}" for char in wanted[:20])
    assert patterns.fault(escaped) is None
    assert patterns.matches(escaped, wanted[:20])
    assert patterns.matches(escaped, found) is (found == wanted[:20])


@given(st.sampled_from([r"(a+)+b", r"(a|a)*b", r"(a|aa)+$", r"([a-z]+)*\d", r"(.*a){12}"]), st.integers(30, 20_000))
@settings(max_examples=20, deadline=None)
def test_expressions_that_ruin_a_backtracking_engine_answer(pattern: str, length: int) -> None:
    text = "a" * length + "!"
    assert not patterns.matches(pattern, text)
    assert re.search("!", text)


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_text_is_an_expression_or_has_a_fault(pattern: str) -> None:
    if patterns.fault(pattern) is None:
        patterns.matches(pattern, "abc\n")
