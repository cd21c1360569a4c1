check_PROGRAMS += tests/dma/check-dma
TESTS += tests/dma/check-dma
tests_dma_check_dma_SOURCES = \
	tests/dma/check-dma.c \
	tests/dma/fake_card.c \
	tests/dma/fake_card.h \
	tests/dma/rig.c \
	tests/dma/rig.h \
	tests/dma/stepper.c \
	tests/dma/stepper.h \
	tests/dma/suite-append.c \
	tests/dma/suite-card.c \
	tests/dma/suite-chain.c \
	tests/dma/suite-channel.c \
	tests/dma/suite-front.c \
	tests/dma/suite-model.c \
	tests/dma/suite-recorder.c \
	tests/dma/recipes.c \
	tests/dma/recipes.h \
	tests/dma/suite-recipe.c \
	tests/dma/suite-recipe-ends.c \
	tests/dma/suite-recipe-polls.c \
	tests/dma/suite-recover.c \
	tests/dma/suite-start.c \
	tests/dma/suite-threads.c \
	tests/dma/suite-tuning.c \
	tests/dma/suite-turn.c \
	tests/dma/suite-wait.c \
	tests/dma/suites.h
tests_dma_check_dma_CFLAGS = $(UNIT_CFLAGS)
tests_dma_check_dma_LDADD = $(UNIT_LDADD)
tests_dma_check_dma_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_ns
