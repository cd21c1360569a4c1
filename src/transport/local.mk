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
	src/transport/transport.h
