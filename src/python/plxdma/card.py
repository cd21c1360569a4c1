# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cards: opened, asked, read from and written to, closed."""

import ctypes
import os
import weakref
from typing import Any, Dict, List, Optional, Tuple, Union

from . import _structures
from ._native import check, lib, nanoseconds, sized
from .channel import Channel
from .claim import Claim, Claimed
from .info import CardInfo, Counters, Holder, told
from .lifetime import Resource
from .observer import Observer
from .memory import Buffer
from .mode import Mode
from .registers import Registers
from .step import fits

# read() and write() can't be interrupted, so none of them is for ever unless
# one says so.
SECONDS = 10.0


class Card(Registers):
    """An open card, a context manager that closes it.

    Any number of threads may use a card.  A forked child may not: what it
    does with its parent's card raises ClosedError, and views of its memory
    are not there.
    """

    def __init__(self, spec: str, beside: Optional["Card"] = None) -> None:
        """Open a card by its spec: plxdma/card.h and plxdma(1) list them.

        beside is an open card whose memory this one shall share.
        """
        pointer = ctypes.c_void_p()
        where = ctypes.byref(pointer)
        if beside is None:
            check(lib.open(os.fsencode(spec), where))
        else:
            with beside._use() as other:
                check(lib.open_beside(os.fsencode(spec), other, where))
        self._begin(pointer, spec)

    def _begin(self, pointer: ctypes.c_void_p, spec: str) -> None:
        assert pointer.value is not None
        super().__init__(Resource(pointer.value, lib.close, what="card"))
        self.spec = spec
        self._channels: "weakref.WeakSet[Channel]" = weakref.WeakSet()
        self._observers: "weakref.WeakSet[Observer]" = weakref.WeakSet()
        self._claims: Dict[int, Claim] = {}

    def reopen(self, timeout: Optional[float] = 0) -> "Card":
        """A new card by the same spec, once there is a daemon again."""
        pointer = ctypes.c_void_p()
        with self._use() as card:
            check(lib.reopen(card, nanoseconds(timeout),
                             ctypes.byref(pointer)))
        again = Card.__new__(Card)
        again._begin(pointer, self.spec)
        return again

    def close(self) -> None:
        """Stop what runs on the card, release its claims, let it go.

        Its channels and streams are closed as well.  Where memoryviews or
        arrays of its memory are left they stay good, and the card is let go
        with the last of them.
        """
        if self.closed:
            return
        for observer in list(self._observers):
            observer.close()
        for channel in list(self._channels):
            channel.close()
        for claim in self._claims.values():
            claim.forget()
        self._let_go()

    def __enter__(self) -> "Card":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def info(self) -> CardInfo:
        """What is known of the card."""
        native = sized(_structures.CardInfo)
        with self._use() as card:
            check(lib.card_info(card, ctypes.byref(native)), card)
        return told(CardInfo, native)

    @property
    def counters(self) -> Counters:
        """What was counted since it was opened."""
        native = sized(_structures.Counters)
        with self._use() as card:
            check(lib.card_counters(card, ctypes.byref(native)), card)
        return told(Counters, native)

    def reset(self) -> None:
        """Reset chip and board; needs reset=allowed in the spec."""
        self._put(lib.card_reset)

    def fault(self, fault: str) -> None:
        """Arm a fault on a software card."""
        with self._use() as card:
            check(lib.card_fault(card, fault.encode()), card)

    def claim(self, what: Union[Claimed, int] = Claimed.CARD, *,
              lease: float = 0, timeout: Optional[float] = 0) -> Claim:
        """Take the card, or a channel (0 or 1), for oneself.

        lease: seconds after which it ends unless renewed; 0: never.
        timeout: how long to wait for another's claim; None: for ever.
        """
        with self._use():
            claim = Claim(self._resource, what, lease, timeout)
        self._claims[claim.what] = claim
        return claim

    def observe(self, channel: int, *, watermark: int = 0) -> Observer:
        """Read along with the stream that somebody else runs there; see
        Observer."""
        with self._use():
            observer = Observer(self._resource, channel, watermark)
        self._observers.add(observer)
        return observer

    def holder(self, what: Union[Claimed, int] = Claimed.CARD) -> Holder:
        """Who holds a claim."""
        native = sized(_structures.Holder)
        with self._use() as card:
            check(lib.claim_holder(card, what, ctypes.byref(native)), card)
        return told(Holder, native)

    def alloc(self, size: int) -> Buffer:
        """Memory that the card reaches."""
        with self._use():
            return Buffer(self._resource, size)

    def channel(self, index: int = 0, mode: Optional[Mode] = None) -> Channel:
        """Open DMA channel 0 or 1."""
        with self._use():
            channel = Channel(self._resource, index, mode)
        self._channels.add(channel)
        return channel

    def read(self, local: int, size: int,
             timeout: Optional[float] = SECONDS) -> bytearray:
        """Move local memory to new memory."""
        data = bytearray(size)
        self.read_into(local, data, timeout)
        return data

    def read_into(self, local: int, data: Any,
                  timeout: Optional[float] = SECONDS) -> None:
        """Move local memory to any writable memory: a bytearray, an array,
        a buffer's data (which is the fastest: it is not copied)."""
        with memoryview(data) as view:
            if view.readonly:
                raise TypeError("read_into() needs memory that is writable")
        self._move(lib.read, local, data, timeout)

    def write(self, local: int, data: Any,
              timeout: Optional[float] = SECONDS) -> None:
        """Move any memory to local memory."""
        self._move(lib.write, local, data, timeout)

    def _move(self, function: Any, local: int, data: Any,
              timeout: Optional[float]) -> None:
        where, size, keep = _memory_of(data)
        with self._use() as card:
            check(function(card, fits("local", local, 32), where, size,
                           nanoseconds(timeout)), card)
        del keep


def _memory_of(data: Any) -> Tuple[Any, int, Any]:
    """What ctypes takes as the address of some memory, its bytes, and what has
    to live meanwhile."""
    if isinstance(data, bytes):
        return data, len(data), data
    with memoryview(data) as view:
        if not view.c_contiguous:
            raise TypeError("memory to be moved has to be contiguous")
        size = view.nbytes
        if view.readonly or not size:
            copy = view.tobytes()
            return copy, size, copy
    whole = (ctypes.c_char * size).from_buffer(data)
    return whole, size, whole


def open_card(spec: str, beside: Optional[Card] = None) -> Card:
    """Open a card: Card(spec)."""
    return Card(spec, beside)


def list_cards() -> List[str]:
    """Names of the cards that the daemon holds, opened as daemon:NAME."""
    room = 16
    while True:
        names = ((ctypes.c_char * _structures.NAME_BYTES) * room)()
        count = check(lib.list(names, room))
        if count <= room:
            return [name.value.decode(errors="replace")
                    for name in names[:count]]
        room = count
