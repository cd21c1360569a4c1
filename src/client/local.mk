libcore_la_SOURCES += \
	src/client/batch.c \
	src/client/card.c \
	src/client/card.h \
	src/client/channel.c \
	src/client/channel.h \
	src/client/channel_wait.c \
	src/client/claim.c \
	src/client/connection.c \
	src/client/connection.h \
	src/client/interrupts.c \
	src/client/memory.c \
	src/client/observer.c \
	src/client/observer.h \
	src/client/registers.c \
	src/client/request.c \
	src/client/request.h \
	src/client/share.c \
	src/client/share.h \
	src/client/told.c \
	src/client/told.h \
	src/client/transfer.c \
	src/client/transfer.h \
	src/client/transfer_wait.c \
	src/client/window.c
