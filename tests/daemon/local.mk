DAEMON_CFLAGS = $(UNIT_CFLAGS) -DPLXDMAD='"$(abs_top_builddir)/plxdmad"' \
	-DCONFIGURATION='"$(abs_top_srcdir)/src/daemon/plxdmad.conf"' \
	-DDENYING='"$(abs_top_srcdir)/tests/daemon/denying.conf"' \
	-DREACHING='"$(abs_top_srcdir)/tests/daemon/reaching.conf"'

check_PROGRAMS += tests/daemon/check-daemon
TESTS += tests/daemon/check-daemon
tests_daemon_check_daemon_SOURCES = \
	tests/daemon/check-daemon.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/suite-claim.c \
	tests/daemon/suite-control.c \
	tests/daemon/suite-copy.c \
	tests/daemon/suite-death.c \
	tests/daemon/suite-guard.c \
	tests/daemon/suite-listener.c \
	tests/daemon/suite-policy.c \
	tests/daemon/suite-program.c \
	tests/daemon/suite-reach.c \
	tests/daemon/suite-service.c \
	tests/daemon/suite-settings.c \
	tests/daemon/suite-shares.c \
	tests/daemon/suite-shortage.c \
	tests/daemon/suite-stop.c \
	tests/daemon/suite-told.c \
	tests/daemon/suite-trains.c \
	tests/daemon/suite-turns.c \
	tests/daemon/suites.h
tests_daemon_check_daemon_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_check_daemon_LDADD = libdaemon.la $(UNIT_LDADD)
EXTRA_DIST += tests/daemon/denying.conf tests/daemon/reaching.conf

check_PROGRAMS += tests/daemon/addresses
TESTS += tests/daemon/addresses
tests_daemon_addresses_SOURCES = \
	tests/daemon/addresses.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h
tests_daemon_addresses_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_addresses_LDADD = libplxdma.la

dist_check_SCRIPTS += tests/daemon/units tests/daemon/calls
TESTS += tests/daemon/units
if !SANITIZED
# LeakSanitizer doesn't work under strace.
TESTS += tests/daemon/calls
endif

check_PROGRAMS += tests/daemon/hostile
TESTS += tests/daemon/hostile
tests_daemon_hostile_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/garbage.c \
	tests/daemon/garbage.h \
	tests/daemon/hostile.c \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_hostile_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_hostile_LDADD = libcore.la

# plxdmad with a planted defect, see defect.c.
check_PROGRAMS += tests/daemon/plxdmad-defect
tests_daemon_plxdmad_defect_SOURCES = \
	src/daemon/plxdmad.c \
	tests/daemon/defect.c
