"""Walk aggregates by tables: every child is mapped, ignored by name, or a change of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter

from lxml.etree import _Element

from procmatch.errors import SourceChanged, SourceError
from procmatch.sources._eforms.ignored import IGNORED

__all__ = [
    "EMPTY",
    "SOURCE",
    "Fields",
    "Shape",
    "bad",
    "extension",
    "inside",
    "only",
    "path_of",
    "q",
    "shape",
    "take",
]

SOURCE = "eforms"

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EU = "http://data.europa.eu/p27/eforms-"
_NAMESPACES = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "ext": f"{_UBL}CommonExtensionComponents-2",
    "efac": f"{_EU}ubl-extension-aggregate-components/1",
    "efbc": f"{_EU}ubl-extension-basic-components/1",
    "efext": f"{_EU}ubl-extensions/1",
}
_PREFIXES = {uri: prefix for prefix, uri in _NAMESPACES.items()}

#: Tag of a child element -> the key under which its reader finds it; ``""`` = ignored by name.
Shape = Mapping[str, str]
#: Key -> the children with that meaning, in the order of the source.
Fields = dict[str, list[_Element]]
#: What a reader gets for a key that is absent.
EMPTY: tuple[_Element, ...] = ()
#: Of a path and of a reason: what a notice holds must not make an error nobody can read.
_LONGEST = 300
#: All children of an element at once: twice as fast as stepping through them.
_children: Callable[[_Element], list[_Element]] = itemgetter(slice(None))


def q(name: str) -> str:
    """Return the tag that lxml gives to ``name``, e.g. ``"cbc:ID"``."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def shape(aggregate: str, **mapped: str) -> Shape:
    """Return the table of an aggregate.

    Args:
        aggregate: its name in :data:`procmatch.sources._eforms.ignored.IGNORED`.
        mapped: key -> names of the elements read under it, separated by blanks.
    """
    ignored = " ".join(IGNORED[aggregate].values()).split()
    table = dict.fromkeys(map(q, ignored), "")
    for key, names in mapped.items():
        table.update(dict.fromkeys(map(q, names.split()), key))
    return table


def take(node: _Element, table: Shape) -> Fields:
    """Sort the children of ``node`` by the keys of its table.

    Raises:
        SourceChanged: a child that the table does not know; names its path.
    """
    fields: Fields = {}
    for child in _children(node):
        try:
            key = table[child.tag]
        except KeyError:
            raise _unknown(child) from None
        if key:
            if key in fields:
                fields[key].append(child)
            else:
                fields[key] = [child]
    return fields


def inside(nodes: Iterable[_Element], table: Shape) -> list[_Element]:
    """Return the children, mapped by a table with one key only, of all ``nodes``.

    Raises:
        SourceChanged: a child that the table does not know; names its path.
    """
    found: list[_Element] = []
    for node in nodes:
        for child in _children(node):
            try:
                if table[child.tag]:
                    found.append(child)
            except KeyError:
                raise _unknown(child) from None
    return found


def _unknown(node: _Element) -> SourceChanged:
    return SourceChanged("an element that no rule knows", source=SOURCE, where=path_of(node))


def only(node: _Element, tag: str) -> list[_Element]:
    """Return the children of a node that may hold nothing but ``tag`` elements.

    Raises:
        SourceChanged: another child; names its path.
    """
    children = _children(node)
    for child in children:
        if child.tag != tag:
            raise _unknown(child)
    return children


_EXTENSION = q("ext:UBLExtension")
_CONTENT = shape("extension", child="ext:ExtensionContent")
_EFORMS = q("efext:EformsExtension")


def extension(nodes: Iterable[_Element]) -> list[_Element]:
    """Return the ``EformsExtension`` elements inside ``ext:UBLExtensions`` elements.

    Raises:
        SourceChanged: another child; names its path.
    """
    contents = inside((one for outer in nodes for one in only(outer, _EXTENSION)), _CONTENT)
    return [inner for content in contents for inner in only(content, _EFORMS)]


def _name(node: _Element) -> str:
    uri, _, local = node.tag[1:].rpartition("}")
    name = f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else local or node.tag
    identifier = node.findtext(q("cbc:ID")) if local == "ProcurementProjectLot" else None
    return f"{name}[{identifier[:40]}]" if identifier else name


def path_of(node: _Element) -> str:
    """Return where ``node`` stands, e.g. ``/cac:ProcurementProject/cbc:Name``."""
    names = [_name(node), *map(_name, node.iterancestors())][:-1]
    path = "/" + "/".join(reversed(names))
    return path if len(path) <= _LONGEST else f"…{path[-_LONGEST:]}"


def bad(field: str, node: _Element, reason: str, *, changed: bool = False) -> SourceError:
    """Return the error of a value that cannot be read.

    Args:
        field: its number, e.g. ``"BT-27"``.
        node: the element it stands in.
        reason: what is wrong.
        changed: a code that no rule knows, rather than a malformed value.
    """
    kind = SourceChanged if changed else SourceError
    return kind(reason[:_LONGEST], source=SOURCE, where=f"{field} {path_of(node)}")
