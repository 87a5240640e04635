"""The first entry of a record: its policy, its procedure and the first keys. Outside ``live`` all keys are published."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.core.mission import Mission
from truceline.determine.rules import stated_rules
from truceline.ledger.authors import AuthorKey
from truceline.ledger.checkpoint import Checkpoint
from truceline.ledger.keys import Cosigner, Signer, derive_demo_cosigner, derive_demo_key, derive_demo_seed
from truceline.ledger.policy import Policy, PolicyWitness, require_all
from truceline.ledger.signing import SignedStatement, founding_statement, sign_statement
from truceline.ledger.tree import EMPTY_ROOT

ROLES = ("duty", "head")
"""Whose keys a delegation brings to the founding: an officer on watch, and its head."""


def demo_cosigners(mission: Mission) -> dict[str, Cosigner]:
    """Return the published keys of a mission's witnesses, by their names in the policy."""
    realm, id_ = mission.settings.realm, mission.settings.id
    return {name: derive_demo_cosigner(realm, id_, name) for name in mission.procedure.cosigners}


def demo_policy(mission: Mission) -> Policy:
    """Return the policy under which every cosigner of the procedure must have cosigned, with the published keys."""
    log = derive_demo_key(mission.settings.realm, mission.settings.id)
    named = (PolicyWitness(name, key.verifier) for name, key in demo_cosigners(mission).items())
    return require_all(log.verifier, named)


def demo_escrow_seed(mission: Mission, name: str) -> bytes:
    """Return the published seed of an escrow of a demo or exercise record."""
    return derive_demo_seed(mission.settings.realm, mission.settings.id, f"escrow/{name}")


def _demo_authors(mission: Mission) -> Iterator[tuple[Signer, AuthorKey]]:
    for delegation in mission.delegations:
        if delegation.id not in mission.procedure.determiners:
            continue
        for role in ROLES:
            name = f"{delegation.letter}/{role}"
            signer = derive_demo_key(mission.settings.realm, mission.settings.id, name)
            yield signer, AuthorKey(signer.verifier, delegation.letter, role, 0)


def demo_founding(mission: Mission, escrow: str) -> SignedStatement:
    """Return the founding of a demo or exercise record, signed by all of its published keys.

    Args:
        mission: The pack.
        escrow: Public key of the escrow, hex, or empty for nobody.

    Returns:
        What stands first in the record.

    Raises:
        ConflictError: The realm is ``live``.
    """
    id_, realm = mission.settings.id, mission.settings.realm
    log = derive_demo_key(realm, id_)
    signers, keys = [log], list[AuthorKey]()
    for signer, key in _demo_authors(mission):
        signers.append(signer)
        keys.append(key)
    statement = founding_statement(id_, realm, demo_policy(mission), keys, stated_rules(mission, escrow))
    return sign_statement(statement, signers, Checkpoint(log.name, 0, EMPTY_ROOT))
