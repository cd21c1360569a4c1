libcore_la_SOURCES += \
	src/error/error.c \
	src/error/error.h