tests_daemon_plxdmad_defect_CFLAGS = $(UNIT_CFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"'
tests_daemon_plxdmad_defect_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=client_leave -Wl,--wrap=lane_free \
	-Wl,--wrap=dma_detach -Wl,--wrap=arena_destroy
tests_daemon_plxdmad_defect_LDADD = libdaemon.la libcore.la

check_PROGRAMS += tests/daemon/kill-clients
TESTS += tests/daemon/kill-clients
tests_daemon_kill_clients_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/kill-clients.c \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_kill_clients_CFLAGS = $(DAEMON_CFLAGS) \
	-DDEFECT='"$(abs_top_builddir)/tests/daemon/plxdmad-defect"'
tests_daemon_kill_clients_LDADD = libcore.la

# plxdmad with planted defects of its claims, see claims-defect.c.
check_PROGRAMS += tests/daemon/plxdmad-claims
tests_daemon_plxdmad_claims_SOURCES = \
	src/daemon/plxdmad.c \
	tests/daemon/claims-defect.c
tests_daemon_plxdmad_claims_CFLAGS = $(UNIT_CFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"'
tests_daemon_plxdmad_claims_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=claims_take \
	-Wl,--wrap=claims_turn -Wl,--wrap=claims_permit_transfer \
	-Wl,--wrap=claims_refuse
tests_daemon_plxdmad_claims_LDADD = libdaemon.la libcore.la

check_PROGRAMS += tests/daemon/claims
TESTS += tests/daemon/claims
tests_daemon_claims_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/claimant-worker.c \
	tests/daemon/claimant-worker.h \
	tests/daemon/claims.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/ledger.c \
	tests/daemon/ledger.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_claims_CFLAGS = $(DAEMON_CFLAGS) \
	-DDEFECT='"$(abs_top_builddir)/tests/daemon/plxdmad-claims"'
tests_daemon_claims_LDADD = libcore.la

check_PROGRAMS += tests/daemon/kill-daemon
TESTS += tests/daemon/kill-daemon
tests_daemon_kill_daemon_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/kill-daemon.c \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_kill_daemon_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_kill_daemon_LDADD = libcore.la

check_PROGRAMS += tests/daemon/bystanders
TESTS += tests/daemon/bystanders
tests_daemon_bystanders_SOURCES = \
	tests/daemon/bystanders.c \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_bystanders_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_bystanders_LDADD = libcore.la

# plxdmad of which a call fails, see faulty.c.
check_PROGRAMS += tests/daemon/plxdmad-faulty
tests_daemon_plxdmad_faulty_SOURCES = \
	src/daemon/plxdmad.c \
	tests/daemon/faulty.c
tests_daemon_plxdmad_faulty_CFLAGS = $(UNIT_CFLAGS) $(SYSTEMD_CFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"'
tests_daemon_plxdmad_faulty_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup \
	-Wl,--wrap=mmap,--wrap=ftruncate,--wrap=fchmod,--wrap=madvise \
	-Wl,--wrap=memfd_create,--wrap=eventfd,--wrap=eventfd_write \
	-Wl,--wrap=eventfd_read,--wrap=epoll_create1,--wrap=epoll_ctl \
	-Wl,--wrap=epoll_pwait2,--wrap=socket,--wrap=bind,--wrap=listen \
	-Wl,--wrap=accept4,--wrap=getsockopt,--wrap=sendmsg,--wrap=recvmsg \
	-Wl,--wrap=signalfd,--wrap=read,--wrap=write,--wrap=pread \
	-Wl,--wrap=pthread_create,--wrap=open,--wrap=fcntl
tests_daemon_plxdmad_faulty_LDADD = libdaemon.la libcore.la $(SYSTEMD_LIBS)

check_PROGRAMS += tests/daemon/faults
if !TSAN
# A call that fails is no race, and here each has a daemon of its own.
TESTS += tests/daemon/faults
endif
tests_daemon_faults_SOURCES = \
	tests/daemon/faults.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_faults_CFLAGS = $(DAEMON_CFLAGS) \
	-DFAULTY='"$(abs_top_builddir)/tests/daemon/plxdmad-faulty"'
tests_daemon_faults_LDADD = libcore.la

check_PROGRAMS += tests/daemon/holes
if !TSAN
# Its memcpy() keeps SIGBUS from the daemon's guard.
TESTS += tests/daemon/holes
endif
tests_daemon_holes_SOURCES = \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/holes.c \
	tests/daemon/raw.c \
	tests/daemon/raw.h
tests_daemon_holes_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_holes_LDADD = libcore.la
# It empties the hugepage pool for a while: after all others.
# (By a variable, else automake takes this for the whole rule.)
HOLES_LOG = tests/daemon/holes.log
$(HOLES_LOG): $(filter-out tests/daemon/holes.log,$(TEST_LOGS))

check_PROGRAMS += tests/daemon/check-policy
TESTS += tests/daemon/check-policy
tests_daemon_check_policy_SOURCES = \
	tests/daemon/check-policy.c \
	tests/daemon/policy-suites.h \
	tests/daemon/suite-conf-files.c \
	tests/daemon/suite-rule.c \
	tests/daemon/suite-window.c \
	tests/daemon/written.c \
	tests/daemon/written.h
tests_daemon_check_policy_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_check_policy_LDADD = libdaemon.la $(UNIT_LDADD)

check_PROGRAMS += tests/daemon/check-allow
TESTS += tests/daemon/check-allow
tests_daemon_check_allow_SOURCES = \
	tests/daemon/check-allow.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/policy-suites.h \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/suite-allow.c \
	tests/daemon/suite-reload.c \
	tests/daemon/suite-who.c \
	tests/daemon/written.c \
	tests/daemon/written.h
tests_daemon_check_allow_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_check_allow_LDADD = $(UNIT_LDADD)

# plxdmad with planted defects of its sharing, see sharing-defect.c.
check_PROGRAMS += tests/daemon/plxdmad-sharing
tests_daemon_plxdmad_sharing_SOURCES = \
	src/daemon/plxdmad.c \
	tests/daemon/sharing-defect.c
tests_daemon_plxdmad_sharing_CFLAGS = $(UNIT_CFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"'
tests_daemon_plxdmad_sharing_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=shares_charge -Wl,--wrap=pace_bytes
tests_daemon_plxdmad_sharing_LDADD = libdaemon.la libcore.la

check_PROGRAMS += tests/daemon/sharing
TESTS += tests/daemon/sharing
tests_daemon_sharing_SOURCES = \
	tests/daemon/account.c \
	tests/daemon/account.h \
	tests/daemon/busy.c \
	tests/daemon/busy.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/sharing.c \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_sharing_CFLAGS = $(DAEMON_CFLAGS) \
	-DDEFECT='"$(abs_top_builddir)/tests/daemon/plxdmad-sharing"'
tests_daemon_sharing_LDADD = libcore.la -lm

check_PROGRAMS += tests/daemon/soak
TESTS += tests/daemon/soak
tests_daemon_soak_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/soak.c \
	tests/daemon/soak-account.c \
	tests/daemon/soak-account.h \
	tests/daemon/soak-block.c \
	tests/daemon/soak-block.h \
	tests/daemon/soak-mover.c \
	tests/daemon/soak-others.c \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_soak_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_soak_LDADD = libplxdma.la

# The unit's sandbox without systemd as process 1, see sandbox.c; then all tests
# of daemons once more in it: make check-sandbox.
if HAVE_SECCOMP
check_PROGRAMS += tests/daemon/sandbox
tests_daemon_sandbox_SOURCES = \
	tests/daemon/sandbox.c \
	tests/daemon/sandbox-calls.c \
	tests/daemon/sandbox-calls.h \
	tests/daemon/sandbox-files.c \
	tests/daemon/sandbox-files.h \
	tests/daemon/sandbox-groups.c \
	tests/daemon/sandbox-groups.h \
	tests/daemon/sandbox-unit.c \
	tests/daemon/sandbox-unit.h
tests_daemon_sandbox_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS) \
	-DBUILD='"$(abs_top_builddir)"' -DSOURCES='"$(abs_top_srcdir)"'
tests_daemon_sandbox_LDADD = $(SECCOMP_LIBS)
endif
dist_check_SCRIPTS += tests/daemon/sandboxed
if PLAIN
# Sanitizers make calls of their own, coverage writes files.
TESTS += tests/daemon/sandboxed
endif
# Without holes, which lends more hugepages than may be locked where root can't
# raise the limit (it is in tests/vm/strangers); soak takes small pages. Without
# faults, where a sanitizer has to see what leaks; without addresses, as a daemon without capabilities learns none of a model's.
SANDBOX_TESTS = \
	tests/daemon/bystanders \
	tests/daemon/check-allow \
	tests/daemon/check-daemon \
	tests/daemon/claims \
	tests/daemon/hostile \
	tests/daemon/kill-clients \
	tests/daemon/kill-daemon \
	tests/daemon/sandboxed \
	tests/daemon/sharing \
	tests/daemon/soak \
	tests/daemon/walls \
	tests/client/check-client
tests/daemon/syscall-groups:
	$(AM_V_GEN)$(MKDIR_P) tests/daemon && \
		{ systemd-analyze syscall-filter 2>/dev/null || :; } >$@
check_DATA = tests/daemon/syscall-groups
CLEANFILES += tests/daemon/syscall-groups
IN_SANDBOX = TESTS="$(SANDBOX_TESTS)" AM_TESTS_ENVIRONMENT=" \
	PLXDMA_DAEMON_WRAPPER='$(abs_top_builddir)/tests/daemon/sandbox \
	$(abs_top_builddir)/src/daemon/units/plxdmad.service \
	$(abs_top_builddir)/tests/daemon/syscall-groups'; \
	PLXDMA_SOAK_SMALL=1; export PLXDMA_DAEMON_WRAPPER PLXDMA_SOAK_SMALL;"
check-sandbox recheck-sandbox:
	$(MAKE) $(@:-sandbox=) $(IN_SANDBOX)

check_PROGRAMS += tests/daemon/walls
TESTS += tests/daemon/walls
tests_daemon_walls_SOURCES = \
	tests/daemon/chance.c \
	tests/daemon/chance.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/garbage.c \
	tests/daemon/garbage.h \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h \
	tests/daemon/walls.c
tests_daemon_walls_CFLAGS = $(DAEMON_CFLAGS) \
	-DWALLS='"$(abs_top_srcdir)/tests/daemon/walls.conf"'
tests_daemon_walls_LDADD = libcore.la
EXTRA_DIST += tests/daemon/walls.conf

check_PROGRAMS += tests/daemon/descriptors
TESTS += tests/daemon/descriptors
tests_daemon_descriptors_SOURCES = \
	tests/daemon/descriptors.c \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/daemon/raw.c \
	tests/daemon/raw.h \
	tests/daemon/tally.c \
	tests/daemon/tally.h
tests_daemon_descriptors_CFLAGS = $(DAEMON_CFLAGS)
tests_daemon_descriptors_LDADD = libcore.la
