"""One frozen Settings: a TOML file first, then ``PROCMATCH_*`` variables; unknown keys are errors.

Secrets (keys, passwords, database addresses with passwords) come from the environment only; a
secret in the file is refused so that it cannot be committed by mistake.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from procmatch.errors import SettingsError

__all__ = ["ENVIRONMENT_PREFIX", "Jobs", "Mail", "Settings", "Sources", "TimetableRow", "load"]

ENVIRONMENT_PREFIX = "PROCMATCH_"
_SECRETS = frozenset({"doffin_key", "smtp_password", "database_url", "secret_key"})
_NOT_SETTINGS = frozenset({"PROCMATCH_CONFIG", "PROCMATCH_WRITE_DOCS"})
#: What steers procmatch's own tests, which start its commands too.
_OF_THE_TESTS = "PROCMATCH_TEST_"

#: Lists; in the environment their values stand between spaces or commas.
_LISTS = frozenset({"hidden", "ted_countries", "ted_notice_types"})

Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
NoticeType = Annotated[str, msgspec.Meta(pattern="^[a-z]+(-[a-z]+)*$")]


class Sources(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the sources are; change them to crawl a stand-in or a mirror."""

    doffin_url: str = "https://api.doffin.no/public"
    #: Not an official API; only with an address here is it asked at all.
    doffin_webclient_url: str = ""
    doffin_page_url: str = "https://www.doffin.no/notices/{id}"
    ted_url: str = "https://api.ted.europa.eu"
    ted_page_url: str = "https://ted.europa.eu"
    brreg_url: str = "https://data.brreg.no"
    klass_url: str = "https://data.ssb.no"
    geonorge_url: str = "https://ws.geonorge.no"
    bring_url: str = "https://www.bring.no"
    renhold_url: str = "https://registerdata.arbeidstilsynet.no/renhold_register.xml"
    dibk_url: str = "https://sgregister.dibk.no/api/enterprises"
    utdanning_url: str = "https://api.utdanning.no/finnlarebedrift/bedrift"
    innovasjon_norge_url: str = (
        "https://indatapublic.blob.core.windows.net/tildelingsrapport/Tildelinger.csv"
    )
    smilefjes_url: str = "https://data.mattilsynet.no/smilefjes-tilsyn.csv"
    debio_url: str = "https://finnoko.debio.no/api/acm/companies"
    eu_codes_url: str = "https://raw.githubusercontent.com/OP-TED/eForms-SDK/1.14.2"


class Mail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How letters leave. Without ``smtp_host`` they are written to ``outbox`` as .eml files."""

    sender: str = "procmatch <varsel@procmatch.example>"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    #: ``starttls``, ``tls`` or ``none`` (loopback only).
    smtp_security: str = "starttls"
    outbox: str = "outbox"
    #: Where links in letters lead; one-click unsubscribing needs a served address.
    public_url: str = ""
    unsubscribe_mailto: str = "avmeld@procmatch.example"
    max_items: int = 8
    #: Most letters in an hour; when more are due, none leaves until the operator says so. 0: any.
    per_hour: Annotated[int, msgspec.Meta(ge=0)] = 2_000
    #: Most letters to one domain in one run; the rest waits for the next. 0: any.
    per_domain: Annotated[int, msgspec.Meta(ge=0)] = 500

    def __repr__(self) -> str:
        """Say which server this is, without the password."""
        return f"Mail(smtp_host={self.smtp_host!r}, outbox={self.outbox!r})"


class TimetableRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs from the built-in timetable for one job; see docs/operating.md.

    Attributes:
        when: minute, hour, day, month, weekday as in a crontab, Oslo time; ``off`` for never.
        minutes: time limit. memory_mb: limit of memory of its own, in MiB.
    """

    when: str | None = None
    minutes: Annotated[float, msgspec.Meta(gt=0)] | None = None
    memory_mb: Annotated[int, msgspec.Meta(ge=64)] | None = None


