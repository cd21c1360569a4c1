libcore_la_SOURCES += \
	src/mem/arena.c \
	src/mem/arena.h \
	src/mem/file.c \
	src/mem/file.h \
	src/mem/geometry.c \
	src/mem/geometry.h \
	src/mem/heap.c \
	src/mem/heap.h \
	src/mem/hugepages.c \
	src/mem/hugepages.h \
	src/mem/libraries.c \
	src/mem/libraries.h \
	src/mem/lock.c \
	src/mem/lock.h \
	src/mem/node.c \
	src/mem/node.h \
	src/mem/order.c \
	src/mem/order.h \
	src/mem/pagemap.c \
	src/mem/pagemap.h \
	src/mem/pages.c \
	src/mem/pages.h \
	src/mem/pin.c \
	src/mem/pin.h \
	src/mem/run.c \
	src/mem/translate.c \
	src/mem/translate.h
