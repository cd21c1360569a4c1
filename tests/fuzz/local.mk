# Built by `make fuzzers` alone: the shared library would not link with what
# the fuzzers need.
dist_noinst_SCRIPTS = tests/fuzz/run
FUZZERS =
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

FUZZERS += tests/fuzz/fuzz-message
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz-message.c
tests_fuzz_fuzz_message_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_message_LDADD = libcore.la

FUZZERS += tests/fuzz/fuzz-model
tests_fuzz_fuzz_model_SOURCES = tests/fuzz/fuzz-model.c
tests_fuzz_fuzz_model_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_model_LDADD = libcore.la

FUZZERS += tests/fuzz/fuzz-options
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz-options.c
tests_fuzz_fuzz_options_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_options_LDADD = libcore.la

FUZZERS += tests/fuzz/fuzz-ring
tests_fuzz_fuzz_ring_SOURCES = tests/fuzz/fuzz-ring.c
tests_fuzz_fuzz_ring_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_ring_LDADD = libcore.la

EXTRA_PROGRAMS += $(FUZZERS)
CLEANFILES += $(FUZZERS)

fuzzers: $(FUZZERS)
.PHONY: fuzzers
