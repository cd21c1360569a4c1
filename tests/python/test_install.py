# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installed by make and by pip, without a network."""

import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import plxdma
from cards import BUILD, SOURCE, SPEC, alone

PACKAGE = SOURCE / "src/python"
TRY = ("import plxdma; print(plxdma.__file__); "
       f"print(plxdma.open('{SPEC}').info.chip_name)")


def missing():
    """What pip needs and isn't there."""
    return [name for name in ("pip", "setuptools", "wheel")
            if not importlib.util.find_spec(name)]


class Installed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assertRuns(self, where):
        # Preloaded here, where it is this Python that has to have it.
        env = dict(os.environ, PYTHONPATH=str(where))
        run = subprocess.run([sys.executable, "-c", TRY], env=env, text=True,
                             stdout=subprocess.PIPE, timeout=60, check=True)
        path, name = run.stdout.splitlines()
        self.assertEqual(pathlib.Path(path).parent, where / "plxdma")
        self.assertEqual(name, "PCI 9054")
        self.assertEqual(sorted(path.name for path in
                                (where / "plxdma").iterdir()
                                if path.name != "__pycache__"),
                         sorted(path.name for path in
                                (PACKAGE / "plxdma").iterdir()
                                if path.name != "__pycache__"))

    @unittest.skipIf(missing(), "not installed: " + ", ".join(missing()))
    def test_by_pip(self):
        # pip builds in the source, which may be read-only.
        source, target = self.folder / "source", self.folder / "target"
        shutil.copytree(PACKAGE, source, copy_function=shutil.copyfile)
        for path in [source, *source.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
        run = alone(sys.executable, "-m", "pip", "install", "--quiet",
                    "--no-build-isolation", "--no-index", "--no-deps",
                    "--disable-pip-version-check", "--root-user-action",
                    "ignore", "--target", target, source)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertRuns(target)

    def test_by_make(self):
        env = {"MAKEFLAGS": "", "MFLAGS": ""}
        words = [*shlex.split(os.environ.get("MAKE", "make")), "-s",
                 "-C", BUILD, f"DESTDIR={self.folder}"]
        run = alone(*words, "install-pkgpythonPYTHON",
                    "install-dist_pkgpythonDATA", env=env)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertRuns(next(self.folder.rglob("__init__.py")).parent.parent)
        run = alone(*words, "uninstall-pkgpythonPYTHON",
                    "uninstall-dist_pkgpythonDATA", env=env)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual([path for path in self.folder.rglob("*")
                          if path.is_file()], [])


class Versions(unittest.TestCase):
    def test_are_all_the_same(self):
        told = re.search(r"^AC_INIT\(\[plxdma\], \[(.*?)\]",
                         (SOURCE / "configure.ac").read_text(), re.M).group(1)
        project = re.search(r'^version = "(.*)"',
                            (PACKAGE / "pyproject.toml").read_text(),
                            re.M).group(1)
        self.assertEqual((plxdma.__version__, project), (told, told))

    def test_everything_that_is_public_has_a_docstring(self):
        for name in plxdma.__all__:
            thing = getattr(plxdma, name)
            self.assertTrue(thing.__doc__, name)
            for member, value in vars(thing).items():
                if callable(value) and not member.startswith("_"):
                    self.assertTrue(value.__doc__, f"{name}.{member}")
