# Figures, for scripts/bench.
noinst_PROGRAMS += tests/bench/figures
tests_bench_figures_SOURCES = tests/bench/figures.c
tests_bench_figures_LDADD = libplxdma.la
