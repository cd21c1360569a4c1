# The daemon's objects, for plxdmad and for tests of each of them.
noinst_LTLIBRARIES += libdaemon.la
libdaemon_la_SOURCES = \
	src/daemon/aborter.c \
	src/daemon/aborter.h \
	src/daemon/batcher.c \
	src/daemon/batcher.h \
	src/daemon/bell.c \
	src/daemon/bell.h \
	src/daemon/card.c \
	src/daemon/card.h \
	src/daemon/card_turn.c \
	src/daemon/claim.c \
	src/daemon/claim.h \
	src/daemon/claimant.c \
	src/daemon/claimant.h \
	src/daemon/client.c \
	src/daemon/client.h \
	src/daemon/client_arena.c \
	src/daemon/conf_files.c \
	src/daemon/conf_files.h \
	src/daemon/control.c \
	src/daemon/control.h \
	src/daemon/control_channel.c \
	src/daemon/control_channel.h \
	src/daemon/control_lend.c \
	src/daemon/control_lend.h \
	src/daemon/door.c \
	src/daemon/door.h \
	src/daemon/engine.c \
	src/daemon/engine.h \
	src/daemon/engine_cancel.c \
	src/daemon/engine_feed.c \
	src/daemon/engine_inner.h \
	src/daemon/engine_queue.c \
	src/daemon/engine_train.c \
	src/daemon/grant.c \
	src/daemon/grant.h \
	src/daemon/grant_check.c \
	src/daemon/json.c \
	src/daemon/json.h \
	src/daemon/lane.c \
	src/daemon/lane.h \
	src/daemon/lane_life.c \
	src/daemon/listener.c \
	src/daemon/listener.h \
	src/daemon/log.c \
	src/daemon/log.h \
	src/daemon/log_gate.c \
	src/daemon/loop.c \
	src/daemon/loop.h \
	src/daemon/pace.c \
	src/daemon/pace.h \
	src/daemon/metrics.c \
	src/daemon/passage.c \
	src/daemon/passage.h \
	src/daemon/peer.c \
	src/daemon/peer.h \
	src/daemon/permit.c \
	src/daemon/policy.c \
	src/daemon/policy.h \
	src/daemon/privilege.c \
	src/daemon/privilege.h \
	src/daemon/publication.c \
	src/daemon/publication.h \
	src/daemon/quantity.c \
	src/daemon/quantity.h \
	src/daemon/ranges.c \
	src/daemon/ranges.h \
	src/daemon/reach.c \
	src/daemon/reach.h \
	src/daemon/reach_set.c \
	src/daemon/registry.c \
	src/daemon/registry.h \
	src/daemon/reload.c \
	src/daemon/reload.h \
	src/daemon/rest.c \
	src/daemon/rest.h \
	src/daemon/rule.c \
	src/daemon/rule.h \
	src/daemon/rule_lists.c \
	src/daemon/server.c \
	src/daemon/server.h \
	src/daemon/server_life.c \
	src/daemon/service.c \
	src/daemon/service.h \
	src/daemon/settings.c \
	src/daemon/settings.h \
	src/daemon/settings_check.c \
	src/daemon/settings_print.c \
	src/daemon/shares.c \
	src/daemon/shares.h \
	src/daemon/slot.c \
	src/daemon/slot.h \
	src/daemon/slot_part.c \
	src/daemon/slot_recipe.c \
	src/daemon/status.c \
	src/daemon/tally.c \
	src/daemon/tally.h \
	src/daemon/tell.c \
	src/daemon/tell.h \
	src/daemon/tenant.c \
	src/daemon/tenant.h \
	src/daemon/user.c \
	src/daemon/user.h \
	src/daemon/window.c \
	src/daemon/window.h
libdaemon_la_CFLAGS = $(AM_CFLAGS) $(INIH_CFLAGS)
libdaemon_la_LIBADD = $(INIH_LIBS)

sbin_PROGRAMS += plxdmad
plxdmad_SOURCES = src/daemon/plxdmad.c
plxdmad_CFLAGS = $(AM_CFLAGS) -DSYSCONFDIR='"$(sysconfdir)"'
plxdmad_LDADD = libdaemon.la libcore.la
dist_man_MANS += src/daemon/plxdmad.8 src/daemon/plxdmad.conf.5 \
	src/daemon/plxdma-security.7
dist_doc_DATA = src/daemon/plxdmad.conf

# Units. What service managers other than systemd need is in plxdmad(8).
UNITS_IN = src/daemon/units/plxdmad.service.in \
	src/daemon/units/plxdma-hugepages.service.in
EXTRA_DIST += $(UNITS_IN) src/daemon/units/plxdmad.socket \
	src/daemon/units/plxdma.sysusers src/daemon/units/plxdma.tmpfiles
dist_libexec_SCRIPTS = src/daemon/units/plxdma-hugepages
units = src/daemon/units/plxdmad.service \
	src/daemon/units/plxdma-hugepages.service
noinst_DATA = $(units)
CLEANFILES += $(units)
src/daemon/units/plxdmad.service: src/daemon/units/plxdmad.service.in Makefile
src/daemon/units/plxdma-hugepages.service: \
	src/daemon/units/plxdma-hugepages.service.in Makefile
$(units):
	$(AM_V_GEN)$(MKDIR_P) src/daemon/units && \
	sed -e 's,@sbindir\@,$(sbindir),' -e 's,@libexecdir\@,$(libexecdir),' \
		$(srcdir)/$@.in >$@
if UNITS
systemdsystemunit_DATA = $(units) src/daemon/units/plxdmad.socket
install-data-hook:
	$(MKDIR_P) $(DESTDIR)$(prefix)/lib/sysusers.d \
		$(DESTDIR)$(prefix)/lib/tmpfiles.d
	$(INSTALL_DATA) $(srcdir)/src/daemon/units/plxdma.sysusers \
		$(DESTDIR)$(prefix)/lib/sysusers.d/plxdma.conf
	$(INSTALL_DATA) $(srcdir)/src/daemon/units/plxdma.tmpfiles \
		$(DESTDIR)$(prefix)/lib/tmpfiles.d/plxdma.conf
uninstall-hook:
	rm -f $(DESTDIR)$(prefix)/lib/sysusers.d/plxdma.conf \
		$(DESTDIR)$(prefix)/lib/tmpfiles.d/plxdma.conf
endif
