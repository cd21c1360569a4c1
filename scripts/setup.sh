# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What scripts/demo and scripts/check share: packages, builds, hugepages.
# Sourced, not run. Quiet when all is well; says what to do when not root.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
jobs=$(nproc)
export LC_ALL=C

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# need KIND...: install what is missing of those kinds in scripts/packages.
need()
{
	local kinds missing=() package
	kinds=$(IFS='|'; echo "$*")
	while read -r package; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" \
			2>/dev/null)" = installed ] || missing+=("$package")
	done < <(awk -v k="^($kinds)$" '$1 ~ k { print $2 }' \
		"$top/scripts/packages")
	[ ${#missing[@]} -eq 0 ] && return
	[ "$(id -u)" -eq 0 ] || die "packages are missing; as root:
  apt-get install --no-install-recommends ${missing[*]}"
	echo "installing ${#missing[@]} packages"
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get -qq update && apt-get -qq install -y \
		--no-install-recommends "${missing[@]}"; } \
		>"$build/apt.log" 2>&1 ||
		{ tail -n 20 "$build/apt.log" >&2
		  die "apt-get failed; the whole log is build/apt.log"; }
}

# quietly LOG COMMAND...: its output goes to a log, shown when it fails.
quietly()
{
	local log=$1
	shift
	"$@" >"$log" 2>&1 && return
	tail -n 60 "$log" >&2
	die "failed: $* (the whole log is ${log#"$top"/})"
}

# Prometheus' checker of metrics, out of its package: installed, that would start
# a service. Without it the test that needs it is skipped.
promtool_get()
{
	local dir=$build/prometheus
	if [ ! -x "$dir/usr/bin/promtool" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		(cd "$dir" && timeout 120 apt-get -q download \
			"$(awk '$1 == "unpack" { print $2 }' \
				"$top/scripts/packages")" &&
			dpkg -x prometheus_*.deb . &&
			rm -f prometheus_*.deb usr/bin/prometheus) \
			>"$build/prometheus.log" 2>&1 || return 0
	fi
	export PLXDMA_PROMTOOL=$dir/usr/bin/promtool
}

# configured NAME OPTION...: a build directory, configured once.
configured()
{
	local dir=$build/$1
	shift
	mkdir -p "$dir"
	# The packages of Python are for Debian's, not for another of the PATH.
	[ ! -x /usr/bin/python3 ] || export PYTHON=/usr/bin/python3
	if [ ! -x "$top/configure" ] ||
	   [ "$top/configure.ac" -nt "$top/configure" ]; then
		(cd "$top" && quietly "$build/autoreconf.log" autoreconf -fi)
	fi
	[ -f "$dir/Makefile" ] && [ "$(cat "$dir/options" 2>/dev/null)" = "$*" ] &&
		return
	(cd "$dir" && quietly "$dir/configure.out" "$top/configure" -q "$@")
	echo "$*" >"$dir/options"
}

# made NAME OPTION...: a build directory, configured and built.
made()
{
	configured "$@"
	quietly "$build/$1/make.out" make -s -j"$jobs" -C "$build/$1"
}

# hugepages N: see to N pages of 2 MiB; given back when the script ends.
hugepages_file=/proc/sys/vm/nr_hugepages
hugepages_before=
hugepages()
{
	local have
	have=$(cat $hugepages_file)
	[ "$have" -ge "$1" ] && return
	[ -w $hugepages_file ] || die "$1 hugepages are needed; as root:
  echo $1 > $hugepages_file"
	hugepages_before=$have
	echo "$1" >$hugepages_file
	have=$(cat $hugepages_file)
	[ "$have" -ge "$1" ] || die "the kernel gave $have of $1 hugepages;
  free memory is too little or in pieces: echo 3 > /proc/sys/vm/drop_caches"
}

hugepages_back()
{
	[ -z "$hugepages_before" ] || echo "$hugepages_before" >$hugepages_file
}

# daemon_start PLXDMAD OPTION...: on a private socket, ready when this returns;
# PLXDMAD may be a command before it as well. daemon_stop ends it.
daemon_pid=
daemon_dir=
daemon_start()
{
	daemon_dir=$(mktemp -d)
	export PLXDMA_SOCKET=$daemon_dir/plxdmad.sock
	"$@" >"$daemon_dir/log" 2>&1 &
	daemon_pid=$!
	for _ in $(seq 100); do
		[ -S "$PLXDMA_SOCKET" ] && return
		kill -0 "$daemon_pid" 2>/dev/null || break
		sleep 0.1
	done
	cat "$daemon_dir/log" >&2
	die "plxdmad didn't come up"
}

daemon_stop()
{
	[ -n "$daemon_dir" ] || return 0
	kill "$daemon_pid" 2>/dev/null || true
	wait "$daemon_pid" 2>/dev/null || true
	rm -rf "$daemon_dir"
}

tidy()
{
	daemon_stop
	hugepages_back
}
trap tidy EXIT

mkdir -p "$build"
