from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from amanat.desk.registry.actions import numbering
from amanat.desk.registry.models import Office, Sequence
from tests.cast import Cast


def test_numbers_count_on_for_each_office_kind_and_year(cast: Cast) -> None:
    assert [numbering.take(cast.own, "permit", 2026) for _ in range(3)] == [1, 2, 3]
    assert numbering.take(cast.own, "permit", 2027) == 1
    assert numbering.take(cast.own, "memo", 2026) == 1
    assert numbering.take(cast.sister, "permit", 2026) == 1


def test_what_was_undone_leaves_no_gap(cast: Cast) -> None:
    numbering.take(cast.own, "permit", 2026)
    with transaction.atomic():
        assert numbering.take(cast.own, "permit", 2026) == 2
        transaction.set_rollback(True)
    assert numbering.take(cast.own, "permit", 2026) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_a_fault() -> None:
    office = Office.objects.create(code="A", name="A")
    with pytest.raises(RuntimeError, match="inside the transaction"):
        numbering.take(office, "permit", 2026)
    assert not Sequence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_each_their_own() -> None:
    office, got, start = Office.objects.create(code="A", name="A"), list[int](), Barrier(8)

    def press() -> None:
        start.wait()
        for _ in range(5):
            with transaction.atomic():
                got.append(numbering.take(office, "memo", 2026))
        connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(1, 41))
