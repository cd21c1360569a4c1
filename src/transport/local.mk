libcore_la_SOURCES += \
	src/transport/channel_control.c \
	src/transport/interrupt.c \
	src/transport/interrupt.h \
	src/transport/model.c \
	src/transport/model_memory.c \
	src/transport/model_transport.h \
	src/transport/open.c \
	src/transport/reset.c \
	src/transport/reset.h \
	src/transport/sysfs.c \
	src/transport/sysfs.h \
	src/transport/transport.h \
	src/transport/uio.c \
	src/transport/uio_below.c \
	src/transport/uio_interrupt.c \
	src/transport/uio_memory.c \
	src/transport/uio_refusal.c \
	src/transport/uio_registers.c \
	src/transport/uio_transport.h \
	kmod/uio_plx9054.h
