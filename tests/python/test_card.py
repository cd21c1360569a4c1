# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cards and registers: opened, asked, refused, closed."""

import array
import errno
import os
import random
import signal
import threading
import unittest

import plxdma
from plxdma import Space, Step
from cards import SPEC, SRAM, CardCase

PCIHIDR = 0x70
MBOX3 = 0x4c


class Opening(unittest.TestCase):
    def test_a_spec_that_is_none_raises_the_librarys_text(self):
        with self.assertRaises(plxdma.PlxdmaError) as caught:
            plxdma.open("none:")
        self.assertIn("transport", str(caught.exception))
        self.assertTrue(caught.exception.errno)

    def test_a_bad_option_is_a_value_error(self):
        with self.assertRaisesRegex(ValueError, "dance"):
            plxdma.open("model:dance=yes")

    def test_a_missing_library_says_what_to_do(self):
        native = plxdma._native.Library()
        before = os.environ["PLXDMA_LIBRARY"]
        os.environ["PLXDMA_LIBRARY"] = "/nowhere/libplxdma.so.0"
        try:
            with self.assertRaisesRegex(ImportError, "PLXDMA_LIBRARY"):
                native.open
        finally:
            os.environ["PLXDMA_LIBRARY"] = before

    def test_a_library_without_a_function_says_so(self):
        native = plxdma._native.Library()
        plxdma._native.PROTOTYPES["dance"] = [None]
        try:
            with self.assertRaisesRegex(NotImplementedError, "plxdma_dance"):
                native.dance
        finally:
            del plxdma._native.PROTOTYPES["dance"]

    def test_without_a_daemon_the_list_is_an_error(self):
        os.environ["PLXDMA_SOCKET"] = "/nowhere/sock"
        try:
            with self.assertRaises(plxdma.NotFoundError) as caught:
                plxdma.list()
        finally:
            del os.environ["PLXDMA_SOCKET"]
        self.assertIsInstance(caught.exception, FileNotFoundError)
        self.assertEqual(caught.exception.errno, errno.ENOENT)


class Registers(CardCase):
    def test_info_tells_what_the_card_is(self):
        info = self.card.info
        self.assertEqual(info.chip, 0x905410b5)
        self.assertEqual(info.chip_name, "PCI 9054")
        self.assertEqual(info.transport, "model")
        self.assertEqual(info.bars[2].local, SRAM)
        self.assertEqual(info.arena_size, 0)
        self.card.alloc(1)
        self.assertEqual(self.card.info.arena_size, 4 << 20)

    def test_registers_have_three_widths(self):
        self.assertEqual(self.card.reg_read(PCIHIDR), 0x905410b5)
        self.assertEqual(self.card.reg_read(PCIHIDR + 2, 16), 0x9054)
        self.card.reg_write(MBOX3, 0x11223344)
        self.card.reg_write(MBOX3 + 3, 0x77, 8)
        self.assertEqual(self.card.mailbox_read(3), 0x77223344)

    def test_what_the_engines_live_by_is_refused(self):
        with self.assertRaises(plxdma.DeniedError) as caught:
            self.card.reg_write(0xa8, 1, 8)
        self.assertIsInstance(caught.exception, PermissionError)
        self.assertGreater(len(caught.exception.strerror), 20)

    def test_local_memory_is_peeked_and_poked(self):
        self.card.poke(2, 0x100, 0xdeadbeef)
        self.assertEqual(self.card.peek(2, 0x100), 0xdeadbeef)
        self.assertEqual(self.card.peek(2, 0x101, 8), 0xbe)
        with self.assertRaisesRegex(plxdma.ArgumentError, "BAR"):
            self.card.peek(4, 0)
        with self.assertRaises(plxdma.ArgumentError):
            self.card.peek(2, 1 << 40)

    def test_configuration_space_is_read(self):
        self.assertEqual(self.card.config_read(0),
                         self.card.info.vendor_device)
        with self.assertRaises(plxdma.DeniedError):
            self.card.config_write(4, 0, 16)

    def test_no_value_is_cut_to_fit(self):
        for call in (lambda: self.card.reg_write(MBOX3, 1 << 32),
                     lambda: self.card.poke(2, 0, -1),
                     lambda: self.card.peek(2, -4),
                     lambda: self.card.read(1 << 32, 4),
                     lambda: self.card.batch([Step.read(256, 0)])):
            with self.assertRaises(ValueError):
                call()
        self.assertEqual(self.card.peek(2, 0), 0)

    def test_a_batch_reads_writes_and_polls(self):
        values = self.card.batch([
            Step.write(Space.BAR2, 0, 0xabcd),
            Step.read(Space.CHIP, PCIHIDR),
            Step.poll(Space.BAR2, 0, 0xff, 0xcd, 0.01),
            Step.read(Space.BAR2, 1, 8)])
        self.assertEqual(values, [0xabcd, 0x905410b5, 0xabcd, 0xab])
        self.assertEqual(self.card.batch([]), [])

    def test_a_batch_tells_which_poll_failed(self):
        with self.assertRaises(plxdma.TimedOutError) as caught:
            self.card.batch([Step.read(Space.CHIP, PCIHIDR),
                             Step.poll(Space.BAR2, 0, 1, 1, 0.001),
                             Step.write(Space.BAR2, 0, 1)])
        self.assertIsInstance(caught.exception, TimeoutError)
        self.assertEqual(caught.exception.done, 1)
        self.assertEqual(caught.exception.values, [0x905410b5])
        self.assertEqual(self.card.peek(2, 0), 0)

    def test_counters_count(self):
        before = self.card.counters.reg_reads
        for _ in range(5):
            self.card.reg_read(PCIHIDR)
        self.assertGreaterEqual(self.card.counters.reg_reads, before + 5)


