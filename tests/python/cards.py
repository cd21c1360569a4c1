# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests share: software cards, a daemon of one's own."""

import contextlib
import gc
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import plxdma

SPEC = "model:pages=small,arena=4M"
SRAM = 0x20000000
SOURCE = pathlib.Path(os.environ.get("srcdir", ".")).resolve()
BUILD = pathlib.Path.cwd()

try:
    import numpy
except ImportError:
    numpy = None

with_numpy = unittest.skipUnless(numpy, "numpy is not installed")


class CardCase(unittest.TestCase):
    """Tests with an open card; a driver's mistakes fail them."""

    spec = SPEC

    def setUp(self):
        self.card = plxdma.open(self.spec)
        self.addCleanup(self.finish)

    def finish(self):
        if not self.card.closed:
            self.assertEqual(self.card.counters.violations, 0)
        self.card.close()

    def assertGone(self, card):
        """The library's card was let go."""
        gc.collect()
        self.assertTrue(card._resource.ended)


def alone(*command, **more):
    """Run a program that isn't to have a sanitizer before it."""
    env = {name: value for name, value in os.environ.items()
           if name != "LD_PRELOAD"}
    env.update(more.pop("env", {}))
    return subprocess.run([str(word) for word in command], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, env=env,
                          check=False, **more)


@contextlib.contextmanager
def daemon(*cards):
    """plxdmad with these cards, NAME=SPEC each, behind PLXDMA_SOCKET."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sock")
        words = [str(BUILD / "plxdmad")]
        for card in cards:
            words += ["--card", card]
        env = dict(os.environ, PLXDMA_SOCKET=path)
        env.pop("LD_PRELOAD", None)
        with open(os.path.join(folder, "log"), "w+") as log:
            process = subprocess.Popen(words, env=env, stdout=log, stderr=log)
            try:
                for _ in range(200):
                    if os.path.exists(path) or process.poll() is not None:
                        break
                    time.sleep(0.05)
                if not os.path.exists(path):
                    log.seek(0)
                    raise RuntimeError("plxdmad: " + log.read())
                os.environ["PLXDMA_SOCKET"] = path
                yield process
            finally:
                os.environ.pop("PLXDMA_SOCKET", None)
                process.terminate()
                process.wait(30)
