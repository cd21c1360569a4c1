# Built by `make fuzzers` alone: the shared library would not link with what
# the fuzzers need.
dist_noinst_SCRIPTS = tests/fuzz/run
FUZZER_LIST =
LINK_FUZZER = $(AM_LDFLAGS) -fsanitize=fuzzer

FUZZER_LIST += tests/fuzz/fuzz-board-file
tests_fuzz_fuzz_board_file_SOURCES = tests/fuzz/fuzz-board-file.c
tests_fuzz_fuzz_board_file_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_board_file_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-batch
tests_fuzz_fuzz_batch_SOURCES = tests/fuzz/fuzz-batch.c
tests_fuzz_fuzz_batch_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_batch_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-control
tests_fuzz_fuzz_control_SOURCES = tests/fuzz/fuzz-control.c \
	tests/fuzz/house.c tests/fuzz/house.h \
	tests/fuzz/visitor.c tests/fuzz/visitor.h
tests_fuzz_fuzz_control_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_control_LDADD = libdaemon.la libcore.la

FUZZER_LIST += tests/fuzz/fuzz-descriptor
tests_fuzz_fuzz_descriptor_SOURCES = tests/fuzz/fuzz-descriptor.c
tests_fuzz_fuzz_descriptor_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_descriptor_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-message
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz-message.c
tests_fuzz_fuzz_message_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_message_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-model
tests_fuzz_fuzz_model_SOURCES = tests/fuzz/fuzz-model.c
tests_fuzz_fuzz_model_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_model_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-options
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz-options.c
tests_fuzz_fuzz_options_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_options_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-policy
tests_fuzz_fuzz_policy_SOURCES = tests/fuzz/fuzz-policy.c \
	tests/fuzz/oracle.c tests/fuzz/oracle.h
tests_fuzz_fuzz_policy_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_policy_LDADD = libdaemon.la libcore.la

FUZZER_LIST += tests/fuzz/fuzz-published
tests_fuzz_fuzz_published_SOURCES = tests/fuzz/fuzz-published.c
tests_fuzz_fuzz_published_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_published_LDADD = libcore.la

FUZZER_LIST += tests/fuzz/fuzz-recording
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz-recording.c \
	$(RECORD_FILES)
tests_fuzz_fuzz_recording_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_fuzz_fuzz_recording_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_recording_LDADD = $(JSON_LIBS)

FUZZER_LIST += tests/fuzz/fuzz-ring
tests_fuzz_fuzz_ring_SOURCES = tests/fuzz/fuzz-ring.c
tests_fuzz_fuzz_ring_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_ring_LDADD = libdaemon.la libcore.la

FUZZER_LIST += tests/fuzz/fuzz-settings
tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz-settings.c
tests_fuzz_fuzz_settings_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_settings_LDADD = libdaemon.la libcore.la

FUZZER_LIST += tests/fuzz/fuzz-vfio-user
tests_fuzz_fuzz_vfio_user_SOURCES = tests/fuzz/fuzz-vfio-user.c
tests_fuzz_fuzz_vfio_user_LDFLAGS = $(LINK_FUZZER)
tests_fuzz_fuzz_vfio_user_LDADD = libvfiouser.la libcore.la

EXTRA_PROGRAMS += $(FUZZER_LIST)
CLEANFILES += $(FUZZER_LIST)

fuzzers: $(FUZZER_LIST)
