"""Runs unittest discovery in a folder and writes `{ passed, failed, skipped }`: python_tests.py FOLDER [REPORT]."""

import json
import sys
import unittest


class CountingResult(unittest.TextTestResult):
    """Counts successes: `testsRun` also holds the failed, and not the errors of a class's set-up."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(folder, report):
    suite = unittest.defaultTestLoader.discover(folder)
    result = unittest.TextTestRunner(resultclass=CountingResult).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    passed = result.passed + len(result.expectedFailures)
    if report:
        with open(report, "w", encoding="utf-8") as file:
            json.dump({"passed": passed, "failed": failed, "skipped": len(result.skipped)}, file)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
