# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is known of a card and what was counted, as plain tuples."""

import ctypes
import enum
from typing import Any, NamedTuple, Tuple, Type, TypeVar


class Pin(enum.IntEnum):
    """What keeps the arena's frames where they are."""
    NONE = 0
    MIGRATION = 1
    OWNER = 2


class BarInfo(NamedTuple):
    """One base address register; see plxdma/card.h."""
    size: int
    local: int
    io: int
    space: int


class CardInfo(NamedTuple):
    """What is known of a card; see plxdma/card.h."""
    chip: int
    revision: int
    chip_name: str
    transport: str
    name: str
    vendor_device: int
    subsystem: int
    numa_node: int
    pin: int
    iommu: int
    dac: int
    in_service: int
    bars: Tuple[BarInfo, ...]
    arena_size: int
    arena_page: int
    arena_node: int
    arena_runs: int
    arena_longest: int
    frames_known: int
    frames_moved: int
    descriptors: str
    memory_kept: int
    pci: str


class Counters(NamedTuple):
    """What was counted since the card was opened; see plxdma/card.h."""
    violations: int
    reg_reads: int
    reg_writes: int
    descriptors: int
    bytes_to_host: int
    bytes_to_card: int
    transfers: int
    faults: int
    interrupts: int


class Holder(NamedTuple):
    """Who holds a claim; pid 0 is nobody."""
    pid: int
    uid: int
    own: int
    lease_ms: int
    name: str


class StreamStats(NamedTuple):
    """A stream's account; see plxdma/stream.h."""
    status: int
    run: int
    blocks: int
    bytes: int
    delivered: int
    delivered_bytes: int
    dropped: int
    dropped_bytes: int
    ready: int
    ready_bytes: int
    taken: int
    queued: int
    held: int
    tai_offset_ns: int


class ObserverStats(NamedTuple):
    """An observer's account; see plxdma/observer.h."""
    status: int
    run: int
    whole: int
    whole_bytes: int
    missed: int
    ready: int
    tai_offset_ns: int


_T = TypeVar("_T", bound=Tuple[Any, ...])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, ctypes.Array):
        return tuple(told(BarInfo, item) for item in value)
    return value


def told(kind: Type[_T], structure: ctypes.Structure) -> _T:
    """The library's structure as a tuple of the same members."""
    return kind(*(_plain(getattr(structure, name))
                  for name in kind._fields))  # type: ignore[attr-defined]
