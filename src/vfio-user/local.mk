# The software card in a process of its own, served to QEMU.
noinst_LTLIBRARIES += libvfiouser.la
libvfiouser_la_SOURCES = \
	src/vfio-user/connection.c \
	src/vfio-user/connection.h \
	src/vfio-user/device.c \
	src/vfio-user/device.h \
	src/vfio-user/guest.c \
	src/vfio-user/guest.h \
	src/vfio-user/line.c \
	src/vfio-user/line.h \
	src/vfio-user/message.c \
	src/vfio-user/message.h \
	src/vfio-user/region.c \
	src/vfio-user/region.h \
	src/vfio-user/server.c \
	src/vfio-user/server.h \
	src/vfio-user/settings.c \
	src/vfio-user/settings.h \
	src/vfio-user/socket.c \
	src/vfio-user/socket.h \
	src/vfio-user/stats.c \
	src/vfio-user/stats.h \
	src/vfio-user/version.c \
	src/vfio-user/version.h
libvfiouser_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
libvfiouser_la_LIBADD = $(JSON_LIBS)

bin_PROGRAMS += plxdma-model
plxdma_model_SOURCES = src/vfio-user/plxdma-model.c
plxdma_model_LDADD = libvfiouser.la libcore.la
dist_man_MANS += src/vfio-user/plxdma-model.1
