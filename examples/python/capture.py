#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A FIFO's words into an array: how many, the least, the most, the first.

    capture.py [--words N] [--local ADDRESS] [--board FILE] [--save FILE]
               [SPEC]

The mode and the register steps that arm the board are [mode fifo] and [recipe
readout] of a board file; the one here is for the software card's own board.
With numpy the array is numpy's, and shows the card's memory without a copy.
"""

import argparse
import pathlib
import sys

import plxdma

BOARD = pathlib.Path(__file__).resolve().parent.parent / "armed-fifo.ini"


def words_of(buffer):
    """The buffer's memory as an array of words."""
    try:
        return buffer.array("<u4")
    except ImportError:
        return buffer.data.cast("I")


def capture(args):
    """Read so many words; nothing else may read from the FIFO meanwhile."""
    board = plxdma.BoardFile(args.board)
    with plxdma.open(args.spec) as card:
        buffer = card.alloc(4 * args.words)
        with card.claim(0), card.channel(0, board.mode("fifo")) as channel:
            result = channel.read(args.local, buffer,
                                  recipe=board.recipe("readout"))
        # The words keep the memory, and with it the card, until they are gone.
        return words_of(buffer)[:result.bytes // 4]


def main():
    """Capture and tell."""
    number = {"type": lambda text: int(text, 0)}
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("spec", nargs="?", default="model:pages=small")
    parser.add_argument("--words", default=65536, **number)
    parser.add_argument("--local", default=0x30000000, **number)
    parser.add_argument("--board", default=BOARD)
    parser.add_argument("--save", help="raw words, little-endian")
    args = parser.parse_args()
    try:
        words = capture(args)
        if args.save:
            with open(args.save, "wb") as file:
                file.write(words)
    except (OSError, KeyError, ValueError) as error:
        print(f"capture: {error}", file=sys.stderr)
        return 1
    print(f"{len(words)} words, from {min(words)} to {max(words)}")
    print("first:", " ".join(f"{word:08x}" for word in words[:8]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
