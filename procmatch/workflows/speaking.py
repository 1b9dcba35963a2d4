"""Who speaks for a firm: what we take an address for; see docs/decisions/0010."""

from __future__ import annotations

import hashlib
import hmac
import re

from procmatch.errors import SettingsError
from procmatch.model.organisation import Organisation, OrgId
from procmatch.model.statement import Proof, Request, Stated, Wish

__all__ = ["address_mark", "proof_of", "site_of"]

#: Sites under whose name anybody may have an address: no proof of anything.
_OPEN_TO_ALL = frozenset(
    (
        "broadpark.no", "c2i.net", "epost.no", "facebook.com", "frisurf.no", "getmail.no",
        "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hotmail.com", "hotmail.no",
        "icloud.com", "instagram.com", "linkedin.com", "live.com", "live.no", "mac.com", "mail.com",
        "me.com", "msn.com", "online.no", "outlook.com", "pm.me", "proton.me", "protonmail.com",
        "start.no", "tele2.no", "tuta.com", "tutanota.com", "yahoo.com", "yahoo.no", "ymail.com",
    )
)  # fmt: skip
#: A bare name of a site; one with a path is a page at somebody else's.
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9æøå-]+(?:\.[a-z0-9æøå-]+)+)/?", re.IGNORECASE)


def _domain(name: str) -> str:
    """Return a domain in one form, ``""`` for none."""
    try:
        return name.strip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""


def site_of(unit: Organisation) -> str:
    """Return the domain of a unit's own website, ``""`` where there is none."""
    found = _SITE.fullmatch((unit.website or "").strip())
    site = _domain(found[1]) if found else ""
    return "" if site in _OPEN_TO_ALL else site


def _is_at_its_site(email: str, unit: Organisation) -> bool:
    site = site_of(unit)
    return bool(site) and _domain(email.rpartition("@")[2]) == site


def address_mark(org: OrgId, email: str, secret: str) -> str:
    """Return a mark by which an address is known again without being kept.

    Raises:
        SettingsError: there is no secret, and so anybody could try addresses against the mark.
    """
    if not secret:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: an address cannot be marked")
    text = f"{org}\n{email.strip().lower()}"
    return hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex()


def proof_of(
    request: Request,
    unit: Organisation,
    stated: Stated | None,
    secret: str,
    *,
    shares_site: bool = False,
) -> Proof | None:
    """Return by what the holder of an address speaks for a firm; None: an operator must look.

    Args:
        request: confirmed by the holder of its address.
        unit: the firm in the register.
        stated: what holds of it already.
        secret: as for :func:`address_mark`.
        shares_site: other units name the same website: an address there may be any of theirs.
    """
    if unit.is_person and request.wish in {Wish.HIDE, Wish.FORGET}:
        return Proof.PERSON
    mark = address_mark(request.org, request.email, secret)
    if stated and stated.address_mark and hmac.compare_digest(stated.address_mark, mark):
        return Proof.ADDRESS
    if not unit.is_person and not shares_site and _is_at_its_site(request.email, unit):
        return Proof.WEBSITE
    return None
