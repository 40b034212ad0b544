"""The sample session, as a module that tests ask for."""

from __future__ import annotations

import importlib.util
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

VOID = {"meta", "link", "br", "img", "input", "hr", "rect", "path", "circle", "use"}


class Element:
    """An element of a parsed page."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.pieces: list[str] = []

    def text(self) -> str:
        """Everything a reader reads in it."""
        return " ".join(" ".join(self.pieces).split())

    def all(self, tag: str = "", css: str = "") -> list[Element]:
        """Every element inside it, of a tag and a class."""
        found = []
        for child in self.children:
            if (not tag or child.tag == tag) and (not css or css in (child.attributes.get("class") or "").split()):
                found.append(child)
            found += child.all(tag, css)
        return found


class Page(HTMLParser):
    """A page, parsed strictly: a tag that is closed out of turn is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert self._open == [self.root], f"not closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute twice in <{tag}>"
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """``sample.py``, loaded by its place."""
    spec = importlib.util.spec_from_file_location("report_sample", Path(__file__).with_name("sample.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def parse() -> type[Page]:
    """The strict parser."""
    return Page
