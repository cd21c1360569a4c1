# The driver.
libcore_la_SOURCES += \
	src/dma/card.c \
	src/dma/card.h \
	src/dma/chain.c \
	src/dma/channel.c \
	src/dma/dma.h \
	src/dma/eeprom.c \
	src/dma/eeprom.h \
	src/dma/eeprom_vpd.c \
	src/dma/eeprom_wire.c \
	src/dma/front.c \
	src/dma/front.h \
	src/dma/front_channel.c \
	src/dma/front_channel_fd.c \
	src/dma/front_claim.c \
	src/dma/front_memory.c \
	src/dma/front_registers.c \
	src/dma/front_request.c \
	src/dma/front_transfer.c \
	src/dma/info.c \
	src/dma/map.c \
	src/dma/open.c \
	src/dma/options.c \
	src/dma/options.h \
	src/dma/pieces.c \
	src/dma/pieces.h \
	src/dma/pool.c \
	src/dma/pool.h \
	src/dma/recover.c \
	src/dma/registers.c \
	src/dma/runs.c \
	src/dma/runs.h \
	src/dma/service.c \
	src/dma/start.c \
	src/dma/transfer.c \
	src/dma/wait.c
