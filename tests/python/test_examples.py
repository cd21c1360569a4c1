# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples, as their users run them."""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

from cards import SOURCE, SPEC, daemon
from digitizer import BOARD

FOLDER = SOURCE / "examples/python"


def example(name, *words, **env):
    """Run one: its exit code, its output and its errors."""
    run = subprocess.run(
        [sys.executable, str(FOLDER / name), *map(str, words)], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=120, check=False,
        env=dict(os.environ, **env))
    return run.returncode, run.stdout, run.stderr


class Examples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_list_cards_shows_the_software_card(self):
        code, out, err = example("list_cards.py",
                                 PLXDMA_SOCKET=str(self.folder / "sock"))
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, "no daemon, so the software card: .*plxdmad")
        self.assertIn("PCI 9054 revision 0c, id 905410b5, by model", out)
        self.assertIn("BAR2: 0x100000 bytes of memory, local 0x20000000", out)

    def test_list_cards_shows_the_daemons_cards(self):
        with daemon("one=" + SPEC, "two=model:pages=small,chip=9080"):
            code, out, _ = example("list_cards.py")
        self.assertEqual(code, 0)
        self.assertRegex(out, "daemon:one: PCI 9054")
        self.assertRegex(out, "daemon:two: PCI 9080")
        self.assertEqual(out.count("channel 1: free"), 2)

    def test_list_cards_goes_on_after_a_card_that_fails(self):
        code, out, err = example("list_cards.py", "none:", SPEC)
        self.assertEqual(code, 1)
        self.assertIn("PCI 9054", out)
        self.assertRegex(err, "^list_cards: none:: .")

    def test_capture_has_the_boards_words(self):
        path = self.folder / "words"
        code, out, err = example("capture.py", "--words", 1000, "--save", path)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), [
            "1000 words, from 0 to 999",
            "first: 00000000 00000001 00000002 00000003 "
            "00000004 00000005 00000006 00000007"])
        self.assertEqual(path.read_bytes(),
                         struct.pack("<1000I", *range(1000)))

    def test_capture_says_what_is_wrong(self):
        for words, text in ((["none:"], "transport"),
                            (["--board", "/nowhere"], "/nowhere"),
                            (["--save", "/dev/full"], "No space"),
                            (["--words", 0], "at least 1")):
            code, _, err = example("capture.py", *words)
            self.assertEqual(code, 1)
            self.assertRegex(err, f"^capture: .*{text}")

    def test_acquire_accounts_for_every_word(self):
        code, out, err = example("acquire.py", "--seconds", 0.5,
                                 "--block", 4096, BOARD + ",board.word_rate=1e5")
        self.assertEqual((code, err), (0, ""))
        blocks, delivered, dropped, ready = map(int, re.search(
            r": (\d+) blocks = (\d+) delivered \+ (\d+) dropped \+ "
            r"(\d+) ready$", out, re.M).groups())
        self.assertEqual((blocks, dropped, ready), (delivered, 0, 0))
        produced, overflowed = map(int, re.search(
            r"^board: (\d+) words produced, (\d+) overflowed$", out,
            re.M).groups())
        self.assertGreater(blocks, 10)
        self.assertEqual(overflowed, 0)
        self.assertGreaterEqual(produced, blocks * 1024)

    def test_acquire_ends_though_there_is_always_more(self):
        code, out, err = example(
            "acquire.py", "--seconds", 0.3, "--block", 4096,
            BOARD.replace("arm=0", "arm=0,board.word_rate=0"))
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r" = \d+ delivered \+ 0 dropped \+ 0 ready")

    def test_acquire_says_what_is_wrong(self):
        for words, text in ((["model:board=none"], "none"),
                            (["--block", 5], "block"),
                            ([BOARD + ",fault=target-abort@data:100"],
                             "abort")):
            code, _, err = example("acquire.py", *words)
            self.assertEqual(code, 1)
            self.assertRegex(err, f"^acquire: .*{text}")

    def test_spectrum_has_both_tones(self):
        code, out, err = example("spectrum.py", "--frames", 3,
                                 "--samples", 512)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.count("peak -8.7 dB at line 36\n"), 3)
        bands = {int(line): float(power) for line, power in
                 re.findall(r"^ +(\d+) +(-[\d.]+)", out, re.M)}
        loud = [line for line, power in bands.items() if power > -16]
        self.assertEqual(loud, [32, 80])  # it has climbed from 64
        self.assertEqual(out.count("#" * 40), 6)

    def test_spectrum_of_nothing_is_silent(self):
        code, out, _ = example("spectrum.py", "--frames", 1, "--no-signal")
        self.assertEqual(code, 0)
        self.assertNotIn("#", out)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_spectrum_draws(self):
        path = self.folder / "it's.png"
        code, out, err = example("spectrum.py", "--frames", 1, "--png", path)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"it's\.png: drawn by (gnuplot|matplotlib)$")
        self.assertEqual(path.read_bytes()[:4], b"\x89PNG")

    def test_spectrum_without_anything_to_draw_says_what_to_install(self):
        # A matplotlib that can't be imported stands for none.
        (self.folder / "matplotlib.py").write_text("raise ImportError\n")
        code, _, err = example(
            "spectrum.py", "--frames", 1, "--png", self.folder / "x.png",
            PATH="/nowhere", PYTHONPATH=f"{self.folder}:"
            + os.environ["PYTHONPATH"])
        self.assertEqual(code, 1)
        self.assertRegex(err, "apt-get install gnuplot")

    def test_spectrum_takes_only_what_it_can_transform(self):
        self.assertEqual(example("spectrum.py", "--samples", 1000)[0], 2)

    def test_a_fault_of_the_card_is_told(self):
        code, _, err = example("spectrum.py",
                               SPEC + ",fault=target-abort@data:100")
        self.assertEqual(code, 1)
        self.assertRegex(err, "^spectrum: .*abort")

    def test_all_of_them_are_in_the_readme(self):
        readme = (SOURCE / "README.md").read_text()
        for path in FOLDER.glob("*.py"):
            self.assertIn(f"examples/python/{path.name}", readme)