class Moving(CardCase):
    def test_random_data_comes_back(self):
        chance = random.Random(1)
        for size in (1, 2, 3, 4, 5, 4095, 4097, 70001, 300000):
            local = SRAM + chance.randrange(1000)
            data = chance.randbytes(size)
            for kind in (bytes, bytearray, memoryview):
                self.card.write(local, kind(data))
                self.assertEqual(self.card.read(local, size), data)

    def test_reading_into_arrays_fills_them(self):
        words = array.array("I", range(1000))
        self.card.write(SRAM, words)
        back = array.array("I", bytes(4000))
        self.card.read_into(SRAM, back)
        self.assertEqual(back, words)
        part = memoryview(back)[10:20]
        self.card.read_into(SRAM, part)
        self.assertEqual(back[10:20].tolist(), list(range(10)))
        part.release()
        back.append(1)  # nothing is held on to

    def test_nothing_is_moved_for_nothing(self):
        self.card.write(SRAM, b"")
        self.assertEqual(self.card.read(SRAM, 0), b"")

    def test_memory_that_cant_be_written_is_refused(self):
        with self.assertRaisesRegex(TypeError, "writable"):
            self.card.read_into(SRAM, b"abcd")
        with self.assertRaisesRegex(TypeError, "contiguous"):
            self.card.write(SRAM, memoryview(bytearray(8))[::2])

    def test_a_fault_is_an_exception_with_its_text(self):
        self.card.fault("target-abort@data:100")
        with self.assertRaises(plxdma.BusError) as caught:
            self.card.read(SRAM, 65536)
        self.assertEqual(caught.exception.errno, errno.EREMOTEIO)
        self.assertIn("abort", str(caught.exception))

    def test_a_bad_fault_is_refused(self):
        with self.assertRaises(plxdma.ArgumentError):
            self.card.fault("dance")

    def test_many_threads_use_a_card(self):
        bad = []

        def work(number):
            data = random.Random(number).randbytes(5000)
            for _ in range(20):
                self.card.write(SRAM + number * 8192, data)
                if self.card.read(SRAM + number * 8192, 5000) != data:
                    bad.append(number)

        threads = [threading.Thread(target=work, args=(number,))
                   for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(bad, [])


class Claims(CardCase):
    def test_a_claim_is_held_within_its_block(self):
        with self.card.claim(0) as claim:
            self.assertEqual(claim.what, plxdma.Claimed.CHANNEL0)
        claim.release()

    def test_a_claim_outlives_no_card(self):
        with self.card.claim():
            self.card.close()

    def test_a_claim_waits_through_signals(self):
        before = signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        try:
            for _ in range(20):
                self.card.claim(1, timeout=None).release()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


class Closing(unittest.TestCase):
    def test_a_closed_card_raises(self):
        card = plxdma.open(SPEC)
        card.close()
        card.close()
        self.assertTrue(card.closed)
        for call in (lambda: card.info, lambda: card.peek(2, 0),
                     lambda: card.read(SRAM, 4), lambda: card.alloc(4),
                     lambda: card.channel(0), lambda: card.claim(),
                     lambda: card.batch([]), lambda: card.counters):
            with self.assertRaisesRegex(plxdma.ClosedError, "closed"):
                call()

    def test_a_card_closed_by_another_thread_ends_calls_in_good_order(self):
        for _ in range(10):
            card = plxdma.open(SPEC)
            ended = []

            def work():
                try:
                    while True:
                        card.peek(2, 0)
                except plxdma.ClosedError:
                    ended.append(True)

            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            card.close()
            for thread in threads:
                thread.join(30)
            self.assertEqual(len(ended), 3)
            self.assertTrue(card._resource.ended)

    def test_a_forked_child_is_refused_its_parents_card(self):
        card = plxdma.open(SPEC)
        buffer = card.alloc(4096)
        child = os.fork()
        if not child:
            code = 1
            try:
                card.info
            except plxdma.ClosedError:
                code = 0
                card.close()
                del card, buffer
                plxdma.open(SPEC).close()
            finally:
                os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        card.write(SRAM, b"still")
        self.assertEqual(card.read(SRAM, 5), b"still")
        card.close()
