check_PROGRAMS += tests/api/check-api
TESTS += tests/api/check-api
tests_api_check_api_SOURCES = \
	tests/api/card.c \
	tests/api/card.h \
	tests/api/check-api.c \
	tests/api/scratch.c \
	tests/api/scratch.h \
	tests/api/suite-board-file.c \
	tests/api/suite-card.c \
	tests/api/suite-channel.c \
	tests/api/suite-copy.c \
	tests/api/suite-crate.c \
	tests/api/suite-irq.c \
	tests/api/suite-memory.c \
	tests/api/suite-names.c \
	tests/api/suite-open.c \
	tests/api/suite-registers.c \
	tests/api/suite-spec.c \
	tests/api/suite-steps.c \
	tests/api/suite-threads.c \
	tests/api/suite-transfer.c \
	tests/api/suites.h
tests_api_check_api_CFLAGS = $(UNIT_CFLAGS)
tests_api_check_api_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/api/check-auto
TESTS += tests/api/check-auto
tests_api_check_auto_SOURCES = tests/api/check-auto.c
tests_api_check_auto_CFLAGS = $(UNIT_CFLAGS)
tests_api_check_auto_LDADD = $(UNIT_LDADD)
