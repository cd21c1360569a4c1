# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# What the tests of the tool share: results in TAP, runs with a time limit.
# Sourced. `run` leaves the output in $out, the errors in $err, the exit code
# in $code.

export LC_ALL=C
# shellcheck disable=SC2034 # for those who source this
src=${srcdir:-.}
work=$(mktemp -d)
out=$work/out
err=$work/err
code=
count=0
bad=0

run()
{
	code=0
	timeout 60 "$@" >"$out" 2>"$err" </dev/null || code=$?
}

# ok NAME COMMAND...: a result, by whether the command succeeds.
ok()
{
	count=$((count + 1))
	name=$1
	shift
	if "$@" >"$work/why" 2>&1; then
		echo "ok $count - $name"
		return
	fi
	bad=$((bad + 1))
	echo "not ok $count - $name"
	echo "# exit code $code"
	sed 's/^/# /' "$work/why" "$out" "$err" | head -n 30
}

skip()
{
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# exits CODE NAME COMMAND...
exits()
{
	expected=$1
	name=$2
	shift 2
	run "$@"
	ok "$name" test "$code" = "$expected"
}

prints()
{
	grep -qE -- "$1" "$out"
}

complains()
{
	grep -qE -- "$1" "$err"
}

has_json()
{
	./tests/cli/json-has "$@" <"$out"
}

finish()
{
	echo "1..$count"
	rm -rf "$work"
	[ $bad -eq 0 ]
	exit
}
