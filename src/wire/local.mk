libcore_la_SOURCES += \
	src/wire/area.c \
	src/wire/area.h \
	src/wire/batch.c \
	src/wire/batch.h \
	src/wire/message.c \
	src/wire/message.h \
	src/wire/packet.c \
	src/wire/packet.h \
	src/wire/published.c \
	src/wire/published.h \
	src/wire/reader.c \
	src/wire/request.c \
	src/wire/request.h \
	src/wire/ring_client.c \
	src/wire/ring_client.h \
	src/wire/ring_server.c \
	src/wire/ring_server.h
