libcore_la_SOURCES += \
	src/error/error.c \
	src/error/error.h \
	src/error/guard.c \
	src/error/guard.h \
	src/error/planted.c \
	src/error/planted.h
