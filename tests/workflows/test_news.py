"""What comes when: reminders, results, quiet days, judgements, buyers' news; each told once."""

from __future__ import annotations

import email
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from procmatch.errors import CodeError, NotFound
from procmatch.model.match import Linked, Match, Verdict
from procmatch.model.notice import Award, Lot, Notice, OrganisationRef, Term
from procmatch.model.organisation import IndustryCode, Organisation, OrgId
from procmatch.model.subscription import Frequency, QuietDay, Subscription, Topic, Unfit
from procmatch.model.values import Money, Place
from procmatch.settings import Mail, Settings
from procmatch.store import Store, matches, news, notices, organisations, subscriptions
from procmatch.workflows import alert, judge, subscribe
from procmatch.workflows.feeds import feed
from procmatch.workflows.profile import profile_of
from procmatch.workflows.subscriber_data import export, forget
from tests.procedures.make import LOT, change, notice, result, uuid
from tests.workflows.test_alert import Sink

TOWN, BAKER = "310000009", "310000025"
#: A Tuesday, a month before the deadline of what is made up here.
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
assert LOT.deadline
DEADLINE = LOT.deadline
SEARCH = Subscription(
    id="s1", email="a@firma.example", language="en", frequency=Frequency.INSTANT, cpv=("158",),
    created_at=NOW,
)  # fmt: skip


