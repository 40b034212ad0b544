"""A condition on a value: whether it holds, and a clause that says why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkers.expect import patterns, truth
from checkers.expect.condition import GROUPS, Condition
from checkers.expect.kinds import Kind
from checkers.expect.paths import Found, Path, follow, plain, resolve
from checkers.expect.sentences import asked, both, compares_secret, expected, joined, label, same, value, values
from checkers.expect.truth import Truth
from checkers.secrets import token
from labs.text import Text


@dataclass(frozen=True)
class Result:
    """What a condition comes to, and why."""

    truth: Truth
    clause: Text


def evaluate(condition: Condition, found: Any, kind: Kind) -> Result:
    """A condition (that fits, see ``checkers.expect.fit``) on a value of this kind."""
    name = condition.said()[0]
    if condition.path is not None:
        return _at_path(condition, name, found, kind)
    if name in GROUPS:
        return _group(condition, name, found, kind)
    holds = _compare(condition, name, found)
    shown = _of_secret(holds=holds) if name == "equals_secret" else value(found)
    return Result(Truth.HOLDS if holds else Truth.FAILS, _said(same(""), shown, asked(condition), holds=holds))


def _group(condition: Condition, name: str, found: Any, kind: Kind) -> Result:
    results = [evaluate(inner, found, kind) for inner in getattr(condition, name)]
    truths = [result.truth for result in results]
    if name == "all":
        whole = truth.every(truths)
        telling = (Truth.FAILS, Truth.ABSENT) if whole <= Truth.ABSENT else (whole,)
        return Result(whole, joined([result.clause for result in results if result.truth in telling]))
    whole = truth.some(truths)
    if name == "any":
        clauses = joined([result.clause for result in results if result.truth == whole or whole <= Truth.ABSENT])
        missed = both("aucune possibilité admise (%s)", "none of what is allowed (%s)", clauses)
        return Result(whole, missed if whole <= Truth.ABSENT else clauses)
    unwanted = joined([result.clause for result in results if result.truth == whole])
    if whole is Truth.FAILS:
        return Result(Truth.HOLDS, both("rien de ce qui est exclu (%s)", "nothing excluded (%s)", expected(condition)))
    if whole is Truth.HOLDS:
        return Result(Truth.FAILS, both("ne devrait pas être : %s", "should not be: %s", unwanted))
    return Result(whole, unwanted)


def _at_path(condition: Condition, name: str, start: Any, kind: Kind) -> Result:
    path = resolve(kind, condition.path or "")
    found = follow(path, start)
    called = label(condition)
    whole = _truth(condition, name, found, path)
    if whole is Truth.UNSEEN:
        return Result(whole, both("%s : n'a pas pu être observé", "%s: could not be observed", called))
    if whole is Truth.ABSENT and found.lost:
        lost = Text(f"introuvable (« {found.lost} »)", f"not found (“{found.lost}”)")
        return Result(whole, both("%s : %s, attendu %s", "%s: %s, expected %s", called, lost, asked(condition)))
    holds = whole is Truth.HOLDS
    if name == "count":
        shown = same(str(len(found.values)))
    elif compares_secret(condition):
        shown = _of_secret(holds=holds)
    else:
        shown = _shown(condition, name, found, path.kind)
    return Result(whole, _said(called, shown, asked(condition), holds=holds))


def _said(called: Text, found: Text, wanted: Text, *, holds: bool) -> Text:
    head = both("%s : ", "%s: ", called) if called.fr else called
    if holds:
        return both("%s%s", "%s%s", head, found)
    return both("%strouvé %s, attendu %s", "%sfound %s, expected %s", head, found, wanted)


def _of_secret(*, holds: bool) -> Text:
    """What stands for a found value that was compared with a secret: it may be the secret but for a slip."""
    return Text("la valeur attendue", "the value expected") if holds else Text("autre chose", "something else")


def _shown(condition: Condition, name: str, found: Found, kind: Kind) -> Text:
    """The values that decide: those that break ``all`` or ``none``, those that make ``any`` hold; else all."""
    inner = getattr(condition, name) if name in GROUPS else None
    if not isinstance(inner, Condition):
        return values(found.values)
    by_truth: dict[Truth, list[Any]] = {one: [] for one in Truth}
    for one in found.values:
        by_truth[evaluate(inner, one, kind).truth].append(one)
    bad = [one for each in (Truth.FAILS, Truth.ABSENT) for one in by_truth[each]]
    deciding = {"all": bad, "any": by_truth[Truth.HOLDS], "none": by_truth[Truth.HOLDS]}[name]
    if found.gaps and name == "all" and not bad:
        return Text("un élément sans valeur", "an item without a value")
    return values(deciding or found.values)


def _truth(condition: Condition, name: str, found: Found, path: Path) -> Truth:
    if found.lost and found.lost != path.text:
        return Truth.ABSENT  # what should have it is not there, so not even its absence says anything
    if name == "present":
        if found.values or not found.unseen:
            return Truth.HOLDS if bool(found.values) is condition.present else Truth.FAILS
        return Truth.UNSEEN
    if name == "count" and condition.count is not None:
        return Truth.UNSEEN if found.unseen else evaluate(condition.count, len(found.values), Kind("number")).truth
    unseen = [Truth.UNSEEN] * found.unseen
    if found.lost:
        return Truth.ABSENT
    if name == "exactly":
        wanted = {plain(one) for one in condition.exactly or ()}
        right = {plain(one) for one in found.values} == wanted
        return Truth.UNSEEN if unseen else Truth.HOLDS if right else Truth.FAILS
    inner = getattr(condition, name) if name in GROUPS else None
    if not isinstance(inner, Condition):
        compared = [Truth.HOLDS if _compare(condition, name, one) else Truth.FAILS for one in found.values]
        return truth.every(compared + unseen + [Truth.ABSENT] * found.gaps)
    each = [evaluate(inner, one, path.kind).truth for one in found.values] + unseen
    if name == "all":
        return truth.every(each + [Truth.ABSENT] * found.gaps) if each or found.gaps else Truth.ABSENT
    holds = truth.some([Truth.FAILS if one is Truth.ABSENT else one for one in each])
    return holds if name == "any" else truth.turned(holds)  # an element without the value is none that has it


def _compare(condition: Condition, name: str, found: Any) -> bool:
    """One value against one comparison, both of one kind."""
    if name == "equals":
        return plain(found) == plain(condition.equals)
    if name == "in":
        return plain(found) in {plain(one) for one in condition.one_of or ()}
    if name == "equals_secret":
        return str(found) == token(condition.equals_secret or "")
    if name == "contains":
        return (condition.contains or "") in plain(found)
    if name == "matches":
        return patterns.matches(condition.matches or "", plain(found))
    low, high = {
        "at_least": (condition.at_least, None),
        "at_most": (None, condition.at_most),
        "between": condition.between or (None, None),
    }[name]
    return (low is None or found >= low) and (high is None or found <= high)
