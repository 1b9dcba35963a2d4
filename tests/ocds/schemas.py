"""The official schemas and code lists, where they are; nothing is fetched."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

Json = dict[str, Any]

OCDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "ocds"
PROFILE = OCDS / "eforms_profile"
RELEASE = PROFILE / "release-schema.json"

#: Language codes stand in a list of two letters; Sami languages have three.
_OPEN_BY_NATURE = {"language.csv"}


@cache
def load(path: Path) -> Json:
    schema: Json = json.loads(path.read_bytes())
    return schema


@cache
def validator(path: Path) -> Draft4Validator:
    files = [*PROFILE.glob("*.json"), *(OCDS / "standard").glob("*.json")]
    known = [(load(file)["id"], DRAFT4.create_resource(load(file))) for file in files]
    # Records may hold versioned releases, which we have none of.
    versioned = "https://standard.open-contracting.org/schema/1__1__5/{}-schema.json".format(
        "versioned-release-validation"
    )
    known.append((versioned, DRAFT4.create_resource({"id": versioned, "not": {}})))
    registry: Registry[Any] = Registry().with_resources(known)
    return Draft4Validator(load(path), registry=registry, format_checker=FormatChecker())


def errors(instance: object, path: Path = RELEASE) -> list[str]:
    """Return what the schema says against an instance."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(path).iter_errors(instance)
    ]


@cache
def codes(name: str) -> frozenset[str]:
    with (PROFILE / "codelists" / name).open(encoding="utf-8", newline="") as file:
        return frozenset(row["Code"] for row in csv.DictReader(file))


def strange_codes(instance: object, schema: Json | None = None) -> Iterator[str]:
    """Yield each value that its code list, open or closed, does not have."""
    root = load(RELEASE)
    rule = root if schema is None else schema
    if "$ref" in rule:
        rule = root["definitions"][rule["$ref"].rpartition("/")[2]]
    if isinstance(instance, dict):
        for name, value in instance.items():
            inner = rule.get("properties", {}).get(name, {})
            listed = inner.get("codelist")
            if listed and listed not in _OPEN_BY_NATURE:
                for code in value if isinstance(value, list) else [value]:
                    if code not in codes(listed):
                        yield f"{name}: {code!r} is not in {listed}"
            yield from strange_codes(value, inner)
    elif isinstance(instance, list):
        for value in instance:
            yield from strange_codes(value, rule.get("items", {}))


def strange_fields(instance: object, schema: Json | None = None, path: str = "") -> Iterator[str]:
    """Yield each field that the schema does not know, but for translations of known ones."""
    root = load(RELEASE)
    rule = root if schema is None else schema
    if "$ref" in rule:
        rule = root["definitions"][rule["$ref"].rpartition("/")[2]]
    if isinstance(instance, dict):
        known = rule.get("properties", {})
        for name, value in instance.items():
            if name in known:
                yield from strange_fields(value, known[name], f"{path}/{name}")
            elif name.partition("_")[0] not in known:
                yield f"{path}/{name}"
    elif isinstance(instance, list):
        for value in instance:
            yield from strange_fields(value, rule.get("items", {}), path)
