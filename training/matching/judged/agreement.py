"""How far the two readings agree: Cohen's kappa over the three labels.

python -m training.matching.judged.agreement
"""

from __future__ import annotations

from collections import Counter

from training.hurdles.agreement import kappa
from training.matching.judged.corpus import judged

__all__ = ["agreement", "pairs"]


def pairs() -> list[tuple[int, int]]:
    """Return the label of the first and of the second reading of each firm for each lot."""
    second = {(one.notice, one.lot, one.firm): one.label for one in judged("pass_b")}
    return [(one.label, second[one.notice, one.lot, one.firm]) for one in judged("pass_a")]


def agreement() -> tuple[float, int, int]:
    """Return kappa, how many labels are the same, and how many there are."""
    both = pairs()
    return (
        kappa([(str(one), str(two)) for one, two in both]),
        sum(one == two for one, two in both),
        len(both),
    )


def main() -> None:
    found, same, both = agreement()
    print(f"kappa {found:.3f}; {same} of {both} alike")
    for (one, two), many in sorted(Counter(pairs()).items()):
        print(f"  first {one}, second {two}: {many}")


if __name__ == "__main__":
    main()
