check_PROGRAMS += tests/client/check-client
TESTS += tests/client/check-client
tests_client_check_client_SOURCES = \
	tests/client/check-client.c \
	tests/client/lent.c \
	tests/client/lent.h \
	tests/client/suite-batch.c \
	tests/client/suite-beside.c \
	tests/client/suite-card.c \
	tests/client/suite-claim.c \
	tests/client/suite-gone.c \
	tests/client/suite-policy.c \
	tests/client/suite-registers.c \
	tests/client/suite-transfer.c \
	tests/client/suite-waiting.c \
	tests/client/suites.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h
tests_client_check_client_CFLAGS = $(UNIT_CFLAGS) \
	-DPLXDMAD='"$(abs_top_builddir)/plxdmad"' \
	-DREACHING='"$(abs_top_srcdir)/tests/daemon/reaching.conf"'
tests_client_check_client_LDADD = $(UNIT_LDADD)
