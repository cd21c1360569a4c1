# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: blocks without end, from a board's FIFO to a program."""

import ctypes
import enum
import errno
import functools
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple, Optional

from . import _structures
from ._native import check, lib, nanoseconds, patient, sized
from .errors import RunEndedError, error_of
from .info import StreamStats, told
from .lifetime import Guard, Owner, Resource, Use
from .memory import View
from .step import Step, fits
from .transfer import unstreamed

if TYPE_CHECKING:
    import numpy


class Source(enum.IntEnum):
    """Who says when a block begins."""
    DEMAND = 0
    ARMED = 1


class Slow(enum.IntEnum):
    """What happens when all blocks are full."""
    HOLD = 0
    DROP_NEWEST = 1
    DROP_OLDEST = 2


class Stop(enum.IntEnum):
    """How a run ends."""
    DRAIN = 0
    ABORT = 1


class Armed(NamedTuple):
    """An armed source's registers: level is a read, arm a write whose value is
    what the block is to have, both in units of so many bytes."""
    level: Step
    arm: Optional[Step] = None
    unit: int = 4
    least: int = 4096
    most_wait: float = 0

    def native(self) -> _structures.StreamArmed:
        """It as the library's structure."""
        armed = _structures.StreamArmed()
        self.level.fill(armed.level)
        if self.arm is not None:
            self.arm.fill(armed.arm)
        armed.unit = fits("unit", self.unit, 32)
        armed.least = fits("least", self.least, 32)
        armed.most_wait_us = fits("most_wait", round(self.most_wait * 1e6),
                                  32)
        return armed


# The library has no text for what isn't a failure.
_NOT_YET = {
    -errno.EINTR: "interrupted",
    -errno.EAGAIN: "no block is full yet",
    -errno.ETIMEDOUT: "no block became full in time: is the board's source "
                      "started?",
    -errno.ENODATA: "everything of the run was taken; start() another",
}


class Block:
    """A block that was taken, a context manager that gives it back.

    It is given back as well when nobody refers to it any more.  In either
    case the card gets its memory when the last slice of data and the last
    array of it have gone: what one sees never changes.
    """

    def __init__(self, stream: Resource, native: _structures.Block,
                 block_bytes: int) -> None:
        self.status = native.status
        self.run = native.run
        self.sequence = native.sequence
        self.dropped = native.dropped
        self.time_ns = native.time_ns
        self.bytes = native.bytes
        self.handle = native.handle
        assert stream.guard is not None and native.bytes <= block_bytes
        # Left to whoever has the guard: it may be asleep in take().
        self._view = View(
            stream, native.data, block_bytes, native.bytes, True,
            "the block was given back: copy what is to stay",
            functools.partial(stream.guard.run, functools.partial(
                lib.stream_give, stream.pointer, native.sequence)))

    @property
    def data(self) -> memoryview:
        """Its bytes, read-only, without a copy."""
        return self._view.data

    @property
    def whole(self) -> memoryview:
        """The block with all that it has room for: of one that EOT# has ended
        bytes may be less than has moved."""
        return self._view.whole

    def array(self, dtype: Any = "<u4") -> "numpy.ndarray[Any, Any]":
        """Its bytes as a read-only numpy array of this type, without a copy.
        """
        return self._view.array(dtype)

    def give(self) -> None:
        """Give it back; twice is once."""
        self._view.let_go()

    def __len__(self) -> int:
        return int(self.bytes)

    def __enter__(self) -> "Block":
        return self

    def __exit__(self, *_: object) -> None:
        self.give()


class Stream(Owner):
    """A stream: channel.stream(); a context manager that closes it.

    Iterating takes blocks until everything of a run that was stopped is taken.
    """

    def __init__(self, channel: Resource, card: int, block_bytes: int,
                 blocks: int, local: int = 0, slow: int = Slow.HOLD,
                 watermark: int = 0, armed: Optional[Armed] = None,
                 sequence: int = 0) -> None:
        setup = sized(_structures.StreamSetup)
        for name, value in (("block_bytes", block_bytes),
                            ("block_count", blocks), ("local", local),
                            ("slow", slow), ("watermark", watermark)):
            setattr(setup, name, fits(name, value, 32))
        setup.sequence = fits("sequence", sequence, 64)
        if armed is not None:
            setup.source = Source.ARMED
            setup.armed = ctypes.pointer(armed.native())
        # The channel's object: a card that is closed finds its streams by it.
        self.above: object = None
        pointer = ctypes.c_void_p()
        assert channel.guard is not None
        self._guard: Guard = channel.guard
        self._card = card
        self._block_bytes = block_bytes
        with Use(channel) as native, self._guard:
            unstreamed(channel)
            check(lib.stream_open(native, ctypes.byref(setup),
                                  ctypes.byref(pointer)), card)
            assert pointer.value is not None
            channel.stream = Resource(
                pointer.value, lib.stream_close, channel, guard=self._guard,
                what="stream")
            super().__init__(channel.stream)

    def start(self, run: int = 0) -> None:
        """Begin a run with this number; start the board's source
        afterwards."""
        with self._use() as stream, self._guard:
            check(lib.stream_start(stream, fits("run", run, 64)), self._card)

    def stop(self, how: Stop = Stop.DRAIN, timeout: float = 1.0) -> None:
        """End the run: the block under way has so long to become full.  What
        is ready is still to be taken."""
        with self._use() as stream, self._guard:
            check(lib.stream_stop(stream, how, nanoseconds(timeout)),
                  self._card)

    def take(self, timeout: Optional[float] = None) -> Block:
        """The next block; timeout None is for ever, 0 not at all.

        Raises NothingYetError, TimedOutError, BlocksTakenError, RunEndedError
        after a stop, or what ended the run.
        """
        native = sized(_structures.Block)
        where = ctypes.byref(native)

        def turn(left: int) -> int:
            with self._use() as stream, self._guard:
                code: int = lib.stream_take(stream, left, where)
                return code if code in _NOT_YET else check(code, self._card)

        with self._use():
            code = patient(turn, timeout)
            if code < 0:
                raise error_of(code, _NOT_YET[code])
            return Block(self._resource, native, self._block_bytes)

    def __iter__(self) -> Iterator[Block]:
        return self

    def __next__(self) -> Block:
        try:
            return self.take()
        except RunEndedError:
            raise StopIteration from None

    def fileno(self) -> int:
        """The descriptor for asyncio's add_reader(): when readable, take(0)
        until NothingYetError."""
        with self._use() as stream, self._guard:
            return check(lib.stream_fd(stream), self._card)

    @property
    def stats(self) -> StreamStats:
        """The account."""
        native = sized(_structures.StreamStats)
        with self._use() as stream, self._guard:
            check(lib.stream_stats(stream, ctypes.byref(native)), self._card)
        return told(StreamStats, native)

    def close(self) -> None:
        """Stop at once; the blocks' memory goes when no view of it is left."""
        if self.closed:
            return
        with self._use() as stream:
            self._guard.run(functools.partial(lib.stream_stop, stream,
                                              Stop.ABORT, 0))
        self._let_go()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
