# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What a guest boots into: busybox, the tests with their programs and modules.
# Sourced by tests/vm/run, which sets $root, $lib, $build, $top and $modules.
#
# Programs of this machine lie where they look for their libraries; those of the
# root (lspci) bring theirs in a folder of their own.
# shellcheck disable=SC2154 # the variables of tests/vm/run

# libraries_in FS: of the files named on standard input, as ldd lists them.
libraries_in()
{
	local file
	grep -oE '/[^ ]*(\.so[^ ]*)' | sort -u | while read -r file; do
		mkdir -p "$1$(dirname "$file")"
		cp -Lu "$file" "$1$file"
	done
}

# program_of_root FS NAME
program_of_root()
{
	local file home=$1/root-programs
	mkdir -p "$home"
	cp "$root/usr/bin/$2" "$home/"
	cp -Lu "$root/lib64/ld-linux-x86-64.so.2" "$home/ld.so"
	while read -r file; do
		cp -Lu "$file" "$home/"
	done < <("$root/lib64/ld-linux-x86-64.so.2" \
		--library-path "$lib:$lib/systemd" --list "$root/usr/bin/$2" | grep -o '/[^ ]*\.so[^ ]*' |
		sed "s,^/lib64,$root&," | grep -v 'ld-linux' | sort -u)
	printf '#!/bin/sh\nexec /root-programs/ld.so --library-path %s "$@"\n' \
		"/root-programs /root-programs/$2" >"$1/bin/$2"
	chmod +x "$1/bin/$2"
}

# Of the build directory, past libtool's wrapper.
program_of_build()
{
	local file=$build/$2 real
	real=$(dirname "$file")/.libs/$(basename "$file")
	[ ! -x "$real" ] || file=$real
	[ -x "$file" ] || { echo "no program $2 in $build"; return 1; }
	cp "$file" "$1/bin/"
	LD_LIBRARY_PATH=$build/.libs ldd "$file" | libraries_in "$1"
	# Those that it opens by name; they want what they want.
	/sbin/ldconfig -p | sed -nE \
		's,^.*lib(hugetlbfs|numa)\.so\.[0-9]+ .*x86-64.* => ,,p' |
		while read -r file; do
			echo "$file"
			ldd "$file"
		done | libraries_in "$1"
	mkdir -p "$1/lib/x86_64-linux-gnu"
	cp -Lu "$build"/.libs/libpl*.so.0 "$1/lib/x86_64-linux-gnu/" \
		2>/dev/null || true
}

# program_in FS WORD
program_in()
{
	local name
	case $2 in
	*.c)
		name=$(basename "$2" .c)
		gcc -static -O2 -pthread -D_GNU_SOURCE -I"$top/include" \
			-I"$top/src" -I"$top/kmod" -o "$1/bin/$name" "$top/$2"
		;;
	*.build)
		"$top/$2" "$1/bin/$(basename "$2" .build)"
		;;
	/*)
		cp "$2" "$1/bin/"
		ldd "$2" | libraries_in "$1"
		;;
	root:*)
		program_of_root "$1" "${2#root:}"
		;;
	*.service | *-groups)
		cp "$build/$2" "$1/bin/"
		;;
	*)
		program_of_build "$1" "$2"
		;;
	esac
}

# module_in FS KERNEL NAME: prints the modules that it wants first, and itself.
module_in()
{
	local file name to=$1/modules/$3.ko
	file=$(find ${modules:+"$modules/$2"} "$root/usr/lib/modules/$2/kernel" \
		-name "$3.ko*" -o -name "${3//_/-}.ko*" | head -n 1)
	if [ -z "$file" ]; then
		echo "kernel $2 has no module $3" >&2
		return 1
	fi
	if [ ! -f "$to" ]; then
		mkdir -p "$1/modules"
		case $file in
		*.xz) "$root/usr/bin/busybox" xzcat "$file" ;;
		*) cat "$file" ;;
		esac >"$to"
	fi
	for name in $(grep -aoz '^depends=.*' "$to" | tr '\0,' '\n ' |
		sed 's/^depends=//'); do
		module_in "$1" "$2" "$name" || return
	done
	echo "$3"
}

# modules_in FS KERNEL WORD...: a line with all, in order, and parameters.
modules_in()
{
	local fs=$1 kernel=$2 word name names all=()
	shift 2
	for word; do
		names=$(module_in "$fs" "$kernel" "${word%%,*}") || return
		for name in $names; do
			[ "$name" != "${word%%,*}" ] || name=$word
			all+=("$name")
		done
	done
	echo "${all[*]-}"
}

people_in()
{
	mkdir -p "$1/etc" "$1/root" "$1/tmp" "$1/run"
	printf '%s:x:%s:%s::/tmp:/bin/sh\n' root 0 0 user 1000 1000 \
		other 1001 1001 plxdma 990 990 >"$1/etc/passwd"
	printf '%s:x:%s:\n' root 0 user 1000 other 1001 plxdma 990 \
		plxdma-hw 991 >"$1/etc/group"
}

# initramfs KERNEL DIR TEST...: DIR/initramfs, of DIR/fs.
initramfs()
{
	local kernel=$1 dir=$2 fs=$2/fs number=0 test word line
	shift 2
	mkdir -p "$fs"/{bin,proc,sys,dev,lib64}
	cp "$root/usr/bin/busybox" "$fs/bin/"
	cp "$here/init" "$fs/init"
	chmod +x "$fs/init"
	people_in "$fs"
	program_of_root "$fs" lspci || return
	for test; do
		number=$((number + 1))
		{ echo "kernel=$(cut -d. -f1,2 <<<"$kernel")"
		  [ -z "${!PLXDMA_*}" ] || declare -p "${!PLXDMA_@}" | sed 's/^declare -[^ ]* /export /'
		  cat "$test"; } >"$fs/test.$number"
		for word in $(wants "$test" programs); do
			program_in "$fs" "$word" || return
		done
		for word in $(wants "$test" files); do
			cp "$top/$word" "$fs/" || return
		done
		# shellcheck disable=SC2046 # several words
		{ modules_in "$fs" "$kernel" $(wants "$test" at-hand) \
			>/dev/null &&
		line=$(modules_in "$fs" "$kernel" $(wants "$test" modules)); } ||
			return
		word=$(wants "$test" timeout)
		echo "$number ${word:-120} $line" >>"$fs/tests"
	done
	(cd "$fs" && find . | "$root/usr/bin/busybox" cpio -o -H newc \
		2>/dev/null) >"$dir/initramfs"
}
