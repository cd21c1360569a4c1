# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who keeps what alive.

Python drops objects in any order and on any thread; the library wants
transfers freed before their channel, streams before theirs, memory when no
engine writes to it any more, and the card last.  So what the library gives is
a Resource each, which ends when nobody holds it, and which holds those that it
rests on until it has ended:

    view of a buffer -> Memory -> Card
    view of a block -> Stream -> Channel -> Card
    Transfer -> Channel, and the Memory that it moves

A card that is closed stops what runs on it at once.  What it occupies it lets
go when the last view of its memory has gone: a view never points into nothing.
"""

import collections
import os
import threading
import weakref
from typing import Any, Callable, Deque, Optional, Set

from .errors import closed

# Held for a few instructions, never during a call of the library.  One for
# all: a collection may end any resource in the midst of another's.
_lock = threading.RLock()
_forks = 0


def _in_child() -> None:
    """A forked child must not touch the library's objects of its parent."""
    global _lock, _forks
    _lock = threading.RLock()
    _forks += 1


os.register_at_fork(after_in_child=_in_child)


class Guard:
    """One thread at a time, and what others leave to be done by it.

    A collection may run on any thread, and can't wait for one that sleeps in
    the library: what it has to end is left, and done by whoever has the guard.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._left: Deque[Callable[[], None]] = collections.deque()

    def __enter__(self) -> "Guard":
        self._lock.acquire()
        self._drain()
        return self

    def __exit__(self, *_: object) -> None:
        self._drain()
        self._lock.release()
        if self._left:
            self._try()

    def run(self, what: Callable[[], None]) -> None:
        """Do it now, or leave it to the thread that has the guard."""
        self._left.append(what)
        self._try()

    def _try(self) -> None:
        while self._left and self._lock.acquire(blocking=False):
            try:
                self._drain()
            finally:
                self._lock.release()

    def _drain(self) -> None:
        while True:
            try:
                what = self._left.popleft()
            except IndexError:
                return
            what()


class Resource:
    """Something of the library's, ended once nobody holds it.

    pointer is the C object's address; release ends it, under the guard if
    there is one; below are the resources that it rests on.
    """

    def __init__(self, pointer: int, release: Callable[[int], Any],
                 *below: "Resource", guard: Optional[Guard] = None,
                 what: str = "object") -> None:
        self.pointer = pointer
        self.what = what
        self.guard = guard
        # Of a channel: the stream that has it for itself.
        self.stream: Optional["Resource"] = None
        self._release = release
        self._below = below
        self._holders: Set[object] = set()
        self._ended = False
        self._forks = _forks
        for resource in below:
            resource.hold(self)

    def hold(self, holder: object) -> None:
        """Keep it until drop() by the same holder."""
        with _lock:
            if self._ended or self._forks != _forks:
                raise closed(f"the {self.what} is closed, or another "
                             "process's: open it again")
            self._holders.add(holder)

    def drop(self, holder: object) -> None:
        """Hold it no more; the last one ends it."""
        with _lock:
            self._holders.discard(holder)
            last = not self._holders and not self._ended
            self._ended = self._ended or last
        if not last or self._forks != _forks:
            return
        if self.guard is None:
            self._end()
        else:
            self.guard.run(self._end)

    def _end(self) -> None:
        self._release(self.pointer)
        for resource in self._below:
            resource.drop(self)

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._ended


class Use:
    """`with Use(resource)`: it stays for the length of a call."""

    __slots__ = ("_resource",)

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def __enter__(self) -> int:
        self._resource.hold(self)
        return self._resource.pointer

    def __exit__(self, *_: object) -> None:
        self._resource.drop(self)


def hold_while(subject: object, resource: Resource,
               first: Optional[Callable[[], None]] = None
               ) -> "weakref.finalize":
    """Hold a resource as long as the subject lives; call it to let go.

    first is called right before.
    """
    token = object()
    resource.hold(token)
    letting_go = weakref.finalize(subject, _let_go, resource, token, first)
    # At the program's end the system frees all; views may be in use until
    # then.
    letting_go.atexit = False
    return letting_go


def _let_go(resource: Resource, token: object,
            first: Optional[Callable[[], None]]) -> None:
    if first is not None:
        first()
    resource.drop(token)


class Owner:
    """An object that has a resource until it is closed or collected."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._let_go = hold_while(self, resource)

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        return not self._let_go.alive

    def _use(self) -> Use:
        if not self._let_go.alive:
            raise closed(f"the {self._resource.what} is closed: open it again")
        return Use(self._resource)
