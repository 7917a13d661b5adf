"""Files of reservations: their dirt, their dates, twice the same, and the same guests as told one day after another."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.segments.imports import chunks
from services.segments.imports.chunks import Imported
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.queries.published import guests_as_of_now
from services.segments.rules.written.dates import Order
from services.segments.store.imports.files import claim_worker
from services.segments.store.imports.runs import claim_imports
from shared.clock import VirtualClock
from shared.database.pool import Database, Tx
from shared.errors import InputError
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import partition, rows_of, told

AT = datetime(2017, 1, 1, tzinfo=UTC)
HEADER = (
    "reservation_no,property,status,status_date,booked_on,arrival,departure,children,adr,title,first_name,last_name,"
    "email,phone,birth_date,language,country,marketing_email,marketing_sms,card_number"
)
FIRST = {
    "reservation_no": "LIS-1",
    "property": "LIS",
    "status": "checked_out",
    "status_date": "3/13/2016",
    "booked_on": "2016-03-01",
    "arrival": "2016-03-10",
    "departure": "2016-03-13",
    "children": "0",
    "adr": "80.50",
    "title": "Ms",
    "first_name": "Rita",
    "last_name": "Cantu",
    "email": "rita@example.com",
    "phone": "+351 930 000 451",
    "birth_date": "1980-05-04",
    "language": "pt",
    "country": "PRT",
    "marketing_email": "Y",
    "marketing_sms": "N",
    "card_number": "4111111111111111",
}
SIMULATED = ImportMapping(yes=ClaimedConsent.EXPRESS, no=ClaimedConsent.NEVER_ASKED)


def line(number: int = 1, **changes: str) -> dict[str, str]:
    return FIRST | {"reservation_no": f"LIS-{number}"} | changes


def write(path: Path, lines: Sequence[dict[str, str]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADER.split(","), delimiter=separator)
        writer.writeheader()
        writer.writerows(lines)
    return path


def counts(done: Imported) -> tuple[int, int, int]:
    return done.guests_made, done.stays_made, done.rejected


def test_a_run_ends_when_it_ends(segments: Database, tmp_path: Path) -> None:
    """What waits for the end of an import does not wait for its beginning."""
    path, clock = write(tmp_path / "a.csv", [line(1)]), VirtualClock(AT)

    def takes_an_hour(_entered: int, _waiting: int) -> None:
        clock.advance_to(AT + timedelta(hours=1))

    import_reservations(segments, path, ImportMapping(), AT, progress=takes_an_hour, clock=clock)
    assert rows_of(segments, "select started_at, ended_at from import_run") == [(AT, AT + timedelta(hours=1))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_whatever_its_separator_and_mark(
    segments: Database, tmp_path: Path, separator: str, encoding: str
) -> None:
    path = write(tmp_path / "a.csv", [line(1, first_name='Ana "Nini", Ça')], separator=separator, encoding=encoding)
    assert counts(import_reservations(segments, path, ImportMapping(), AT)) == (1, 1, 0)
    assert rows_of(segments, "select given_name from guest") == [('Ana "Nini", Ça',)]


def test_a_gzipped_file_is_read(segments: Database, tmp_path: Path) -> None:
    plain = write(tmp_path / "a.csv", [line(1)])
    zipped = tmp_path / "a.csv.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert counts(import_reservations(segments, zipped, ImportMapping(), AT)) == (1, 1, 0)


def test_a_stay_arrives_in_its_final_state_at_the_trades_hours(segments: Database, tmp_path: Path) -> None:
    import_reservations(segments, write(tmp_path / "a.csv", [line(1)]), ImportMapping(), AT)
    found = rows_of(segments, "select status, checked_in_at, checked_out_at, checked_out_on, rate, nights from stay")
    (status, came, left, day, rate, nights) = found[0]
    assert (status, day, str(rate), nights) == ("checked_out", date(2016, 3, 13), "80.50", 3)
    assert (came, left) == (datetime(2016, 3, 10, 15, tzinfo=UTC), datetime(2016, 3, 13, 12, tzinfo=UTC))
    assert told(segments) == ["guest.changed", "stay.checked_out"]
    assert rows_of(segments, "select distinct lane from outbox") == [("marketing",)]


def test_bad_rows_are_refused_with_line_field_and_reason_and_nothing_else_is_lost(
    segments: Database, tmp_path: Path
) -> None:
    lines = [
        line(1),
        line(2, status="maybe"),
        line(3, arrival="2016-02-30"),
        line(4, departure="2016-03-09"),
        line(5, property="XXX"),
        line(6, reservation_no=" "),
        line(7, status="cancelled", status_date="2/1/2016"),
        line(8, arrival="soon", departure=""),
        line(9),
    ]
    rejects = tmp_path / "rejects.csv"
    done = import_reservations(segments, write(tmp_path / "a.csv", lines), ImportMapping(), AT, rejects=rejects)
    assert counts(done) == (1, 2, 7)
    refused = [(row["line"], row["field"]) for row in csv.DictReader(rejects.open(encoding="utf-8"))]
    assert refused == [
        ("3", "status"), ("4", "arrival"), ("5", "departure"), ("6", "property"), ("7", "reservation"),
        ("8", "status_date"), ("9", "arrival"), ("9", "departure"),
    ]  # fmt: skip
    assert "rita" not in rejects.read_text(encoding="utf-8").lower()


def test_dirt_that_names_no_stay_and_no_day_is_unknown_and_the_row_stays(segments: Database, tmp_path: Path) -> None:
    lines = [
        line(1, country="CN", children="NA", adr="-6.38", phone="call me", birth_date="", email="NULL"),
        line(2, country="TMP", children="-1", adr="5400", birth_date="2016-03-05", marketing_email="?"),
        line(3, country="", language="Português", adr="1e", phone=""),
        *(line(n) for n in range(4, 8)),
    ]
    done = import_reservations(segments, write(tmp_path / "a.csv", lines), ImportMapping(), AT)
    assert (done.stays_made, done.rejected) == (7, 0)
    query = "select country, birth_date from guest join stay on guest_id = guest.id where reservation = 'LIS-1'"
    assert rows_of(segments, query) == [(None, None)]
    query = "select reservation, children, rate from stay where reservation < 'LIS-4' order by 1"
    assert rows_of(segments, query) == [("LIS-1", None, None), ("LIS-2", None, None), ("LIS-3", 0, None)]


def test_a_name_that_looks_like_nothing_is_a_name(segments: Database, tmp_path: Path) -> None:
    import_reservations(segments, write(tmp_path / "a.csv", [line(1, last_name="Na")]), ImportMapping(), AT)
    assert rows_of(segments, "select family_name from guest") == [("Na",)]


def test_a_broken_record_costs_its_own_line_only(segments: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1), line(2), line(3), line(4)])
    texts = path.read_text(encoding="utf-8").splitlines()
    texts[2] = texts[2].replace("Rita", '"Rita')
    texts[3] += ",one cell more"
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    done = import_reservations(segments, path, ImportMapping(), AT, rejects=rejects)
    assert (done.stays_made, done.rejected) == (2, 2)
    assert [row["line"] for row in csv.DictReader(rejects.open(encoding="utf-8"))] == ["3", "4"]


def test_bytes_that_are_no_utf8_cost_their_row_only(segments: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", [line(1, last_name="Cantñ"), line(2, first_name="Zoë"), line(3, first_name="José")]
    )
    path.write_bytes(path.read_bytes().replace("ñ".encode(), b"\xf1"))
    assert counts(import_reservations(segments, path, ImportMapping(), AT)) == (2, 2, 1)


def test_missing_columns_are_named(segments: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("reservation_no,property,status\nLIS-1,LIS,booked\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        import_reservations(segments, path, ImportMapping(), AT)
    assert set(refused.value.problems) == {"status_date", "booked_on", "arrival", "departure", "family_name"}


def test_a_column_of_card_numbers_is_never_read_even_if_asked_for(segments: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1)])
    with pytest.raises(InputError, match="never read"):
        import_reservations(segments, path, ImportMapping(columns={"phone": "card_number"}), AT)


def test_an_unknown_header_is_found_by_the_mapping(segments: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1)])
    path.write_text(path.read_text(encoding="utf-8").replace("reservation_no", "Buchung"), encoding="utf-8")
    done = import_reservations(segments, path, ImportMapping(columns={"reservation": "Buchung"}), AT)
    assert done.stays_made == 1


def test_dates_that_fit_two_orders_are_asked_and_then_read_as_told(segments: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1, departure="2016-04-03", status_date="4/3/2016")])
    with pytest.raises(InputError, match="status_date"):
        import_reservations(segments, path, ImportMapping(), AT)
    import_reservations(segments, path, ImportMapping(dates={"status_date": Order.MDY}), AT)
    assert rows_of(segments, "select checked_out_on from stay") == [(date(2016, 4, 3),)]


@pytest.mark.parametrize(
    ("mapping", "yes", "no"),
    [(ImportMapping(), "unknown", "refused"), (SIMULATED, "express", "never_asked")],
)
def test_a_consent_column_means_what_the_mapping_says(
    segments: Database, tmp_path: Path, mapping: ImportMapping, yes: str, no: str
) -> None:
    import_reservations(segments, write(tmp_path / "a.csv", [line(1)]), mapping, AT)
    assert rows_of(segments, "select channel, state from consent_claim order by 1") == [("email", yes), ("sms", no)]


def test_consent_to_whatsapp_has_a_column_of_its_own(segments: Database, tmp_path: Path) -> None:
    told_there = line(1) | {"WhatsApp opt-in": "Y"}
    (tmp_path / "a.csv").write_text(f"{','.join(told_there)}\n{','.join(told_there.values())}\n")
    import_reservations(segments, tmp_path / "a.csv", SIMULATED, AT)
    kept = rows_of(segments, "select channel, state from consent_claim order by 1")
    assert kept == [("email", "express"), ("sms", "never_asked"), ("whatsapp", "express")]
    (reached,) = rows_of(segments, "select whatsapp_consent, whatsapp_personal, sms_personal from guest_facts")
    assert reached == ("express", True, True)


def test_a_later_yes_does_not_revive_a_refusal(segments: Database, tmp_path: Path) -> None:
    mapping = ImportMapping(yes=ClaimedConsent.EXPRESS)
    lines = [line(1, marketing_email="N"), line(2, booked_on="2016-03-02", marketing_email="Y")]
    import_reservations(segments, write(tmp_path / "a.csv", lines), mapping, AT)
    import_reservations(segments, write(tmp_path / "b.csv", [line(3, booked_on="2016-03-03")]), mapping, AT)
    assert rows_of(segments, "select state from consent_claim where channel = 'email'") == [("refused",)]


def test_the_file_again_changes_nothing_and_says_only_that_it_came(segments: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1), line(2)])
    assert not import_reservations(segments, path, ImportMapping(), AT).nothing_changed
    before = told(segments)
    again = import_reservations(segments, path, ImportMapping(), AT)
    assert again.nothing_changed
    assert again.unchanged == 2
    assert told(segments) == before
    assert rows_of(segments, "select heard_at from property_known where code = 'LIS'") == [(AT,)]
    heard = rows_of(segments, "select lane, body from outbox where type = 'property.heard.v1' order by id")
    assert [(lane, json.loads(body)["property"]) for lane, body in heard] == [("marketing", ["LIS"])] * 2


def test_a_changed_row_is_told_as_what_happened_to_its_stay(segments: Database, tmp_path: Path) -> None:
    booked = [line(n, status="booked", status_date="3/13/2016") for n in (1, 2, 3)]
    import_reservations(segments, write(tmp_path / "a.csv", booked), ImportMapping(), AT)
    before = len(told(segments))
    later = [line(1), line(2, status="cancelled"), booked[2] | {"departure": "2016-03-15"}]
    done = import_reservations(segments, write(tmp_path / "b.csv", later), ImportMapping(), AT)
    assert (done.stays_made, done.stays_changed) == (0, 3)
    assert [name for name in told(segments)[before:] if name.startswith("stay")] == [
        "stay.cancelled", "stay.changed", "stay.checked_out",
    ]  # fmt: skip
    assert rows_of(segments, "select distinct version from stay") == [(2,)]


def test_of_a_stay_told_on_two_lines_the_last_counts(segments: Database, tmp_path: Path) -> None:
    lines = [line(1, status="booked"), line(1)]
    done = import_reservations(segments, write(tmp_path / "a.csv", lines), ImportMapping(), AT)
    assert (done.stays_made, done.superseded) == (1, 1)
    assert rows_of(segments, "select status, version from stay") == [("checked_out", 1)]


def test_a_crash_between_chunks_loses_nothing_and_running_again_completes(
    segments: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "FIRST_CHUNK", 3)
    monkeypatch.setattr(chunks, "CHUNK", 3)
    path = write(tmp_path / "a.csv", [line(n, booked_on=f"2016-03-0{n}") for n in range(1, 9)])

    class Crash(RuntimeError): ...

    def crash_after_six(done: int, _total: int) -> None:
        if done == 6:
            raise Crash

    with pytest.raises(Crash):
        import_reservations(segments, path, ImportMapping(), AT, progress=crash_after_six)
    assert rows_of(segments, "select count(*) from stay") == [(6,)]
    seen: list[tuple[int, int]] = []
    done = import_reservations(segments, path, ImportMapping(), AT, progress=lambda *one: seen.append(one))
    assert (done.rows, done.unchanged, done.stays_made) == (8, 0, 8)  # what it entered before is no row known already
    assert seen == [(8, 8)]
    again = import_reservations(segments, path, ImportMapping(), AT)
    assert (again.unchanged, again.stays_made) == (8, 0)
    assert len(partition(segments)) == 1
    assert rows_of(segments, "select count(*) from import_row") == [(0,)]


@pytest.mark.parametrize("claim", [claim_imports, claim_worker])
def test_what_dies_while_an_import_runs_can_be_cleaned_away(segments: Database, claim: Callable[[Tx], object]) -> None:
    """Who holds the turn of imports is idle for as long as one runs. Should its snapshot be held too, vacuum would go
    over the same dead rows every five seconds and remove none of them."""
    with segments.transaction() as guard:
        claim(guard)
        pid = guard.connection.info.backend_pid
        with segments.transaction() as tx:
            seen = tx.execute("select state, backend_xmin::text from pg_stat_activity where pid = %s", [pid]).fetchone()
        assert seen == ("idle in transaction", None)


def test_addresses_rest_sealed_and_cards_rest_nowhere(segments: Database, tmp_path: Path) -> None:
    import_reservations(segments, write(tmp_path / "a.csv", [line(1)]), ImportMapping(), AT)
    tables = rows_of(segments, "select tablename from pg_tables where schemaname = 'public'")
    with segments.transaction() as tx:
        texts = [str(tx.execute(f"select * from {name}").fetchall()) for (name,) in tables]
    assert not any(secret in text for text in texts for secret in ("rita@example", "930000451", "4111"))
    with segments.transaction() as tx:
        (guest,) = guests_as_of_now(tx)
    assert (guest["emails"], guest["phones"]) == (["rita@example.com"], ["+351930000451"])
    assert (guest["reservations"], guest["birth_date"], guest["country"]) == (["LIS-1"], "1980-05-04", "PT")
