# SPDX-License-Identifier: LGPL-2.1-or-later
"""tap.py FILE: run the unittests of a file and print results in TAP."""

import faulthandler
import importlib.util
import sys
import unittest


class Tap(unittest.TestResult):
    """A line for each test."""

    count = 0

    def line(self, good, test, note=""):
        self.count += 1
        name = test.id().split(".", 2)[-1].replace("_", " ")
        name = name[5:] if name.startswith("test ") else name
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}{note}",
              flush=True)

    def explain(self, test, error):
        self.line(False, test)
        for line in self._exc_info_to_string(error, test).splitlines():
            print("#", line)

    def addSuccess(self, test):
        self.line(True, test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(True, test, f" # SKIP {reason}")

    def addError(self, test, err):
        super().addError(test, err)
        self.explain(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.explain(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.explain(subtest, err)


def main(path):
    # Where it hangs, should it hang.
    faulthandler.dump_traceback_later(240, exit=True)
    faulthandler.enable()
    spec = importlib.util.spec_from_file_location("tests", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["tests"] = module
    spec.loader.exec_module(module)
    result = Tap()
    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    print(f"1..{result.count}")
    return not (result.wasSuccessful() and result.count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
