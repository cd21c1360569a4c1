# SPDX-License-Identifier: LGPL-2.1-or-later
"""Channels, modes, transfers, recipes."""

import errno
import gc
import random
import select
import signal
import threading
import time

import plxdma
from plxdma import Direction, Form, Mode, Piece, Space, Status, Step
from cards import SOURCE, SRAM, CardCase

FIFO = 0x30000000
HANG = "hang@data:0"


class Transfers(CardCase):
    def setUp(self):
        super().setUp()
        self.channel = self.card.channel(0)
        self.buffer = self.card.alloc(65536)
        self.random = random.Random(3).randbytes(65536)

    def test_data_goes_there_and_back(self):
        self.buffer.data[:] = self.random
        done = self.channel.write(SRAM, self.buffer)
        self.assertEqual(done, (Status.DONE, 65536, True))
        self.buffer.data[:] = bytes(65536)
        self.channel.read(SRAM + 100, self.buffer, offset=7, length=1000)
        self.assertEqual(self.buffer.data[7:1007], self.random[100:1100])
        self.assertEqual(self.buffer.data[:7], bytes(7))
        self.assertEqual(self.buffer.data[1007:], bytes(65536 - 1007))

    def test_a_transfer_is_submitted_again_and_again(self):
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer, SRAM)
        for number in range(10):
            self.card.poke(2, 0, number)
            self.assertEqual(transfer.submit().wait(10).status, Status.DONE)
            self.assertEqual(self.buffer.data[0], number)

    def test_pieces_become_a_chain(self):
        self.card.write(SRAM, self.random)
        second = self.card.alloc(4096)
        transfer = self.channel.transfer(
            Direction.TO_HOST, form=Form.CHAIN,
            pieces=[Piece(self.buffer, SRAM + 50, 1, 99),
                    Piece(second, SRAM)])
        second.free()  # the transfer has it
        transfer.submit().wait(10)
        self.assertEqual(self.buffer.data[1:100], self.random[50:149])

    def test_a_list_on_the_side_is_polled(self):
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        select.select([self.channel], [], [], 10)
        end = time.monotonic() + 10
        while (taken := self.channel.reap()) is None:
            self.assertLess(time.monotonic(), end)
        self.assertIs(taken, transfer)
        self.assertEqual(taken.result.status, Status.DONE)
        self.assertIsNone(self.channel.reap())

    def test_poll_tells_when_it_has_ended(self):
        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        self.assertIsNone(transfer.poll())
        transfer.cancel()
        with self.assertRaises(plxdma.CancelledError) as caught:
            transfer.poll()
        self.assertEqual(caught.exception.result.status, Status.CANCELLED)

    def test_a_wait_that_is_over_ends_nothing(self):
        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        with self.assertRaises(TimeoutError):
            transfer.wait(0.01)
        with self.assertRaises(plxdma.BusyError):
            transfer.submit()
        transfer.cancel()
        with self.assertRaises(plxdma.CancelledError):
            transfer.wait()
        with self.assertRaises(plxdma.ArgumentError):
            transfer.wait()

    def test_another_thread_cancels_a_wait_for_ever(self):
        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        timer = threading.Timer(0.1, transfer.cancel)
        timer.start()
        with self.assertRaises(plxdma.CancelledError):
            transfer.wait()
        timer.join()

    def test_a_signal_interrupts_a_wait_for_ever(self):
        class Heard(Exception):
            pass

        def handler(*_):
            raise Heard

        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        before = signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            with self.assertRaises(Heard):
                transfer.wait()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        transfer.close()

    def test_a_deadline_aborts_what_is_done_at_once(self):
        self.card.fault(HANG)
        with self.assertRaises(plxdma.TimedOutError) as caught:
            self.channel.read(SRAM, self.buffer, timeout=0.01)
        self.assertEqual(caught.exception.result.status, Status.TIMED_OUT)
        self.channel.read(SRAM, self.buffer)

    def test_memory_beyond_a_buffer_is_refused(self):
        for offset, length in ((-1, 2), (0, 65537), (65536, 1), (0, -1)):
            with self.assertRaisesRegex(ValueError, "inside"):
                self.channel.read(SRAM, self.buffer, offset=offset,
                                  length=length)
        with self.assertRaises(TypeError):
            self.channel.transfer(Direction.TO_HOST)
        self.buffer.free()
        with self.assertRaises(plxdma.ClosedError):
            self.channel.read(SRAM, self.buffer)

    def test_a_forgotten_transfer_runs_to_its_end(self):
        self.card.write(SRAM, self.random)
        self.channel.transfer(Direction.TO_HOST, self.buffer, SRAM).submit()
        gc.collect()
        end = time.monotonic() + 10
        while self.channel.reap() is None:
            self.assertLess(time.monotonic(), end)
        self.assertEqual(self.buffer.data, self.random)

    def test_memory_stays_while_a_transfer_has_it(self):
        self.card.fault(HANG)
        big = self.card.alloc(3 << 20)
        transfer = self.channel.transfer(Direction.TO_HOST, big, SRAM,
                                         length=1 << 20).submit()
        big.free()
        del big
        with self.assertRaises(plxdma.ArenaFullError):
            self.card.alloc(3 << 20)
        transfer.close()
        del transfer
        self.card.alloc(3 << 20)

    def test_a_channel_is_open_once(self):
        with self.assertRaises(plxdma.BusyError):
            self.card.channel(0)
        self.channel.close()
        self.card.channel(0).close()

    def test_closing_a_channel_ends_what_runs(self):
        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        self.channel.close()
        for call in (transfer.wait, transfer.submit, transfer.cancel,
                     self.channel.reap, self.channel.fileno):
            with self.assertRaises(plxdma.ClosedError):
                call()
        self.card.channel(0).read(SRAM, self.buffer)

    def test_closing_the_card_ends_what_runs(self):
        self.card.fault(HANG)
        transfer = self.channel.transfer(Direction.TO_HOST, self.buffer,
                                         SRAM).submit()
        self.card.close()
        with self.assertRaises(plxdma.ClosedError):
            transfer.wait()
        self.buffer.data[0] = 1
        self.buffer.free()
        self.assertGone(self.card)


