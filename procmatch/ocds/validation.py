"""Releases held against the JSON schema that a user names; nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from procmatch.errors import ExtraMissing
from procmatch.ocds.values import Json

__all__ = ["checker"]

#: A release that is wrong in more ways than this is told by the first of them.
_MOST = 5
_LONGEST = 160


def checker(schema: Json, others: Sequence[Json] = ()) -> Callable[[Json], list[str]]:
    """Return what tells how a release breaks ``schema``; an empty list when it does not.

    Args:
        schema: a JSON schema of releases.
        others: schemas that it may refer to by their ``id``.

    Raises:
        ExtraMissing: the library is not installed.
    """
    try:
        from jsonschema import FormatChecker, validators  # noqa: PLC0415 - an extra
        from referencing import Registry  # noqa: PLC0415
        from referencing.jsonschema import DRAFT4  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ExtraMissing("jsonschema", "ocds") from None
    named = [(one["id"], DRAFT4.create_resource(one)) for one in others if one.get("id")]
    validator = validators.validator_for(schema)(
        schema, registry=Registry().with_resources(named), format_checker=FormatChecker()
    )

    def broken(release: Json) -> list[str]:
        return list(_first(validator.iter_errors(release)))

    return broken


def _first(errors: Iterator[object]) -> Iterator[str]:
    for _, error in zip(range(_MOST), errors, strict=False):
        path = "/".join(str(step) for step in getattr(error, "absolute_path", ()))
        yield f"{path or 'release'}: {getattr(error, 'message', error)}"[:_LONGEST]