def unit(number: str, name: str, form: str, **changes: object) -> Organisation:
    made = Organisation(
        id=OrgId("NO-BRC", number),
        name=name,
        legal_form=form,
        business_place=Place(municipality="9803"),
        employees=6,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


BAKERY = unit(
    BAKER,
    "BAKERI AS",
    "AS",
    activity="Produksjon av brød og bakervarer.",
    industry_codes=(IndustryCode("SN2025", "10.710"),),
    language="nn",
)


@dataclass
class World:
    """A store, a clock and a mailbox."""

    store: Store
    now: datetime = NOW
    sink: Sink = field(default_factory=Sink)

    def clock(self) -> datetime:
        return self.now

    def publish(self, *some: Notice, winner: str | None = BAKER) -> None:
        with self.store.begin() as connection:
            for one in some:
                notices.save(connection, one, "a" * 64)
            for row in notices.unlinked_parties(connection):
                org = TOWN if row.role == "buyer" else winner
                linked = org and Linked(
                    org=OrgId("NO-BRC", org), name="x", score=1.0, certain=True, method="number"
                )
                notices.save_link(
                    connection,
                    notice=row.notice,
                    role=row.role,
                    position=row.position,
                    linked=linked or None,
                )

    def subscribe(self, wanted: Subscription = SEARCH) -> Subscription:
        return subscribe.subscribe(self.store, wanted, confirmed=True, clock=self.clock)

    def letters(self, **mail: object) -> list[str]:
        """The text of the letters that come of a run."""
        before = len(self.sink.letters)
        settings = Settings(secret_key="s", mail=Mail(**mail))  # type: ignore[arg-type]
        alert.alert(self.store, settings=settings, clock=self.clock, post=self.sink)
        return [plain(letter.message) for letter in self.sink.letters[before:]]

    def items(self) -> Sequence[news.News]:
        with self.store.read() as connection:
            return news.every(connection, "s1")


def plain(message: bytes) -> str:
    parsed = email.message_from_bytes(message, policy=default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.fixture
def world(store: Store) -> World:
    with store.begin() as connection:
        organisations.save_organisations(
            connection, [unit(TOWN, "STORFJORD KOMMUNE", "KOMM"), BAKERY]
        )
    return World(store)


def test_a_deadline_that_comes_near_is_reminded_of_once(world: World) -> None:
    world.publish(notice(1))
    world.subscribe()
    assert "New: Brød til skolene" in world.letters()[0]
    world.now = DEADLINE - timedelta(days=4)
    assert world.letters() == []
    world.now = DEADLINE - timedelta(days=3)
    (letter,) = world.letters()
    assert "1 deadline near" in letter
    assert world.letters() == []
    world.now = DEADLINE + timedelta(hours=1)
    assert world.letters() == []


def test_a_moved_deadline_is_reminded_of_anew(world: World) -> None:
    world.publish(notice(1))
    world.subscribe()
    world.letters()
    world.now = DEADLINE - timedelta(days=2)
    assert "Deadline near" in world.letters()[0]
    later = DEADLINE + timedelta(days=14)
    world.publish(change(20, uuid(1), lots=(replace(LOT, deadline=later),)))
    assert "Deadline moved from" in world.letters()[0]
    world.now = later - timedelta(days=2)
    assert "Deadline near" in world.letters()[0]


def test_what_is_told_when_its_deadline_is_near_needs_no_reminder(world: World) -> None:
    world.publish(notice(1))
    world.now = DEADLINE - timedelta(days=2)
    world.subscribe()
    assert len(world.letters()) == 1
    world.now = DEADLINE - timedelta(days=1)
    assert world.letters() == []


def test_no_reminder_for_those_who_want_none(world: World) -> None:
    world.publish(notice(1))
    world.subscribe(replace(SEARCH, remind_days=0))
    world.letters()
    world.now = DEADLINE - timedelta(days=1)
    assert world.letters() == []


def test_a_quiet_day_holds_the_letter_and_brings_the_reminder_forward(world: World) -> None:
    # The deadline is Wednesday 1 April; with three days' notice and a weekend between, the
    # reminder comes on the Friday.
    assert DEADLINE.date() == date(2026, 4, 1)
    world.publish(notice(1))
    world.now = datetime(2026, 3, 7, 9, tzinfo=UTC)
    world.subscribe(replace(SEARCH, quiet=(QuietDay.WEEKENDS, QuietDay.HOLIDAYS)))
    assert world.letters() == [], "Saturday"
    world.now = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)
    assert world.letters() == [], "still Sunday in Oslo"
    world.now = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    assert len(world.letters()) == 1, "Monday in Oslo"
    world.now = datetime(2026, 3, 26, 9, tzinfo=UTC)
    assert world.letters() == []
    world.now = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert "Deadline near" in world.letters()[0]


def test_the_result_of_what_was_told_is_told_once(world: World) -> None:
    world.publish(notice(1))
    world.subscribe()
    world.letters()
    award = Award(
        lot="LOT-0001",
        result="selec-w",
        winners=(OrganisationRef(name="Bakeri AS"),),
        value=Money(amount=Decimal(740_000), currency="NOK"),
        tenders_received=3,
    )
    world.publish(result(40, awards=(award,)))
    world.now += timedelta(days=60)
    (letter,) = world.letters()
    assert "Result: Brød til skolene" in letter
    assert "Won by Bakeri AS. Value: NOK 740,000. 3 tenders came in." in letter.replace(
        "\u00a0", " "
    )
    assert world.letters() == []


def test_a_result_names_no_sole_proprietor(world: World) -> None:
    with world.store.begin() as connection:
        organisations.save_organisations(connection, [unit("310000033", "KARI BAKER", "ENK")])
    world.publish(notice(1))
    world.subscribe()
    world.letters()
    award = Award(lot="LOT-0001", result="selec-w", winners=(OrganisationRef(name="Kari Baker"),))
    world.publish(result(40, awards=(award,)), winner="310000033")
    (letter,) = world.letters()
    assert "Won by a sole proprietor." in letter
    assert "Kari" not in letter


def test_the_result_of_what_was_never_told_is_no_news(world: World) -> None:
    world.publish(notice(1), result(40))
    world.subscribe()
    assert world.letters() == []


def test_what_does_not_fit_is_not_mentioned_again_until_that_is_taken_back(world: World) -> None:
    world.publish(notice(1))
    world.subscribe()
    world.letters()
    (told,) = world.items()
    for _ in range(2):
        judge.judge(world.store, "s1", told.item, fits=False, why=Unfit.TOO_BIG, clock=world.clock)
    assert len(judge.judgements(world.store, "s1")) == 1
    world.publish(result(40))
    assert world.letters() == []
    judge.withdraw(world.store, "s1", told.item)
    assert "Result" in world.letters()[0]


def test_a_judgement_moves_the_next_ranking_and_the_letter_says_so(world: World) -> None:
    other = notice(2, procedure_id=uuid(902), cpv_main="15500000")
    world.publish(notice(1))
    world.subscribe(replace(SEARCH, cpv=("15",)))
    world.letters()
    (told,) = world.items()
    judge.judge(world.store, "s1", told.item, fits=False, why=Unfit.WRONG_TRADE, clock=world.clock)
    alike = notice(3, procedure_id=uuid(903), lots=(replace(LOT, cpv_main="15811100"),))
    world.publish(other, alike)
    (letter,) = world.letters()
    assert letter.index("notices/2026-2") < letter.index("notices/2026-3")
    assert "You said that a tender like this is the wrong trade." in letter


def test_judgements_of_organisations_become_labels_without_the_person(world: World) -> None:
    world.publish(notice(1))
    org = OrgId("NO-BRC", BAKER)
    world.subscribe(replace(SEARCH, org=org, cpv=(), threshold=0.0))
    world.letters()
    (told,) = world.items()
    judge.judge(world.store, "s1", told.item, fits=True, why=None, clock=world.clock)
    head, row = judge.labels_csv(world.store).splitlines()
    assert head == ",".join(judge.LABEL_COLUMNS)
    assert row.startswith(f"2026-1,LOT-0001,{BAKER},1,,")
    assert row.endswith("2026-03-03")
    assert "firma.example" not in row


def test_judgements_of_sole_proprietors_are_no_labels(world: World) -> None:
    person = replace(BAKERY, id=OrgId("NO-BRC", "310000035"), legal_form="ENK")
    with world.store.begin() as connection:
        organisations.save_organisations(connection, [person])
    world.publish(notice(1))
    world.subscribe(replace(SEARCH, org=person.id, cpv=(), threshold=0.0))
    assert len(world.letters()) == 1, "who asked is written to"
    (told,) = world.items()
    judge.judge(world.store, "s1", told.item, fits=True, why=None, clock=world.clock)
    assert list(judge.labels(world.store)) == []


def test_what_letters_said_is_kept_for_a_year_and_not_told_again(world: World) -> None:
    world.publish(notice(1))
    world.subscribe()
    world.letters()
    world.now += timedelta(days=364)
    assert subscribe.drop_old_news(world.store, clock=world.clock) == 0
    world.now += timedelta(days=2)
    assert subscribe.drop_old_news(world.store, clock=world.clock) == 1
    world.now = NOW
    assert world.letters() == []


def test_nobody_judges_what_he_was_not_told_of(world: World) -> None:
    world.subscribe()
    with pytest.raises(NotFound):
        judge.judge(world.store, "s1", "x", fits=True, why=None, clock=world.clock)


def test_what_is_beyond_the_cap_waits_for_the_next_letter(world: World) -> None:
    world.publish(*(notice(n, procedure_id=uuid(900 + n)) for n in (1, 2, 3)))
    world.subscribe()
    (letter,) = world.letters(max_items=2)
    assert "And 1 more in the next letter." in letter
    assert sorted(row.told for row in world.items()) == [False, True, True]
    assert "1 new tender" in world.letters(max_items=2)[0]
    assert all(row.told for row in world.items())


def test_without_a_channel_the_news_is_in_the_feeds_alone(world: World) -> None:
    world.publish(notice(1))
    kept = world.subscribe(replace(SEARCH, channels=()))
    assert world.letters() == []
    _, atom = feed(world.store, kept.feed_key, "atom.xml", settings=Settings())
    assert "Brød til skolene".encode() in atom


def test_two_channels_carry_the_same_news(world: World) -> None:
    world.publish(notice(1))
    world.subscribe(
        replace(SEARCH, channels=("mail", "webhook"), webhook_url="https://hook.example/")
    )
    world.letters()
    assert [letter.channel for letter in world.sink.letters] == ["mail", "webhook"]
    assert world.sink.letters[1].to == "https://hook.example/"


def test_a_subscription_that_is_deleted_while_its_letter_is_written_stays_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(notice(1))
    world.subscribe()
    compose = alert.compose  # type: ignore[attr-defined]

    def leaving(*args: object, **named: object) -> object:
        subscribe.leave(world.store, "s1")
        return compose(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(alert, "compose", leaving)
    assert world.letters() == []
    with world.store.read() as connection:
        assert subscriptions.count(connection) == 0


def _match(number: str, score: float, verdict: Verdict, lot: str = "LOT-0001") -> Match:
    return Match(
        notice="2026-1", lot=lot, supplier=OrgId("NO-BRC", number), supplier_name="BAKERI AS",
        score=score, verdict=verdict, distance_km=4.0,
    )  # fmt: skip


def _keep(world: World, *found: Match) -> None:
    with world.store.begin() as connection:
        row = notices.find(connection, "2026-1").row
        matches.replace_lot(connection, notice=row, lot="LOT-0001", found=list(found))


BUYER = replace(SEARCH, cpv=(), topic=Topic.FEW_LOCAL, municipalities=("9803",))


def test_a_buyer_hears_what_few_small_firms_nearby_fit_and_again_when_none_do(
    world: World,
) -> None:
    world.publish(notice(1))
    _keep(world, _match(BAKER, 0.8, Verdict.PERHAPS))
    world.subscribe(BUYER)
    (letter,) = world.letters()
    assert "Only 1 small firm within 80 km is known to fit: BAKERI AS." in letter
    assert world.letters() == []
    _keep(world, _match(BAKER, 0.3, Verdict.PERHAPS))
    assert "No small firm within 80 km is known to fit." in world.letters()[0]
    assert world.letters() == []


def test_a_lot_that_was_never_matched_is_ranked_before_anybody_is_told(world: World) -> None:
    world.publish(notice(1))
    world.subscribe(BUYER)
    (letter,) = world.letters()
    assert "Only 1 small firm within 80 km is known to fit: BAKERI AS." in letter


def test_a_buyer_hears_nothing_of_what_enough_firms_fit_or_others_announced(world: World) -> None:
    some = ("310000033", "310000041", "310000068")
    with world.store.begin() as connection:
        organisations.save_organisations(
            connection, [replace(BAKERY, id=OrgId("NO-BRC", number)) for number in some]
        )
    world.publish(notice(1))
    _keep(world, *(_match(number, 0.8, Verdict.ELIGIBLE) for number in some))
    world.subscribe(BUYER)
    assert world.letters() == []
    with world.store.begin() as connection:
        other = unit(
            "310000076", "BERGBY KOMMUNE", "KOMM", business_place=Place(municipality="9801")
        )
        organisations.save_organisations(connection, [other])
    world.subscribe(replace(BUYER, id="s2", municipalities=("9801",)))
    assert world.letters() == []


def test_a_buyer_hears_of_an_agreement_that_ends_within_a_year_once(world: World) -> None:
    term = Term(start=date(2025, 1, 1), end=date(2026, 12, 31))
    world.publish(
        notice(1, lots=(Lot(id="LOT-0001", term=term),)),
        result(9, awards=(replace(result(9).awards[0], concluded_on=date(2025, 1, 1)),)),
    )
    world.subscribe(replace(BUYER, topic=Topic.EXPIRING))
    (letter,) = world.letters()
    assert "ends 31 December 2026." in letter
    assert "Start planning by 31 December 2025." in letter
    assert world.letters() == []


def test_a_buyer_that_the_register_does_not_know_cannot_subscribe(world: World) -> None:
    with pytest.raises(NotFound):
        world.subscribe(replace(BUYER, municipalities=("4601",)))
    with pytest.raises(CodeError):
        world.subscribe(replace(BUYER, municipalities=()))


def test_a_profile_is_filled_from_the_register(world: World) -> None:
    found = profile_of(world.store, BAKERY.id, clock=world.clock)
    assert found.offers == "Produksjon av brød og bakervarer."
    assert found.cpv[0][0].startswith("158")
    assert found.municipalities[0][0] == "9803"
    assert (found.language, found.is_person, found.reserved) == ("nn", False, False)


def test_own_words_stand_in_place_of_the_registers(world: World) -> None:
    world.publish(notice(1))
    firm = unit("310000033", "HANDVERK AS", "AS", activity="Snekkerarbeid.")
    with world.store.begin() as connection:
        organisations.save_organisations(connection, [firm])
    plain_one = replace(SEARCH, cpv=(), org=firm.id, threshold=0.05, remind_days=0)
    world.subscribe(plain_one)
    silent = world.letters()
    world.subscribe(replace(plain_one, id="s2", offers="Vi baker brød til skolene."))
    assert silent == []
    assert len(world.letters()) == 1


def test_those_who_never_say_yes_are_deleted_after_a_fortnight(world: World) -> None:
    subscribe.ask(
        world.store, SEARCH, settings=Settings(secret_key="s"), clock=world.clock, way="web"
    )
    world.now += timedelta(days=13)
    assert subscribe.drop_unconfirmed(world.store, clock=world.clock) == 0
    world.now += timedelta(days=2)
    assert subscribe.drop_unconfirmed(world.store, clock=world.clock) == 1


def test_all_data_of_an_address_is_given_out_and_deleted(world: World, tmp_path: Path) -> None:
    world.publish(notice(1))
    world.subscribe()
    world.subscribe(replace(SEARCH, id="s2", email="A@FIRMA.example"))
    world.letters()
    for letter in world.sink.letters:
        (tmp_path / f"{letter.id}.eml").write_bytes(letter.message)
    first, second = export(world.store, "a@firma.example")
    assert {first["subscription"]["id"], second["subscription"]["id"]} == {"s1", "s2"}
    for kept in (first, second):
        assert {name for name, value in kept.items() if value} == {
            "subscription", "consents", "told", "news", "letters",
        }  # fmt: skip
        assert kept["news"][0]["document"]["title"] == "Brød til skolene"
    assert forget(world.store, "a@firma.example", outbox_folder=tmp_path) == 2
    assert list(tmp_path.glob("*.eml")) == []
    with pytest.raises(NotFound):
        export(world.store, "a@firma.example")
