libcore_la_SOURCES += src/dma/dma.h
# Compiled on its own until the driver is there to be linked with.
noinst_LTLIBRARIES += libfront.la
libfront_la_SOURCES = \
	src/dma/eeprom.c \
	src/dma/eeprom.h \
	src/dma/eeprom_vpd.c \
	src/dma/eeprom_wire.c \
	src/dma/front.c \
	src/dma/front.h \
	src/dma/front_channel.c \
	src/dma/front_channel_fd.c \
	src/dma/front_memory.c \
	src/dma/front_transfer.c \
	src/dma/registers.c
