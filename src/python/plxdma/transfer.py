# SPDX-License-Identifier: LGPL-2.1-or-later
"""Transfers: prepared once, submitted as often as one likes."""

import contextlib
import ctypes
import enum
import errno
from typing import Any, Dict, Iterator, NamedTuple, Optional, Tuple

from . import _structures
from ._native import check, lib, patient, sized, text_of
from .errors import error_of
from .lifetime import Owner, Resource, Use
from .memory import Buffer
from .recipe import Recipe
from .step import fits


class Direction(enum.IntEnum):
    """Where the bytes go."""
    TO_HOST = 0
    TO_CARD = 1


class Form(enum.IntEnum):
    """How the chip is told."""
    AUTO = 0
    BLOCK = 1
    CHAIN = 2


class Status(enum.IntEnum):
    """How a transfer, a block or a run ended."""
    DONE = 0
    RUNNING = 1
    EOT = 2
    CANCELLED = 3
    TIMED_OUT = 4
    MASTER_ABORT = 5
    TARGET_ABORT = 6
    STUCK = 7
    GONE = 8
    RESET = 9
    POLL_TIMED_OUT = 10


class Result(NamedTuple):
    """How a transfer ended; bytes is a lower bound unless exact."""
    status: Status
    bytes: int
    exact: bool


class Piece(NamedTuple):
    """One piece of a scatter-gather list."""
    buffer: Buffer
    local: int
    offset: int = 0
    length: Optional[int] = None


class Wanted(NamedTuple):
    """What a transfer shall do."""
    direction: Direction
    buffer: Optional[Buffer]
    local: int
    offset: int = 0
    length: Optional[int] = None
    pieces: Tuple[Piece, ...] = ()
    form: Form = Form.AUTO
    recipe: Optional[Recipe] = None

    def buffers(self) -> Tuple[Resource, ...]:
        """The memory that it moves."""
        every = [piece.buffer for piece in self.pieces]
        if self.buffer is not None:
            every.append(self.buffer)
        return tuple(dict.fromkeys(buffer._resource for buffer in every))

    @contextlib.contextmanager
    def request(self) -> Iterator[_structures.Request]:
        """It as the library's structure, good within the block."""
        request = sized(_structures.Request)
        request.direction = Direction(self.direction)
        request.form = Form(self.form)
        with contextlib.ExitStack() as stack:
            for memory in self.buffers():
                stack.enter_context(Use(memory))
            if self.recipe is not None:
                request.recipe = stack.enter_context(self.recipe._use())
            if self.pieces:
                request.segments, request.segment_count = self._segments()
            elif self.buffer is not None:
                request.local = fits("local", self.local, 32)
                request.length = self.buffer.piece(self.offset, self.length)
                request.handle = self.buffer.handle + self.offset
            else:
                raise TypeError("a transfer needs a buffer or pieces")
            yield request

    def _segments(self) -> Tuple[Any, int]:
        native = (_structures.Segment * len(self.pieces))()
        for piece, segment in zip(self.pieces, native):
            segment.length = piece.buffer.piece(piece.offset, piece.length)
            segment.handle = piece.buffer.handle + piece.offset
            segment.local = fits("local", piece.local, 32)
        return native, len(self.pieces)


class Transfer(Owner):
    """A prepared transfer: channel.transfer().

    Its buffers' memory stays as long as it does, and while it is under way so
    does it itself, in its channel.
    """

    def __init__(self, channel: Resource, card: int,
                 under_way: "Dict[int, Transfer]", wanted: Wanted) -> None:
        pointer = ctypes.c_void_p()
        assert channel.guard is not None
        self._guard = channel.guard
        self._channel = channel
        self._card = card
        self._under_way = under_way
        # As a stream's: a card that is closed finds it by its channel.
        self.above: object = None
        with Use(channel) as native, self._guard, \
                wanted.request() as request:
            check(lib.transfer_new(native, ctypes.byref(request),
                                   ctypes.byref(pointer)), card)
            assert pointer.value is not None
            super().__init__(Resource(
                pointer.value, lib.transfer_free, channel, *wanted.buffers(),
                guard=self._guard, what="transfer"))
        self.result: Optional[Result] = None

    def submit(self) -> "Transfer":
        """Start it, or queue it behind others of its channel."""
        with self._use() as transfer, self._guard:
            unstreamed(self._channel)
            check(lib.submit(transfer), self._card)
            self._under_way[transfer] = self
            self.result = None
        return self

    def poll(self) -> Optional[Result]:
        """How it ended, or None if it hasn't; raises what went wrong."""
        native = sized(_structures.Result)
        with self._use() as transfer, self._guard:
            code = lib.poll(transfer, ctypes.byref(native))
            return None if code == -errno.EAGAIN else \
                self._taken(transfer, code, native)

    def wait(self, timeout: Optional[float] = None) -> Result:
        """Wait until it has ended, and tell how; raises what went wrong.

        After TimedOutError it goes on: wait again, or cancel it.
        """
        native = sized(_structures.Result)

        def turn(left: int) -> int:
            with self._use() as transfer, self._guard:
                code: int = lib.wait(transfer, left, ctypes.byref(native))
                if code not in (-errno.EINTR, -errno.ETIMEDOUT):
                    self._taken(transfer, code, native)
                return code

        if patient(turn, timeout) == -errno.ETIMEDOUT:
            raise error_of(-errno.ETIMEDOUT, "the transfer hasn't ended yet: "
                           "wait again, or cancel() it")
        assert self.result is not None
        return self.result

    def _taken(self, transfer: int, code: int,
               native: _structures.Result) -> Result:
        if code == -errno.EINVAL:
            check(code, self._card)
        self._under_way.pop(transfer, None)
        self.result = result_of(native)
        raise_ended(code, self._card, native)
        return self.result

    def cancel(self) -> None:
        """End it now; it is still to be taken, by wait() for example."""
        with self._use() as transfer, self._guard:
            check(lib.cancel(transfer), self._card)

    def value(self, step: int) -> int:
        """What a step of its recipe has read."""
        value = ctypes.c_uint32()
        with self._use() as transfer, self._guard:
            check(lib.transfer_value(transfer, step, ctypes.byref(value)),
                  self._card)
        return value.value

    def close(self) -> None:
        """Cancel it if it is under way, and free it."""
        self._under_way.pop(self._resource.pointer, None)
        self._let_go()

    def __enter__(self) -> "Transfer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def unstreamed(channel: Resource) -> None:
    """Raise if a stream has the channel: it takes whatever ends there."""
    if channel.stream is not None and not channel.stream.ended:
        raise error_of(-errno.EBUSY, "a stream has the channel: close it, and "
                       "drop what is still seen of its blocks")


def result_of(native: _structures.Result) -> Result:
    """The library's result."""
    return Result(Status(native.status), native.bytes,
                  bool(native.bytes_exact))


def raise_ended(code: int, card: int, native: _structures.Result) -> None:
    """Raise what ended a transfer; the exception's result tells how far it
    came."""
    if code < 0:
        error: Any = error_of(code, text_of(card))
        error.result = result_of(native)
        raise error
