# The Python package, as its users call it.
PY_LOG_COMPILER = $(srcdir)/tests/python/run
AM_TESTS_ENVIRONMENT += PYTHON='$(PYTHON)'; export PYTHON;
python_tests = \
	tests/python/test_block.py \
	tests/python/test_card.py \
	tests/python/test_daemon.py \
	tests/python/test_examples.py \
	tests/python/test_install.py \
	tests/python/test_layout.py \
	tests/python/test_memory.py \
	tests/python/test_observer.py \
	tests/python/test_stream.py \
	tests/python/test_transfer.py
EXTRA_DIST += tests/python/run tests/python/tap.py tests/python/cards.py \
	tests/python/digitizer.py \
	$(python_tests)
if !TSAN
# Python itself isn't built for it.
TESTS += $(python_tests)
endif
