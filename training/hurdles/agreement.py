"""How far two readings of the same notices agree: Cohen's kappa by kind.

    python -m training.hurdles.agreement

A unit is one notice; the answers are the lots for which a kind is labelled, or none. Kappa sets the
agreement against what chance alone would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from training.hurdles.corpus import Label, listed, read_labels

__all__ = ["kappa", "kappas"]


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of pairs of answers; 1 where both always give the same one answer.

    Cohen, A coefficient of agreement for nominal scales, 1960.
    """
    total = len(pairs)
    agreed = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[answer] * second[answer] for answer in first) / total**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def _lots(labels: tuple[Label, ...]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for one in sorted(labels, key=lambda label: label.lot):
        key = (one.notice, one.kind)
        found[key] = f"{found.get(key, '')} {one.lot}".strip()
    return found


def kappas() -> dict[str, tuple[int, int, int, float]]:
    """Return kind -> (notices in both readings, only in the first, only in the second, kappa)."""
    first, second = _lots(read_labels("pass_a")), _lots(read_labels("pass_b"))
    notices = [one.notice for one in listed()]
    found: dict[str, tuple[int, int, int, float]] = {}
    for kind in sorted({kind for _, kind in first | second}):
        pairs = [(first.get((n, kind), ""), second.get((n, kind), "")) for n in notices]
        both = sum(bool(a and b) for a, b in pairs)
        only_a = sum(bool(a and not b) for a, b in pairs)
        only_b = sum(bool(b and not a) for a, b in pairs)
        found[kind] = (both, only_a, only_b, kappa(pairs))
    everything = [
        (first.get((n, kind), ""), second.get((n, kind), "")) for n in notices for kind in found
    ]
    both = sum(bool(a and b) for a, b in everything)
    found["all kinds"] = (
        both,
        sum(bool(a and not b) for a, b in everything),
        sum(bool(b and not a) for a, b in everything),
        kappa(everything),
    )
    return found


def main() -> None:
    for kind, (both, only_a, only_b, agreed) in kappas().items():
        print(f"{kind:24} both {both:3d}  only a {only_a:3d}  only b {only_b:3d}  {agreed:.3f}")


if __name__ == "__main__":
    main()