class Jobs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How ``procmatch run`` works.

    Attributes:
        timetable: job -> what differs from the built-in row, or only when it runs.
        parallel: how many jobs one scheduler runs at a time.
        look_s: seconds between two looks at what is due.
        lease_s: seconds after which a machine that is not heard of loses its job.
        grace_s: seconds that a job has to end by itself when it is stopped.
        retries: how often a failed job is tried again. retry_minutes: how long after.
        http_host, http_port: where /healthz and /metrics are; port 0 for nowhere.
        report_to: the operator: where the weekly report is sent, and word that letters are held;
            "" to write the report to ``report_file``.
        keep_raw_days: how long raw answers are kept that no notice came from; 0 for ever.
        keep_runs_days: how long the ledger is kept.
        keep_unconfirmed_days: how long a subscription waits to be confirmed.
        keep_shown_days: how long the log of lists that pages showed is kept.
        keep_drafts_days: how long a draft is kept for who asked for that.
    """

    timetable: dict[str, TimetableRow | str] = {}
    parallel: Annotated[int, msgspec.Meta(ge=1)] = 2
    look_s: Annotated[float, msgspec.Meta(gt=0)] = 15.0
    lease_s: Annotated[float, msgspec.Meta(ge=1)] = 300.0
    grace_s: Annotated[float, msgspec.Meta(gt=0, le=9)] = 8.0
    retries: Annotated[int, msgspec.Meta(ge=0)] = 2
    retry_minutes: Annotated[float, msgspec.Meta(ge=0)] = 10.0
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 9464
    report_to: str = ""
    report_file: str = "procmatch-report.txt"
    keep_raw_days: Annotated[int, msgspec.Meta(ge=0)] = 180
    keep_runs_days: Annotated[int, msgspec.Meta(ge=8)] = 400
    keep_unconfirmed_days: Annotated[int, msgspec.Meta(ge=1)] = 14
    keep_shown_days: Annotated[int, msgspec.Meta(ge=1)] = 730
    keep_drafts_days: Annotated[int, msgspec.Meta(ge=1)] = 90


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an operator can change.

    Attributes:
        database_url: SQLAlchemy address; default one SQLite file in the working folder.
        doffin_key: key of the Doffin public API (``PROCMATCH_DOFFIN_KEY``).
        secret_key: signs links in letters (``PROCMATCH_SECRET_KEY``).
        language: default language of output: nb, nn or en.
        user_agent: how crawls present themselves; name a contact.
        requests_per_second: politeness towards each source but TED.
        ted_requests_per_second: politeness towards TED.
        ted_countries: alpha-3 codes of the buyers' countries whose notices TED is asked for.
        ted_notice_types: BT-02 codes to ask TED for; empty means all.
        overlap_days: how far an incremental crawl reads behind its watermark.
        register_bulk_days: how old the register's files may be before a crawl takes them again;
            between, it takes what changed.
        index_dir: folder that keeps the register laid out for look-up; "" means beside the store.
        radius_km: how far a supplier normally travels when nothing else is known.
        webhook_loopback: whether webhooks may call this machine itself over plain http, for trying
            out; else they call public addresses over https only.
        policy: weight of each ranking criterion, 0 or more; see docs/how-matching-works.md.
        past_awards: whether the criteria that look at past awards count.
        shown_suppliers: how many suppliers a list shows.
        contact: e-mail address on pages, for who wants something corrected or not to be shown.
        hidden: organisation numbers of firms that pages do not show, as they asked.
        ocds_prefix: begins every ocid; a publisher registers one of its own.
        ocds_publisher, ocds_uri, ocds_license, ocds_policy: stand on OCDS packages.
        apprenticeship_trades: codes of the trades (*lærefag*) whose approved firms are asked for.
    """

    database_url: str = "sqlite:///procmatch.db"
    doffin_key: str = ""
    secret_key: str = ""
    language: str = "nb"
    user_agent: str = "procmatch (+https://procmatch.example)"
    requests_per_second: float = 2.0
    ted_requests_per_second: float = 1.0
    ted_countries: Annotated[tuple[Country, ...], msgspec.Meta(min_length=1)] = ("NOR",)
    ted_notice_types: tuple[NoticeType, ...] = ()
    overlap_days: int = 10
    register_bulk_days: int = 7
    index_dir: str = ""
    radius_km: float = 80.0
    shown_suppliers: int = 10
    contact: str = "kontakt@procmatch.example"
    hidden: tuple[str, ...] = ()
    webhook_loopback: bool = False
    ocds_prefix: str = "ocds-xxxxxx"
    ocds_publisher: str = "procmatch (provisional)"
    ocds_uri: str = "https://procmatch.example/ocds"
    ocds_license: str = "https://creativecommons.org/licenses/by/4.0/"
    ocds_policy: str = ""
    apprenticeship_trades: tuple[str, ...] = ("BAMOT3", "BARLF3", "BATMF3", "ELELE3")
    policy: dict[str, float] = {}
    past_awards: bool = False
    sources: Sources = Sources()
    mail: Mail = Mail()
    jobs: Jobs = Jobs()

    def __repr__(self) -> str:
        """Say which settings these are, without the secrets among them."""
        return f"Settings(language={self.language!r}, sources={self.sources!r})"


#: First word of a variable -> the section that it belongs to.
_SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "jobs": Jobs,
    "mail": Mail,
    "smtp": Mail,
    "sources": Sources,
}


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    """Map PROCMATCH_NAME and PROCMATCH_<MAIL, SOURCES or JOBS>_NAME to settings."""
    values: dict[str, object] = {}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in _NOT_SETTINGS:
            continue
        if variable.startswith(_OF_THE_TESTS):
            continue
        name = variable[len(ENVIRONMENT_PREFIX) :].lower()
        if name in Settings.__struct_fields__:
            values[name] = text.replace(",", " ").split() if name in _LISTS else text
            continue
        group, _, field = name.partition("_")
        section = _SECTIONS.get(group)
        field = name if group == "smtp" else field
        if section is None or field not in section.__struct_fields__:
            raise SettingsError(f"unknown setting {variable} in the environment")
        nested = values.setdefault("mail" if group == "smtp" else group, {})
        assert isinstance(nested, dict)
        nested[field] = text
    return values


def _merge(base: dict[str, object], above: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = (
            _merge(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
        )
    return merged


def _read_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            values: dict[str, object] = tomllib.load(file)
    except FileNotFoundError:
        raise SettingsError(f"no settings file {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    mail = values.get("mail")
    named = set(values) | (set(mail) if isinstance(mail, dict) else set())
    if secrets := sorted(named & _SECRETS):
        variable = ENVIRONMENT_PREFIX + secrets[0].upper()
        raise SettingsError(f"{path}: {secrets[0]} is a secret: set {variable} instead")
    return values


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        path: a TOML file; default ``$PROCMATCH_CONFIG``, else ``procmatch.toml`` in the working
            folder when it exists, else only defaults.
        environment: default ``os.environ``.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: a key is unknown, a value has the wrong type, a file is missing, or the
            file holds a secret.
    """
    variables = os.environ if environment is None else environment
    if path is None and (named := variables.get("PROCMATCH_CONFIG")):
        path = Path(named)
    if path is None and Path("procmatch.toml").is_file():
        path = Path("procmatch.toml")
    values = _read_file(path) if path else {}
    try:
        return msgspec.convert(_merge(values, _from_environment(variables)), Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings: {error}") from None
