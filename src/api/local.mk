libcore_la_SOURCES += \
	src/api/batch.c \
	src/api/card.c \
	src/api/channel.c \
	src/api/claim.c \
	src/api/copy.c \
	src/api/deadline.c \
	src/api/deadline.h \
	src/api/failure.c \
	src/api/failure.h \
	src/api/front.h \
	src/api/irq.c \
	src/api/memory.c \
	src/api/memory.h \
	src/api/open.c \
	src/api/recipe.c \
	src/api/registers.c \
	src/api/sized.c \
	src/api/sized.h \
	src/api/spec.c \
	src/api/transfer.c \
	src/api/tuning.c
