#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Continuous acquisition in an asyncio loop, and where every word went.

    acquire.py [--seconds S] [--block BYTES] [SPEC]

The board is a digitizer whose words count up; without a SPEC it is the
software card's, found in PLXDMA_BOARDS or where plxdma is installed.
"""

import argparse
import asyncio
import sys
import time

import plxdma

CSR, SNAPSHOT, PRODUCED, OVERFLOWED = 0x48, 0x100, 0x104, 0x114
FIFO = 0x200000
SPEC = "model:pages=small,board=digitizer,board.arm=0,board.word_rate=1e6"


def counter(card, offset):
    """One of the board's 64-bit counters."""
    low, high = card.batch([
        plxdma.Step.write(plxdma.Space.BAR2, SNAPSHOT),
        plxdma.Step.read(plxdma.Space.BAR2, offset),
        plxdma.Step.read(plxdma.Space.BAR2, offset + 4)])[1:]
    return low | high << 32


def take_some(stream):
    """Take what is full, up to a number that leaves the loop time for others;
    tells whether there may be more."""
    try:
        for _ in range(64):
            with stream.take(0) as block:
                block.data[0]  # here a program does its work on the data
    except plxdma.NothingYetError:
        return False
    return True


async def acquire(card, stream, seconds):
    """Take blocks whenever the stream's descriptor is readable."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def readable():
        if ended.done():
            return
        try:
            if take_some(stream):
                # The descriptor tells of what is new, not of what was left.
                loop.remove_reader(stream)
                loop.call_soon(readable)
            else:
                loop.add_reader(stream, readable)
        except plxdma.PlxdmaError as error:
            ended.set_exception(error)

    stream.start(run=1)
    card.poke(2, CSR, 1)
    loop.add_reader(stream, readable)
    await asyncio.wait([ended], timeout=seconds)
    loop.remove_reader(stream)
    card.poke(2, CSR, 0)
    if ended.done():
        ended.result()
    ended.cancel()
    stream.stop(plxdma.Stop.DRAIN, 0.1)
    for block in stream:
        block.give()


def main():
    """A run of some seconds, and its account."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("spec", nargs="?", default=SPEC)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--block", type=int, default=65536)
    args = parser.parse_args()
    mode = plxdma.Mode(constant=True)
    try:
        with plxdma.open(args.spec) as card, card.claim(0), \
                card.channel(0, mode) as channel, \
                channel.stream(args.block, 64, local=FIFO) as stream:
            begun = time.monotonic()
            asyncio.run(acquire(card, stream, args.seconds))
            rate = stream.stats.bytes / (time.monotonic() - begun) / 1e6
            stats = stream.stats
            print(f"{rate:.1f} MB/s: {stats.blocks} blocks = "
                  f"{stats.delivered} delivered + {stats.dropped} dropped + "
                  f"{stats.ready} ready")
            print(f"board: {counter(card, PRODUCED)} words produced, "
                  f"{counter(card, OVERFLOWED)} overflowed")
    except (OSError, ValueError) as error:
        print(f"acquire: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
