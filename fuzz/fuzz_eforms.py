"""Damaged notices against the eForms reader: a ``Notice`` or an error of ours, nothing else.

Guided by coverage, for as long as you like (atheris is no dependency; CPython 3.11 or newer on
Linux)::

    pip install atheris
    python fuzz/fuzz_eforms.py -max_total_time=600 [CORPUS]

Without atheris, a plain loop of random damage (the seed of the loop is printed)::

    python fuzz/fuzz_eforms.py --plain --seconds 60

An input that breaks a rule is written beside the call as ``broken-<digest>.xml``. Found once, it
becomes a case of ``tests/property/test_reader_never_crashes.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

from procmatch.demo import world
from procmatch.errors import CodeError, SourceError
from procmatch.model.notice import Notice
from procmatch.sources import eforms
from procmatch.store.documents import decode, encode

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "tenders" / "doffin_xml"
_CONTENT = re.compile(rb">[^<>]+<|\"[^\"<>]*\"")
_ELEMENT = re.compile(rb"<(\w+:\w+)[^<>]*>[^<>]*</\1>")
_JUNK = (
    *(b"", b" ", b"-1", b"unpublished", b"true", b"none", b"NaN", b"1e9999", b"9" * 400),
    *(b"0001-01-01+14:00", b"9999-12-31-14:00", b"1970-01-01", b"24:00:00", b"23:59:59.9999999"),
    *(b"LOT-0001", b"ORG-0001", b"TEN-0001", b"NOK", b"\xd9\xa3", b"\xe2\x80\x8b", b"\xed\xa0\x80"),
    *(b"&#0;", b"&#x1F;", b"&#xD800;", b"&amp;", b"&a;", b"<!--", b"]]>", b"\x00", b"\xff\xfe"),
    *(b"\xc3\x83\xc2\xb8", b"x" * 100_000),
)


def corpus() -> list[bytes]:
    """The sample world's notices, and real ones where there are any."""
    real = sorted(SHARED.glob("*.xml")) if SHARED.is_dir() else []
    return [*world.notices().values(), *(path.read_bytes() for path in real)]


def check(data: bytes) -> str:
    """Read ``data`` twice and keep it once; return what came of it in one word.

    Raises:
        AssertionError: a rule is broken.
        Exception: the reader let through an error that is not ours.
    """
    try:
        notice = eforms.read(data)
    except (SourceError, CodeError) as error:
        if len(str(error)) > 1000:
            raise AssertionError("an error longer than anybody reads") from error
        return type(error).__name__
    assert eforms.read(data) == notice, "read otherwise the second time"
    assert decode(encode(notice), Notice) == notice, "not the same when kept"
    return "Notice"


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Return ``data`` with one to five pieces of damage."""
    for _ in range(dice.randint(1, 5)):
        if not data:
            break
        at = dice.randrange(len(data))
        kind = dice.random()
        places = _CONTENT if kind < 0.5 else _ELEMENT
        found = places.search(data, at) or places.search(data)
        if kind < 0.85 and found is None:
            continue
        if found is not None and kind < 0.5:
            first, last = found.span()
            data = data[: first + 1] + dice.choice(_JUNK) + data[last - 1 :]
        elif found is not None and kind < 0.65:
            data = data[: found.start()] + data[found.end() :]
        elif found is not None and kind < 0.75:
            data = data[: found.end()] + found[0] + data[found.end() :]
        elif found is not None and kind < 0.85:
            other = places.search(data, dice.randrange(len(data))) or found
            data = data[: found.start()] + other[0] + data[found.end() :]
        elif kind < 0.95:
            data = data[:at] + bytes((dice.randrange(256),)) + data[at + 1 :]
        else:
            data = data[:at]
    return data


def plain(seconds: float, seed: int) -> int:
    """Damage and read until the time is over; return how many inputs broke a rule."""
    dice, bodies, came = random.Random(seed), corpus(), Counter[str]()
    broken = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = damaged(dice.choice(bodies), dice)
        try:
            came[check(data)] += 1
        except Exception as error:  # noqa: BLE001 - any is a finding
            broken += 1
            path = Path(f"broken-{hashlib.sha256(data).hexdigest()[:12]}.xml")
            path.write_bytes(data)
            print(f"{path}: {type(error).__name__}: {str(error)[:200]}")
    told = ", ".join(f"{many} {what}" for what, many in came.most_common())
    print(f"seed {seed}: {came.total() + broken} inputs: {told}; {broken} broke a rule")
    return broken


def readers() -> Iterator[FunctionType]:
    """Yield the functions whose coverage guides the search: those of ``procmatch.sources``."""
    for name, module in list(sys.modules.items()):
        if name.startswith("procmatch.sources"):
            inside = [one for one in vars(module).values() if isinstance(one, type)]
            for found in (vars(module), *map(vars, inside)):
                for one in found.values():
                    if isinstance(one, FunctionType) and one.__module__ == name:
                        yield one


def guided() -> None:
    """Hand over to atheris, which mutates what is in its corpus folder and ends by itself."""
    import atheris  # noqa: PLC0415 - not a dependency

    folders = [one for one in sys.argv[1:] if not one.startswith("-")]
    folder = Path(folders[0] if folders else "fuzz-corpus")
    folder.mkdir(exist_ok=True)
    for body in corpus():
        (folder / hashlib.sha256(body).hexdigest()[:12]).write_bytes(body)
    if not folders:
        sys.argv.append(str(folder))
    for function in readers():
        atheris.instrument_func(function)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)
        changed = damaged(data, dice) if dice.random() < 0.7 else atheris.Mutate(data, most)
        return changed[:most]

    arguments = [*sys.argv, "-max_len=200000"]
    atheris.Setup(arguments, lambda data: bool(check(data)) and None, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    if "--plain" in sys.argv:
        parser = argparse.ArgumentParser(description="Random damage, without atheris.")
        parser.add_argument("--plain", action="store_true")
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
        given = parser.parse_args()
        sys.exit(1 if plain(given.seconds, given.seed) else 0)
    guided()
