# SPDX-License-Identifier: LGPL-2.1-or-later
"""Claims: one owner of a card or of a channel at a time."""

import enum
from typing import Optional

from ._native import check, lib, patient
from .lifetime import Use, Resource


class Claimed(enum.IntEnum):
    """What is claimed."""
    CHANNEL0 = 0
    CHANNEL1 = 1
    CARD = 2


class Claim:
    """A claim that is held; a context manager, released on leaving it."""

    def __init__(self, card: Resource, what: int, lease: float,
                 timeout: Optional[float]) -> None:
        self._card = card
        self.what = Claimed(what)
        self.lease = lease
        self._timeout = timeout
        self._held = False
        self.renew()

    def renew(self) -> None:
        """Begin the lease anew, or take again what was lost."""
        with Use(self._card) as card:
            # In one piece: whoever waits anew is the last in the queue.
            check(patient(lambda left: lib.claim(
                card, self.what, round(self.lease * 1000),
                left if self._timeout is not None else -1),
                self._timeout, 2**63 - 1), card)
        self._held = True

    def release(self) -> None:
        """Give it back; twice is once."""
        if not self._held:
            return
        with Use(self._card) as card:
            check(lib.claim_release(card, self.what), card)
        self._held = False

    def forget(self) -> None:
        """The card is being closed, which ends the claim."""
        if self._held:
            self._held = False
            with Use(self._card) as card:
                lib.claim_release(card, self.what)

    def __enter__(self) -> "Claim":
        return self

    def __exit__(self, *_: object) -> None:
        # A card that was closed within the block has released it.
        if not self._card.ended:
            self.release()
