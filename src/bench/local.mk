# The memory benchmark measures the library's inside, so the tool is linked
# with libcore too: the one exception to its seeing public headers only.
plxdma_SOURCES += \
	src/bench/arena.c \
	src/bench/descriptors.c \
	src/bench/figure.c \
	src/bench/figure.h \
	src/bench/heap.c \
	src/bench/machine.c \
	src/bench/machine.h \
	src/bench/memory.c \
	src/bench/memory.h \
	src/bench/public.c \
	src/bench/translate.c
plxdma_LDADD += libcore.la
