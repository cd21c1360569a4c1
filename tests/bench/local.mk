# Figures, for scripts/bench.
noinst_PROGRAMS += tests/bench/crate tests/bench/figures tests/bench/steps
tests_bench_crate_SOURCES = tests/bench/crate.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_crate_LDADD = libplxdma.la
tests_bench_figures_SOURCES = tests/bench/figures.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_figures_LDADD = libplxdma.la
tests_bench_steps_SOURCES = tests/bench/report.c tests/bench/report.h \
	tests/bench/steps.c
tests_bench_steps_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/death
tests_bench_death_SOURCES = tests/bench/death.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_death_LDADD = libplxdma.la
