# The kernel module is built by the kernel's own make: kmod/Makefile.
EXTRA_DIST += kmod/60-plxdma.rules kmod/Kbuild kmod/Makefile kmod/card.h \
	kmod/channel.c kmod/compat.h kmod/dkms.conf kmod/driver.c \
	kmod/holding.c kmod/irq.c \
	kmod/memory.c kmod/owner.c kmod/probe.c kmod/uio.c \
	kmod/uio_plx9054.h kmod/view.c
