"""A certificate, or only a system that one may show in another way?

For a small firm the difference decides: a certificate costs a year, a description an evening. A
certificate is asked for where the buyer says "certified" or names a standard; where it stands as an
example or as one sufficient proof, the system is what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procmatch.matching.signs import has

__all__ = ["certificates_or_systems"]

#: subject of management -> (kind of the certificate, kind of the mere system).
_FAMILIES = {
    "quality": ("quality_certificate", "quality_system"),
    "environment": ("environment_certificate", "environment_system"),
    "security": ("security_certificate", "information_security"),
}


def certificates_or_systems(sentences: Iterable[str]) -> Iterator[str]:
    """Yield the kinds that one criterion asks for, at most one of each subject.

    The wording of the self-declaration (ESPD) counts only where the buyer adds none of its own.

    Args:
        sentences: the sentences of a criterion, its name first.
    """
    every = tuple(sentences)
    own = [one for one in every if not has("declared", one)]
    for subject, (certificate, system) in _FAMILIES.items():
        mine = [
            one for one in own if has(f"{subject} standard", one) or has(f"{subject} system", one)
        ]
        if mine:
            yield certificate if any(_firm(one, subject) for one in mine) else system
        elif any(has("declared", one) and has(f"{subject} system", one) for one in every):
            yield certificate


def _firm(sentence: str, subject: str) -> bool:
    """Tell whether a sentence asks for the certificate itself."""
    named = has(f"{subject} standard", sentence) or has("certified", sentence)
    return named and not has("one way", sentence)
