libcore_la_SOURCES += \
	src/api/batch.c \
	src/api/board_file.c \
	src/api/card.c \
	src/api/channel.c \
	src/api/claim.c \
	src/api/copy.c \
	src/api/deadline.c \
	src/api/deadline.h \
	src/api/failure.c \
	src/api/failure.h \
	src/api/front.h \
	src/api/ini_file.c \
	src/api/ini_file.h \
	src/api/irq.c \
	src/api/memory.c \
	src/api/memory.h \
	src/api/names.c \
	src/api/names.h \
	src/api/observer.c \
	src/api/open.c \
	src/api/recipe.c \
	src/api/registers.c \
	src/api/sized.c \
	src/api/sized.h \
	src/api/spec.c \
	src/api/step_text.c \
	src/api/step_text.h \
	src/api/stream.c \
	src/api/stream.h \
	src/api/stream_armed.c \
	src/api/stream_ring.c \
	src/api/stream_run.c \
	src/api/stream_take.c \
	src/api/transfer.c \
	src/api/tuning.c
dist_man_MANS += src/api/plxdma_stream.3 src/api/plxdma-integration.7
