#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What cards there are, and what is known of them.

    list_cards.py [SPEC...]

Without a SPEC: the cards that plxdmad holds, and the software card if there
is no daemon.
"""

import sys

import plxdma


def specs():
    """The cards that are asked for, or found."""
    if len(sys.argv) > 1:
        return sys.argv[1:]
    try:
        return ["daemon:" + name for name in plxdma.list()]
    except plxdma.PlxdmaError as error:
        print(f"no daemon, so the software card: {error.strerror}")
        return ["model:pages=small"]


def show(spec):
    """A line for the card, and one for each of its BARs."""
    with plxdma.open(spec) as card:
        info = card.info
        print(f"{spec}: {info.chip_name} revision {info.revision:02x}, "
              f"id {info.vendor_device:08x}, by {info.transport}, "
              + ("in service" if info.in_service else "OUT OF SERVICE"))
        for number, bar in enumerate(info.bars):
            if bar.size:
                print(f"  BAR{number}: {bar.size:#x} bytes of "
                      f"{'I/O' if bar.io else 'memory'}"
                      + (f", local {bar.local:#x}" if bar.space >= 0 else ""))
        for channel in (0, 1):
            holder = card.holder(channel)
            print(f"  channel {channel}: "
                  + (f"{holder.name}, pid {holder.pid}" if holder.pid
                     else "free"))


def main():
    """All of them, whatever becomes of one."""
    bad = 0
    for spec in specs():
        try:
            show(spec)
        except plxdma.PlxdmaError as error:
            print(f"list_cards: {spec}: {error.strerror}", file=sys.stderr)
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
