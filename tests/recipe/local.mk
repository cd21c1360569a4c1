# Recipes on the software card, judged by its own log.
check_PROGRAMS += tests/recipe/check-recipe
TESTS += tests/recipe/check-recipe
tests_recipe_check_recipe_SOURCES = \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/recipe/actor.c \
	tests/recipe/actor.h \
	tests/recipe/check-recipe.c \
	tests/recipe/log.c \
	tests/recipe/log.h \
	tests/recipe/suite-bounds.c \
	tests/recipe/suite-order.c \
	tests/recipe/suites.h
tests_recipe_check_recipe_CFLAGS = $(UNIT_CFLAGS) \
	-DPLXDMAD='"$(abs_top_builddir)/plxdmad"'
tests_recipe_check_recipe_LDADD = $(UNIT_LDADD)
