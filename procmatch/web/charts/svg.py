"""Elements of SVG, escaped."""

from __future__ import annotations

from markupsafe import Markup, escape

__all__ = ["drawing", "element", "text"]


def element(name: str, /, *inside: str, **attributes: str | float) -> Markup:
    """Return an element; ``class_`` is the attribute ``class``, ``_`` in names is ``-``."""
    given = Markup("").join(
        Markup(' {}="{}"').format(
            key.rstrip("_").replace("_", "-"),
            f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value,
        )
        for key, value in attributes.items()
        if value != ""
    )
    content = Markup("").join(escape(one) for one in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(name, given, content)


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
