"""Messages and files cross three real zones over mTLS; whatever is killed, each arrives exactly once."""

from collections.abc import Iterator

import pytest

from tests.gateway.town import Town, running_town
from yakuba.zones.postgres import Cluster

pytestmark = pytest.mark.xdist_group("gateway-town")


@pytest.fixture(scope="module")
def town(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(cluster, tmp_path_factory.mktemp("town"), "gatewaytown") as made:
        made.start()
        yield made


def delivered(town: Town) -> bool:
    return town.one("internet", "SELECT count(*) = 0 FROM gateway_pending") is True


def test_a_message_arrives_with_its_files_rebuilt_and_its_answer_comes_back(town: Town) -> None:
    number = town.post(
        "internet",
        "from tests.gateway.files import one_page_pdf\nprint(post(1, (one_page_pdf(), b'GIF89a no'), answer=True))",
    )
    town.wait_until(lambda: town.one("internet", "SELECT count(*) = 1 FROM echo_effect"), what="the answer")
    [(kind, files)] = town.rows("mynumber", "SELECT kind, files FROM echo_effect WHERE message = %s", number)
    assert kind == "test.note"
    assert files.startswith("application/pdf:")
    assert files.endswith(" refused:not_supported")
    assert town.rows("internet", "SELECT kind, files FROM echo_effect") == [
        ("test.answer", "application/pdf:7000")
    ]
    town.wait_until(lambda: delivered(town), what="the receipt")
    assert town.one("internet", "SELECT state FROM gateway_outbox") == "delivered"
    town.wait_until(
        lambda: town.one("mynumber", "SELECT state = 'delivered' FROM gateway_outbox"), what="its receipt"
    )
    for zone, holders in (("internet", {"inbox"}), ("lgwan", set()), ("mynumber", {"inbox", "notice"})):
        held = {row[0].split(":")[0] for row in town.rows(zone, "SELECT holder FROM gateway_blob_hold")}
        assert held == holders
        assert town.one(zone, "SELECT count(*) FROM gateway_blob") == town.one(
            zone, "SELECT count(DISTINCT sha256) FROM gateway_blob_hold"
        )
