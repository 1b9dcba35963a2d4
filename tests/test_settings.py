"""Settings come from a file, then the environment; what is unknown is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from procmatch.errors import SettingsError
from procmatch.settings import Settings, load


def test_without_file_and_environment_the_defaults_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environment={}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('language = "nn"\nradius_km = 50\n[mail]\nmax_items = 3\n')
    settings = load(file, {"PROCMATCH_LANGUAGE": "en", "PROCMATCH_MAIL_SENDER": "a@b.example"})
    assert (settings.language, settings.radius_km) == ("en", 50.0)
    assert (settings.mail.max_items, settings.mail.sender) == (3, "a@b.example")


def test_mail_server_variables_have_short_names() -> None:
    variables = {"PROCMATCH_SMTP_HOST": "localhost", "PROCMATCH_SMTP_PORT": "2525"}
    mail = load(environment=variables).mail
    assert (mail.smtp_host, mail.smtp_port) == ("localhost", 2525)


@pytest.mark.parametrize("text", ["NOR SWE", "NOR,SWE", " NOR, SWE "])
def test_a_list_in_the_environment_stands_between_spaces_or_commas(text: str) -> None:
    assert load(environment={"PROCMATCH_TED_COUNTRIES": text}).ted_countries == ("NOR", "SWE")


def test_other_programs_variables_are_left_alone() -> None:
    load(environment={"PATH": "x", "PROCMATCHER_X": "1", "PROCMATCH_TEST_ANYTHING": "y"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("langauge = 'nb'", "langauge"),
        ("radius_km = 'far'", "radius_km"),
        ("[mail]\nmax_itmes = 3", "max_itmes"),
        ("ted_countries = ['NO']", "ted_countries"),
        ("ted_countries = []", "ted_countries"),
        ("ted_notice_types = ['cn standard']", "ted_notice_types"),
        ("not toml", "p.toml"),
        ("doffin_key = 'abc'", "PROCMATCH_DOFFIN_KEY"),
        ("[mail]\nsmtp_password = 'abc'", "PROCMATCH_SMTP_PASSWORD"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=names) as raised:
        load(file, {})
    assert "abc" not in str(raised.value)


@pytest.mark.parametrize(
    "variables",
    [
        {"PROCMATCH_LANGAUGE": "nb"},
        {"PROCMATCH_RADIUS_KM": "far"},
        {"PROCMATCH_SOURCES_NOWHERE_URL": "x"},
        {"PROCMATCH_CONFIG": "/no/such/file.toml"},
    ],
)
def test_a_bad_variable_is_an_error(variables: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        load(environment=variables)
