# The tool and the examples, as their users run them.
check_PROGRAMS += tests/cli/json-has tests/cli/switch-names
tests_cli_json_has_SOURCES = tests/cli/json-has.c
tests_cli_json_has_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_cli_json_has_LDADD = $(JSON_LIBS)
tests_cli_switch_names_SOURCES = tests/cli/switch-names.c
tests_cli_switch_names_LDADD = libcore.la
dist_check_SCRIPTS += tests/cli/bind tests/cli/verbs tests/cli/examples tests/cli/daemon tests/cli/seeing
EXTRA_DIST += tests/cli/tap.sh
TESTS += tests/cli/bind tests/cli/verbs tests/cli/examples tests/cli/daemon tests/cli/seeing
