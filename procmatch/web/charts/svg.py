"""Elements of SVG, escaped."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape

__all__ = ["drawing", "element", "text"]


def element(name: str, /, *inside: str, **attributes: str | float) -> Markup:
    """Return an element; ``class_`` is the attribute ``class``, ``_`` in names is ``-``."""
    given = "".join(
        f' {escape(_name(key))}="{escape(_written(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    content = "".join(map(escape, inside))
    return Markup(f"<{escape(name)}{given}>{content}</{escape(name)}>")  # noqa: S704 - each part is


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _written(value: str | float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(words: str, x: float, y: float, *, class_: str = "", anchor: str = "") -> Markup:
    """Return words at a point; ``anchor`` is middle or end, else they start there."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def drawing(label: str, width: float, height: float, *inside: Markup) -> Markup:
    """Return a whole drawing that a screen reader reads as one image with a name."""
    return element(
        "svg",
        element("title", label),
        *inside,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria_label=label,
    )
