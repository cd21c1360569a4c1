# Tests of the whole tree.
dist_check_SCRIPTS = tests/layers
TESTS += tests/layers
