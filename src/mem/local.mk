libcore_la_SOURCES += \
	src/mem/arena.h \
	src/mem/heap.c \
	src/mem/heap.h \
	src/mem/lock.c \
	src/mem/lock.h \
	src/mem/pages.c \
	src/mem/pages.h \
	src/mem/translate.c \
	src/mem/translate.h
