"""What a run said goes into the ledger without secrets and addresses of persons."""

from __future__ import annotations

from procmatch.settings import Mail, Settings
from procmatch_jobs.said import plain

SETTINGS = Settings(
    database_url="postgresql://user:dbpassword@host/name",
    doffin_key="d0ff1nkey",
    secret_key="signsletters",
    mail=Mail(smtp_password="mailpassword"),
)


def test_secrets_are_left_out() -> None:
    said = "key d0ff1nkey, signsletters, mailpassword, postgresql://user:dbpassword@host/name"
    told = plain(said, SETTINGS)
    for secret in ("d0ff1nkey", "signsletters", "mailpassword", "dbpassword"):
        assert secret not in told


def test_a_password_in_an_address_is_left_out_whose_ever_it_is() -> None:
    assert "other" not in plain("http://me:other@proxy.example:8080/", SETTINGS)


def test_addresses_of_persons_are_left_out() -> None:
    told = plain("550 <kari.nordmann@firma.example>: no such user åse@blåbær.example", SETTINGS)
    assert "nordmann" not in told
    assert "blåbær" not in told
    assert told.startswith("550 <(address)>: no such user")


def test_the_end_is_kept() -> None:
    told = plain("\n".join(f"line {number}" for number in range(10_000)), SETTINGS)
    assert told.endswith("line 9999")
    assert len(told) <= 4_000
