# SPDX-License-Identifier: LGPL-2.1-or-later
"""Observers: another's stream, read along."""

import ctypes
import errno
from typing import TYPE_CHECKING, Any, Iterator, Optional

from . import _structures
from ._native import check, lib, patient, sized
from .errors import RunEndedError, error_of
from .info import ObserverStats, told
from .lifetime import Guard, Owner, Resource, Use
from .memory import View
from .step import fits

if TYPE_CHECKING:
    import numpy

_NOT_YET = {
    -errno.EINTR: "interrupted",
    -errno.EAGAIN: "no block is ready yet",
    -errno.ETIMEDOUT: "no block came in time",
    -errno.ENODATA: "the stream was closed, and everything of it was taken",
}


class ObservedBlock:
    """A block that an observer has taken; what the card writes there next may
    show in its data at any moment: whole() says whether it has, and ends the
    taking."""

    def __init__(self, observer: "Observer", resource: Resource,
                 native: _structures.Block) -> None:
        self.status = native.status
        self.run = native.run
        self.sequence = native.sequence
        self.dropped = native.dropped
        self.time_ns = native.time_ns
        self.bytes = native.bytes
        self._observer = observer
        self._whole: Optional[bool] = None
        self._view = View(resource, native.data, native.bytes, native.bytes,
                          True, "the block was given")

    @property
    def data(self) -> memoryview:
        """Its bytes, read-only, without a copy."""
        return self._view.data

    def array(self, dtype: Any = "<u4") -> "numpy.ndarray[Any, Any]":
        """Its bytes as a read-only numpy array, without a copy."""
        return self._view.array(dtype)

    def whole(self) -> bool:
        """Whether all that was read of it so far was what the board had sent:
        ask after reading, then forget what was read if it says no."""
        if self._whole is None:
            self._whole = self._observer.given(self)
        return self._whole

    def __len__(self) -> int:
        return int(self.bytes)


class Observer(Owner):
    """Reads a stream beside its owner, who doesn't wait: card.observe().

    Iterating takes blocks until the stream is closed.
    """

    def __init__(self, card: Resource, channel: int, watermark: int) -> None:
        pointer = ctypes.c_void_p()
        self._guard = Guard()
        self._taken: Optional[ObservedBlock] = None
        with Use(card) as native:
            self._card = native
            check(lib.observer_open(native, fits("channel", channel, 32),
                                    fits("watermark", watermark, 32),
                                    ctypes.byref(pointer)), native)
        assert pointer.value is not None
        super().__init__(Resource(pointer.value, lib.observer_close, card,
                                  guard=self._guard, what="observer"))

    def take(self, timeout: Optional[float] = None) -> ObservedBlock:
        """The next block, after the one before was given; timeout None is for
        ever, 0 not at all.

        Raises NothingYetError, TimedOutError, RunEndedError when the stream
        was closed, GoneError.
        """
        if self._taken is not None:
            self._taken.whole()
        native = sized(_structures.Block)
        where = ctypes.byref(native)

        def turn(left: int) -> int:
            with self._use() as observer, self._guard:
                code: int = lib.observer_take(observer, left, where)
                return code if code in _NOT_YET else check(code, self._card)

        code = patient(turn, timeout)
        if code < 0:
            raise error_of(code, _NOT_YET[code])
        self._taken = ObservedBlock(self, self._resource, native)
        return self._taken

    def given(self, block: ObservedBlock) -> bool:
        """What block.whole() asks."""
        if block is not self._taken:
            return False
        self._taken = None
        with self._use() as observer, self._guard:
            code: int = lib.observer_give(observer)
        return code == 0

    def __iter__(self) -> Iterator[ObservedBlock]:
        return self

    def __next__(self) -> ObservedBlock:
        try:
            return self.take()
        except RunEndedError:
            raise StopIteration from None

    def fileno(self) -> int:
        """The descriptor for asyncio's add_reader(): when readable, take(0)
        until NothingYetError."""
        with self._use() as observer:
            return check(lib.observer_fd(observer), self._card)

    @property
    def stats(self) -> ObserverStats:
        """The account."""
        native = sized(_structures.ObserverStats)
        with self._use() as observer, self._guard:
            check(lib.observer_stats(observer, ctypes.byref(native)),
                  self._card)
        return told(ObserverStats, native)

    def close(self) -> None:
        """Stop; memory that is mapped goes when no view of it is left."""
        self._let_go()

    def __enter__(self) -> "Observer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
