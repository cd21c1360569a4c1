# SPDX-License-Identifier: LGPL-2.1-or-later
"""A DMA channel: one of the chip's two engines, opened."""

import ctypes
import errno
import weakref
from typing import Any, Dict, Iterable, Optional

from . import _structures
from ._native import check, lib, nanoseconds, sized
from .errors import error_of
from .lifetime import Guard, Owner, Resource
from .memory import Buffer
from .mode import Mode
from .recipe import Recipe
from .stream import Armed, Slow, Stream
from .transfer import (Direction, Form, Piece, Result, Transfer, Wanted,
                       raise_ended, result_of, unstreamed)

SECONDS = 10.0


class Channel(Owner):
    """An open channel: card.channel(); a context manager that closes it.

    Threads may share a channel: their calls wait for each other.
    """

    def __init__(self, card: Resource, index: int,
                 mode: Optional[Mode] = None) -> None:
        pointer = ctypes.c_void_p()
        check(lib.channel_open(card.pointer, index, ctypes.byref(pointer)),
              card.pointer)
        assert pointer.value is not None
        self._card = card.pointer
        self._guard = Guard()
        super().__init__(Resource(pointer.value, lib.channel_close, card,
                                  guard=self._guard, what="channel"))
        self.index = index
        # A transfer that is under way stays, whoever forgets it.
        self._under_way: Dict[int, Transfer] = {}
        self._children: "weakref.WeakSet[Any]" = weakref.WeakSet()
        if mode is not None:
            self.set_mode(mode)

    def set_mode(self, mode: Mode) -> None:
        """Set how it talks to the local bus."""
        with self._use() as channel, self._guard, mode._use() as native:
            check(lib.channel_set_mode(channel, native), self._card)

    def set_spinning(self, spin: bool) -> None:
        """Wait by polling, which costs a CPU, instead of by interrupts."""
        with self._use() as channel, self._guard:
            check(lib.channel_set_waiting(channel, int(spin)), self._card)

    def fileno(self) -> int:
        """The descriptor to poll for: when readable, reap() until None."""
        with self._use() as channel, self._guard:
            return check(lib.channel_fd(channel), self._card)

    def reap(self) -> Optional[Transfer]:
        """The next transfer that has ended, however it did (see its result),
        or None.  Never sleeps."""
        native = sized(_structures.Result)
        with self._use() as channel, self._guard:
            unstreamed(self._resource)
            pointer = lib.channel_reap(channel, ctypes.byref(native))
            if not pointer:
                return None
            transfer = self._under_way.pop(pointer)
        transfer.result = result_of(native)
        return transfer

    def transfer(self, direction: Direction, buffer: Optional[Buffer] = None,
                 local: int = 0, *, offset: int = 0,
                 length: Optional[int] = None,
                 pieces: Iterable[Piece] = (), form: Form = Form.AUTO,
                 recipe: Optional[Recipe] = None) -> Transfer:
        """Prepare a transfer between local memory and a buffer, or a list of
        pieces."""
        wanted = Wanted(direction, buffer, local, offset, length,
                        tuple(pieces), form, recipe)
        transfer = Transfer(self._resource, self._card, self._under_way,
                            wanted)
        transfer.above = self
        self._children.add(transfer)
        return transfer

    def read(self, local: int, buffer: Buffer, *, offset: int = 0,
             length: Optional[int] = None, recipe: Optional[Recipe] = None,
             timeout: Optional[float] = SECONDS) -> Result:
        """Move local memory to a buffer and wait for it."""
        return self._once(Wanted(Direction.TO_HOST, buffer, local, offset,
                                 length, recipe=recipe), timeout)

    def write(self, local: int, buffer: Buffer, *, offset: int = 0,
              length: Optional[int] = None, recipe: Optional[Recipe] = None,
              timeout: Optional[float] = SECONDS) -> Result:
        """Move a buffer to local memory and wait for it."""
        return self._once(Wanted(Direction.TO_CARD, buffer, local, offset,
                                 length, recipe=recipe), timeout)

    def _once(self, wanted: Wanted, timeout: Optional[float]) -> Result:
        native = sized(_structures.Result)
        with self._use() as channel, self._guard, \
                wanted.request() as request:
            unstreamed(self._resource)
            code = lib.transfer_once(channel, ctypes.byref(request),
                                     nanoseconds(timeout),
                                     ctypes.byref(native))
            raise_ended(code, self._card, native)
        return result_of(native)

    def stream(self, block_bytes: int, blocks: int = 16, *, local: int = 0,
               slow: Slow = Slow.HOLD, watermark: int = 0,
               armed: Optional[Armed] = None, sequence: int = 0) -> Stream:
        """Blocks without end from the FIFO at this local address; the mode
        says how it is read.

        slow is what happens when all blocks are full, watermark how many have
        to be before a sleeper is woken, armed the registers of a board that
        has to be asked, sequence the first block's number.
        """
        with self._use(), self._guard:
            if self._under_way:
                raise error_of(-errno.EBUSY, "transfers are under way on the "
                               "channel: take them first")
            stream = Stream(self._resource, self._card, block_bytes, blocks,
                            local, slow, watermark, armed, sequence)
        stream.above = self
        self._children.add(stream)
        return stream

    def close(self) -> None:
        """End what runs on it, and close it; where views of a stream's blocks
        are left, once they are gone."""
        for child in list(self._children):
            child.close()
        self._let_go()

    def __enter__(self) -> "Channel":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
