# Recordings: what a journal may say, and whole runs of plxdma record.
check_PROGRAMS += tests/record/check-record
TESTS += tests/record/check-record
tests_record_check_record_SOURCES = \
	src/record/data_file.c \
	src/record/entry.c \
	src/record/journal.c \
	src/record/meta.c \
	src/record/recording.c \
	src/record/verify.c \
	tests/record/check-record.c
tests_record_check_record_CFLAGS = $(UNIT_CFLAGS) $(JSON_CFLAGS)
tests_record_check_record_LDADD = $(UNIT_LDADD) $(JSON_LIBS)
dist_check_SCRIPTS += tests/record/recorder
TESTS += tests/record/recorder
