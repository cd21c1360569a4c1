libcore_la_SOURCES += src/dma/dma.h
