"""A page as a reader sees it: its words, its pictures."""

from __future__ import annotations

from html.parser import HTMLParser


class _Words(HTMLParser):
    """What a reader sees: text outside of styles and of what pictures say to those who cannot see them."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "desc", "title")
        if tag == "svg" and ("aria-hidden", "true") not in attrs:
            self.pictures.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "desc", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def words(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    return " ".join(" ".join(parser.said).split())


def pictures(page: str) -> list[dict[str, str | None]]:
    parser = _Words()
    parser.feed(page)
    return parser.pictures
