# The PLX SDK's calls: a client of the public API like any program.
plxapi_interface = \
	include/plxapi/PciTypes.h \
	include/plxapi/PexApi.h \
	include/plxapi/Plx.h \
	include/plxapi/PlxApi.h \
	include/plxapi/PlxDefCk.h \
	include/plxapi/PlxStat.h \
	include/plxapi/PlxTypes.h
EXTRA_DIST += src/plxapi/libplxapi-compat.map $(plxapi_interface) \
	src/plxapi/plxapi-compat.3

if PLXAPI
lib_LTLIBRARIES += libplxapi-compat.la
plxapiincludedir = $(includedir)/plxapi
plxapiinclude_HEADERS = $(plxapi_interface)
pkgconfig_DATA += plxapi-compat.pc
dist_man_MANS += src/plxapi/plxapi-compat.3

# Where programs look for the SDK: PLX_SDK_DIR is set to this directory.
# PlxApi.a is a script that the linker takes for the archive.
plxsdkdir = $(pkglibdir)/plxsdk
install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(plxsdkdir)/PlxApi/Library"
	rm -f "$(DESTDIR)$(plxsdkdir)/Include"
	$(LN_S) "$(plxapiincludedir)" "$(DESTDIR)$(plxsdkdir)/Include"
	echo 'INPUT($(libdir)/libplxapi-compat.so)' \
		>"$(DESTDIR)$(plxsdkdir)/PlxApi/Library/PlxApi.a"
uninstall-hook:
	rm -f "$(DESTDIR)$(plxsdkdir)/Include" \
		"$(DESTDIR)$(plxsdkdir)/PlxApi/Library/PlxApi.a"
	-rmdir "$(DESTDIR)$(plxsdkdir)/PlxApi/Library" \
		"$(DESTDIR)$(plxsdkdir)/PlxApi" "$(DESTDIR)$(plxsdkdir)"
libplxapi_compat_la_SOURCES = \
	src/plxapi/allocation.h \
	src/plxapi/bar.c \
	src/plxapi/bar_space.c \
	src/plxapi/buffers.c \
	src/plxapi/channel.c \
	src/plxapi/channel.h \
	src/plxapi/chip_registers.c \
	src/plxapi/crate.c \
	src/plxapi/crate.h \
	src/plxapi/device.c \
	src/plxapi/device.h \
	src/plxapi/eeprom.c \
	src/plxapi/events.c \
	src/plxapi/events.h \
	src/plxapi/events_wait.c \
	src/plxapi/interrupts.c \
	src/plxapi/job.c \
	src/plxapi/job.h \
	src/plxapi/key.c \
	src/plxapi/key.h \
	src/plxapi/layout.c \
	src/plxapi/memory.c \
	src/plxapi/memory.h \
	src/plxapi/notify.h \
	src/plxapi/piece.c \
	src/plxapi/properties.c \
	src/plxapi/properties.h \
	src/plxapi/status.c \
	src/plxapi/status.h \
	src/plxapi/transfer.c \
	src/plxapi/transfer.h \
	src/plxapi/trap.c \
	src/plxapi/trap.h \
	src/plxapi/version.c \
	src/plxapi/window.h
if ZYDIS
libplxapi_compat_la_SOURCES += \
	src/plxapi/access.c \
	src/plxapi/access.h \
	src/plxapi/arithmetic.c \
	src/plxapi/arithmetic.h \
	src/plxapi/decoded.h \
	src/plxapi/instruction.c \
	src/plxapi/instruction.h \
	src/plxapi/registers.c \
	src/plxapi/registers.h \
	src/plxapi/strings.c \
	src/plxapi/vectors.c
endif
libplxapi_compat_la_LIBADD = libplxdma.la $(ZYDIS_LIBS)
libplxapi_compat_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
	-Wl,--version-script=$(top_srcdir)/src/plxapi/libplxapi-compat.map \
	-Wl,--no-undefined
EXTRA_libplxapi_compat_la_DEPENDENCIES = \
	$(top_srcdir)/src/plxapi/libplxapi-compat.map
endif
