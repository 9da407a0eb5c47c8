from collections.abc import Callable
from typing import Any

import pytest

from herenow.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from herenow.identity.admins import Admins, Role, require
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

BITES = Scope("bites", "production")
STAGING = Scope("bites", "staging")
REELS = Scope("reels", "production")


@pytest.fixture(name="admins")
def _admins(documents: MemoryDocuments, clock) -> Admins:
    return Admins(documents, clock=clock)


def test_the_first_owner_owns_everything(admins: Admins):
    """Bootstrap makes an owner of every app and environment."""
    owner = admins.bootstrap("ada@example.com")

    assert owner.role_in(BITES) is Role.owner
    assert owner.role_in(REELS) is Role.owner


def test_there_is_one_bootstrap(admins: Admins):
    """A second bootstrap is refused, whoever asks."""
    admins.bootstrap("ada")

    with pytest.raises(Conflict) as refusal:
        admins.bootstrap("mallory")
    assert refusal.value.code == "ALREADY_BOOTSTRAPPED"
    assert [each.id for each in admins.list()] == ["ada"]


def test_the_most_generous_grant_counts(admins: Admins):
    """A grant for the whole app and one for an environment add up to the higher."""
    admins.grant("bob", "bites/*", Role.viewer, by="ada")
    bob = admins.grant("bob", "bites/staging", Role.publisher, by="ada")

    assert bob.role_in(STAGING) is Role.publisher
    assert bob.role_in(BITES) is Role.viewer
    assert bob.role_in(REELS) is None


def test_a_withdrawn_grant_is_gone(admins: Admins):
    """Granting nothing withdraws."""
    admins.grant("bob", "bites/staging", Role.editor, by="ada")

    assert admins.grant("bob", "bites/staging", None, by="ada").role_in(STAGING) is None


def test_the_last_owner_stays(admins: Admins):
    """Nobody can lock everybody out."""
    admins.bootstrap("ada")

    with pytest.raises(Conflict) as refusal:
        admins.grant("ada", "*", Role.viewer, by="ada")
    assert refusal.value.code == "LAST_OWNER"


def test_an_owner_may_leave_when_another_stays(admins: Admins):
    """With two owners of everything, one can be withdrawn."""
    admins.bootstrap("ada")
    admins.grant("bob", "*", Role.owner, by="ada")

    assert admins.grant("ada", "*", None, by="bob").grants == {}


@pytest.mark.parametrize(
    "place", ["", "bites", "*/production", "bites/prod uction", "bites/production/x", "**"]
)
def test_a_malformed_place_is_refused(admins: Admins, place: str):
    """A grant names app/environment, app/* or everything."""
    with pytest.raises(Invalid):
        admins.grant("bob", place, Role.viewer, by="ada")


def test_a_malformed_id_is_refused(admins: Admins):
    """An admin id is something like an e-mail address."""
    with pytest.raises(Invalid):
        admins.grant("Bob Smith", "bites/production", Role.viewer, by="ada")


def test_who_has_no_role_learns_nothing(admins: Admins):
    """A pair in which a person has no role does not exist for them."""
    bob = admins.grant("bob", "bites/staging", Role.owner, by="ada")

    with pytest.raises(NotFound):
        require(bob, REELS, Role.viewer)


def test_a_small_role_is_told_apart(admins: Admins):
    """A person who may look is told that they may not touch."""
    bob = admins.grant("bob", "bites/staging", Role.viewer, by="ada")

    with pytest.raises(Forbidden):
        require(bob, STAGING, Role.editor)


def test_revoked_tokens_end(admins: Admins):
    """Raising the epoch ends every token of the person."""
    admins.bootstrap("ada")
    admins.revoke_tokens("ada")

    with pytest.raises(Unauthenticated):
        admins.recognise("ada", 1)
    assert admins.recognise("ada", 2).id == "ada"


def test_somebody_unknown_is_not_recognised(admins: Admins):
    """A token of a person who is no admin any more ends."""
    with pytest.raises(Unauthenticated):
        admins.recognise("ghost", 1)
    with pytest.raises(NotFound):
        admins.get("ghost")


class Overtaken(MemoryDocuments):
    """A store in which ``meanwhile`` happens just before the next write."""

    meanwhile: Callable[[], object] | None = None

    def _let_others_go_first(self) -> None:
        first, self.meanwhile = self.meanwhile, None
        if first:
            first()

    def put_if(self, *args: Any, **options: Any) -> int:
        """After ``meanwhile``."""
        self._let_others_go_first()
        return super().put_if(*args, **options)

    def transact(self, *args: Any) -> None:
        """After ``meanwhile``."""
        self._let_others_go_first()
        super().transact(*args)


@pytest.fixture(name="overtaken")
def _overtaken(clock) -> Overtaken:
    return Overtaken(clock)


def test_two_owners_who_withdraw_each_other_leave_one(overtaken: Overtaken, clock):
    """Whoever is slower is refused: there is an owner of everything at all times."""
    admins = Admins(overtaken, clock=clock)
    admins.bootstrap("ada")
    admins.grant("bob", "*", Role.owner, by="ada")
    overtaken.meanwhile = lambda: admins.grant("bob", "*", None, by="ada")

    with pytest.raises(Conflict):
        admins.grant("ada", "*", None, by="bob")
    assert [admin.id for admin in admins.list() if "*" in admin.grants] == ["ada"]


def test_tokens_are_revoked_while_grants_change(overtaken: Overtaken, clock):
    """A grant that is faster costs the revocation nothing."""
    admins = Admins(overtaken, clock=clock)
    admins.bootstrap("ada")
    overtaken.meanwhile = lambda: admins.grant("ada", str(BITES), Role.viewer, by="ada")

    revoked = admins.revoke_tokens("ada")

    assert (revoked.epoch, revoked.role_in(BITES)) == (2, Role.owner)
    assert str(BITES) in revoked.grants
