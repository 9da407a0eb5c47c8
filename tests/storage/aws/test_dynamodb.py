"""What is DynamoDB's own about the documents: throttling, left-over keys, the table, the item."""

import logging

import pytest

boto3 = pytest.importorskip("boto3", reason="the aws extra is not installed")
moto_server = pytest.importorskip("moto.server", reason="moto's server is not installed")

from botocore.config import Config  # noqa: E402  after the skip
from botocore.exceptions import ClientError  # noqa: E402  after the skip

from herenow.errors import Unavailable  # noqa: E402  after the skip
from herenow.storage.aws.dynamodb import DynamoDocuments, create_table  # noqa: E402  after the skip
from herenow.storage.aws.retries import Retries  # noqa: E402  after the skip
from herenow.storage.ports import Key, Put, VersionConflict  # noqa: E402  after the skip

KEYS = [Key("p", str(n)) for n in range(6)]


@pytest.fixture(scope="module")
def client():
    """A client of moto's server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name="eu-west-1"
    )
    made = session.client("dynamodb", endpoint_url=f"http://{host}:{port}", config=Config(proxies={}))
    create_table(made, "documents")
    yield made
    made.close()
    server.stop()


class Reluctant:
    """A client whose ``operation`` answers with each of ``refusals`` before it does its work."""

    def __init__(self, client, operation, refusals):
        self._client = client
        self._operation = operation
        self.refusals = list(refusals)

    def __getattr__(self, name):
        real = getattr(self._client, name)
        if name != self._operation:
            return real
        return lambda **request: self.refusals.pop(0)(real, request) if self.refusals else real(**request)


def refuse(code, reasons=()):
    """A refusal with an error answer."""

    def answer(_, __):
        response = {"Error": {"Code": code}, "CancellationReasons": [{"Code": r} for r in reasons]}
        raise ClientError(response, "Operation")

    return answer


def leave(count):
    """A BatchGetItem answer that leaves all but ``count`` keys unprocessed."""

    def answer(real, request):
        (table, asked), *_ = request["RequestItems"].items()
        now, later = asked["Keys"][:count], asked["Keys"][count:]
        found = real(RequestItems={table: {**asked, "Keys": now}}) if now else {"Responses": {}}
        return {**found, "UnprocessedKeys": {table: {**asked, "Keys": later}}}

    return answer


def documents(client, pauses, attempts=4):
    """The store with its pauses recorded instead of slept."""
    retries = Retries(attempts=attempts, first_pause_s=1.0, sleep=pauses.append)
    return DynamoDocuments(client, "documents", lambda: 1000.0, retries=retries)


def test_throttling_is_waited_out_with_growing_pauses(client):
    """The call succeeds after the pauses 1, 2 s."""
    pauses = []
    reluctant = Reluctant(client, "put_item", [refuse("ThrottlingException")] * 2)
    assert documents(reluctant, pauses).put_if(Key("t", "a"), {}, version=0) == 1
    assert pauses == [1.0, 2.0]


def test_lasting_throttling_is_unavailable(client):
    """After the last attempt the store says so, without a write."""
    pauses = []
    reluctant = Reluctant(client, "get_item", [refuse("ProvisionedThroughputExceededException")] * 9)
    with pytest.raises(Unavailable):
        documents(reluctant, pauses).get(Key("t", "b"))
    assert len(reluctant.refusals) == 5
    assert len(pauses) == 3


def test_other_errors_are_not_repeated(client):
    """What asking again cannot change is raised at once."""
    reluctant = Reluctant(client, "get_item", [refuse("AccessDeniedException")])
    pauses = []
    with pytest.raises(ClientError, match="AccessDenied"):
        documents(reluctant, pauses).get(Key("t", "b"))
    assert pauses == []


def test_unprocessed_keys_are_asked_for_again(client):
    """Everything is found, and no pause is made while answers bring something."""
    pauses = []
    documents(client, pauses).transact([Put(key, {}) for key in KEYS])
    reluctant = Reluctant(client, "batch_get_item", [leave(2), leave(1), leave(0)])
    assert set(documents(reluctant, pauses).batch_get(KEYS)) == set(KEYS)
    assert pauses == [1.0]


def test_keys_that_stay_unprocessed_are_unavailable(client):
    """Answers that bring nothing are not waited for without end."""
    with pytest.raises(Unavailable):
        documents(Reluctant(client, "batch_get_item", [leave(0)] * 9), []).batch_get(KEYS)


def test_a_transaction_that_met_another_is_sent_again(client):
    """TransactionConflict is no version conflict."""
    pauses = []
    refusal = refuse("TransactionCanceledException", ["None", "TransactionConflict"])
    store = documents(Reluctant(client, "transact_write_items", [refusal]), pauses)
    store.transact([Put(Key("tx", "a"), {}, 0), Put(Key("tx", "b"), {}, 0)])
    assert pauses == [1.0]
    assert store.get(Key("tx", "b")).version == 1


def test_a_failed_condition_beats_a_met_transaction(client):
    """When one write conflicts for good, nothing is sent again."""
    refusal = refuse("TransactionCanceledException", ["ConditionalCheckFailed", "TransactionConflict"])
    pauses = []
    with pytest.raises(VersionConflict):
        documents(Reluctant(client, "transact_write_items", [refusal]), pauses).transact(
            [Put(Key("tx", "c"), {}, 0), Put(Key("tx", "d"), {}, 0)]
        )
    assert pauses == []


def test_an_unreachable_store_is_unavailable():
    """No answer at all is told as such, not as botocore's exception."""
    session = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name="eu-west-1"
    )
    config = Config(proxies={}, connect_timeout=1, retries={"max_attempts": 0})
    nobody = session.client("dynamodb", endpoint_url="http://127.0.0.1:9", config=config)
    with pytest.raises(Unavailable, match="does not answer"):
        documents(nobody, []).get(Key("p", "a"))
    nobody.close()


def test_the_table_removes_expired_items(client):
    """create_table may run at every start, and the time-to-live attribute is the expiry."""
    create_table(client, "documents")
    state = client.describe_time_to_live(TableName="documents")["TimeToLiveDescription"]
    assert state == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_an_item_lies_as_documented(client):
    """Integers lie apart from the JSON, so that they can be added to in place."""
    documents(client, []).put_if(Key("lie", "a"), {"n": 5, "t": "é", "b": True}, expires_at=2000)
    key = {"pk": {"S": "lie"}, "sk": {"S": "a"}}
    assert client.get_item(TableName="documents", Key=key)["Item"] == {
        **key,
        "body": {"S": '{"t":"é","b":true}'},
        "counters": {"M": {"n": {"N": "5"}}},
        "version": {"N": "1"},
        "expires_at": {"N": "2000"},
    }
