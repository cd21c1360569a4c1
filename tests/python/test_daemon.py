# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same through a daemon: names, claims, its death."""

import os
import random
import subprocess
import sys
import unittest

import plxdma
from plxdma import Direction, Mode
from cards import SRAM, SOURCE, daemon, with_numpy

FIFO = 0x30000000
ANOTHER = """
import sys, plxdma
with plxdma.open("daemon:crate,arena=4M") as card, card.claim(0):
    print("claimed", flush=True)
    sys.stdin.read()
"""


class ThroughTheDaemon(unittest.TestCase):
    def setUp(self):
        context = daemon("crate=model:pages=small,sram=16M",
                         "other=model:pages=small,chip=9056")
        self.daemon = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.card = plxdma.open("daemon:crate,arena=16M")
        self.addCleanup(self.card.close)

    def test_its_cards_are_listed_and_opened(self):
        self.assertEqual(sorted(plxdma.list()), ["crate", "other"])
        with plxdma.open("daemon:other") as other:
            self.assertEqual(other.info.chip_name, "PCI 9056")
            self.assertEqual(other.info.transport, "daemon")
        with self.assertRaises(plxdma.PlxdmaError) as caught:
            plxdma.open("daemon:none")
        self.assertIn("none", str(caught.exception))

    def test_registers_are_read_and_written(self):
        self.assertEqual(self.card.reg_read(0x70), 0x905410b5)
        self.card.mailbox_write(4, 77)
        self.assertEqual(self.card.mailbox_read(4), 77)

    def test_random_data_comes_back(self):
        data = random.Random(4).randbytes(3333000)
        self.card.write(SRAM, data)
        self.assertEqual(self.card.read(SRAM, len(data)), data)
        buffer = self.card.alloc(len(data))
        with self.card.channel(0) as channel:
            channel.transfer(Direction.TO_HOST, buffer, SRAM).submit().wait(20)
        self.assertEqual(buffer.data, data)

    def test_a_fifo_needs_a_claim(self):
        board = plxdma.BoardFile(SOURCE / "examples/armed-fifo.ini")
        buffer = self.card.alloc(4096)
        with self.card.channel(0, board.mode("fifo")) as channel:
            with self.assertRaisesRegex(plxdma.DeniedError, "claim"):
                channel.read(FIFO, buffer, recipe=board.recipe("readout"))
            with self.card.claim(0):
                channel.read(FIFO, buffer, recipe=board.recipe("readout"))
        self.assertEqual(buffer.data.cast("I").tolist(), list(range(1024)))

    def test_another_programs_claim_is_told(self):
        with subprocess.Popen([sys.executable, "-c", ANOTHER], text=True,
                              stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as other:
            self.assertEqual(other.stdout.readline(), "claimed\n")
            with self.assertRaises(plxdma.BusyError) as caught:
                self.card.claim(0)
            self.assertIn(str(other.pid), str(caught.exception))
            self.assertEqual(self.card.holder(0).pid, other.pid)
            other.stdin.close()
            with self.card.claim(0, timeout=20):
                self.assertEqual(self.card.holder(0).pid, os.getpid())
        self.assertEqual(self.card.holder(0).pid, 0)

    def test_a_closed_card_holds_no_claim_though_it_is_seen(self):
        view = self.card.alloc(100).data
        self.card.claim()
        self.card.close()
        with plxdma.open("daemon:crate,arena=4M") as second:
            second.claim().release()
        view[0] = 1

    def test_views_outlive_the_daemon(self):
        buffer = self.card.alloc(4096)
        buffer.data[:5] = b"hello"
        self.daemon.kill()
        self.daemon.wait(30)
        with self.assertRaises(plxdma.GoneError):
            self.card.read(SRAM, 10)
        with self.assertRaises(plxdma.PlxdmaError):
            self.card.reopen()
        self.assertEqual(buffer.data[:5], b"hello")
        self.card.close()
        buffer.data[5] = 5
        self.assertEqual(buffer.data[:6], b"hello\5")

    def test_a_transfer_ends_with_the_daemon(self):
        buffer = self.card.alloc(4096)
        channel = self.card.channel(0, Mode())
        transfer = channel.transfer(Direction.TO_HOST, buffer, SRAM)
        self.daemon.kill()
        self.daemon.wait(30)
        with self.assertRaises(plxdma.PlxdmaError):
            transfer.submit().wait(20)

    @with_numpy
    def test_arrays_lie_in_the_arena(self):
        words = self.card.alloc(4096).array()
        self.card.write(SRAM, words + 5)
        self.card.read_into(SRAM, words)
        self.card.close()
        words += 1
        self.assertGreater(words[0], 5)