class Modes(CardCase):
    def test_a_mode_has_the_fields_of_the_chip(self):
        mode = Mode(constant=True, width=16)
        self.assertEqual((mode.constant, mode.width, mode.burst), (1, 16, 1))
        self.assertIn("width=16", repr(mode))
        mode.wait_states = 3
        self.assertEqual(mode.wait_states, 3)

    def test_values_that_no_field_takes_are_refused(self):
        with self.assertRaisesRegex(ValueError, "width"):
            Mode(width=7)
        with self.assertRaises(TypeError):
            Mode(colour=1)
        with self.assertRaises(ValueError):
            Mode(burst=-1)

    def test_a_mode_that_the_chip_lacks_is_refused(self):
        with self.assertRaises(plxdma.ArgumentError):
            self.card.channel(1, Mode(demand=True))
        self.card.channel(1).close()

    def test_a_recipe_arms_a_fifo_and_reads_how_much(self):
        recipe = plxdma.Recipe(
            before=[Step.write(Space.BAR3, 4, 2), Step.write(Space.BAR3, 4, 1)],
            ended=[Step.write(Space.BAR3, 4, 0), Step.read(Space.BAR3, 0x1c)])
        self.read_fifo(Mode(constant=True), recipe)

    def test_a_board_file_has_modes_and_recipes(self):
        file = plxdma.BoardFile(SOURCE / "examples/armed-fifo.ini")
        mode, recipe = file.mode("fifo"), file.recipe("readout")
        self.assertEqual(mode.constant, 1)
        with self.assertRaisesRegex(KeyError, "dance"):
            file.mode("dance")
        del file
        gc.collect()
        self.read_fifo(mode, recipe)
        with self.assertRaises(plxdma.NotFoundError):
            plxdma.BoardFile("/nowhere")

    def read_fifo(self, mode, recipe):
        buffer = self.card.alloc(4096)
        with self.card.channel(0, mode) as channel:
            transfer = channel.transfer(Direction.TO_HOST, buffer, FIFO,
                                        recipe=recipe)
            transfer.submit().wait(10)
            self.assertEqual(transfer.value(3), 1024)
            with self.assertRaises(plxdma.PlxdmaError) as caught:
                transfer.value(0)
            self.assertEqual(caught.exception.errno, errno.EINVAL)
        self.assertEqual(buffer.data.cast("I").tolist(), list(range(1024)))
