# The daemon's objects, for plxdmad and for tests of each of them.
noinst_LTLIBRARIES += libdaemon.la
libdaemon_la_SOURCES = \
	src/daemon/batcher.c \
	src/daemon/batcher.h \
	src/daemon/card.c \
	src/daemon/card.h \
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
	src/daemon/door.c \
	src/daemon/door.h \
	src/daemon/engine.c \
	src/daemon/engine.h \
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
	src/daemon/loop.c \
	src/daemon/loop.h \
	src/daemon/pace.c \
	src/daemon/pace.h \
	src/daemon/metrics.c \
	src/daemon/peer.c \
	src/daemon/peer.h \
	src/daemon/permit.c \
	src/daemon/policy.c \
	src/daemon/policy.h \
	src/daemon/privilege.c \
	src/daemon/privilege.h \
	src/daemon/quantity.c \
	src/daemon/quantity.h \
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
plxdmad_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) -DSYSCONFDIR='"$(sysconfdir)"'
plxdmad_LDADD = libdaemon.la libcore.la $(SYSTEMD_LIBS)
dist_man_MANS += src/daemon/plxdmad.8 src/daemon/plxdmad.conf.5 \
	src/daemon/plxdma-security.7
dist_doc_DATA = src/daemon/plxdmad.conf
