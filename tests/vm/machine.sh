# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The machine that a guest boots on: QEMU's arguments from what a test wants,
# and a plxdma-model for each card. Sourced by tests/vm/run.
# shellcheck disable=SC2154 # the variables of tests/vm/run

# first TEST NAME DEFAULT
first()
{
	local value
	value=$(wants "$1" "$2")
	echo "${value:-$3}"
}

# card_lines TEST: the options of each card, a line each.
card_lines()
{
	local lines=() count last
	mapfile -t lines < <(sed -n 's/^# card: *//p' "$1")
	[ ${#lines[@]} -gt 0 ] || lines=("")
	count=$(first "$1" cards ${#lines[@]})
	last=${lines[-1]}
	while [ ${#lines[@]} -lt "$count" ]; do
		lines+=("$last")
	done
	printf '%s\n' "${lines[@]}"
}

# cards_start TEST DIR: a model for each, all listening when this returns.
cards_start()
{
	local line number=0 words
	while read -r line; do
		read -ra words <<<"$line"
		words=("${words[@]//@BUILD@/$build}")
		number=$((number + 1))
		"$build/plxdma-model" --socket "$2/socket.$number" --once \
			--quiet --stats "$2/stats.$number" \
			${words[@]+"${words[@]}"} \
			${options[@]+"${options[@]}"} &
		echo $! >>"$2/pids"
	done < <(card_lines "$1")
	for _ in $(seq 200); do
		[ "$(find "$2" -name 'socket.*' -type s | wc -l)" -lt \
			"$number" ] || return 0
		sleep 0.05
	done
	echo "plxdma-model doesn't listen"
	return 1
}

# violations STATS NAME...: those that it counts, but these.
violations()
{
	local names
	names=" ${*:2} "
	sed -n '/"violations": {/,/}/p' "$1" | tr -d '",:' |
		while read -r name count; do
			case $names in *" $name "*) continue ;; esac
			[ "${count:-0}" = 0 ] || [ "$count" = "{" ] ||
				echo "$count $name"
		done
}

# cards_judge TEST DIR: their counters, in a line each; fails where one
# complains.
cards_judge()
{
	local stats status=0 pid found dir=$2
	for pid in $(cat "$dir/pids" 2>/dev/null); do
		for _ in $(seq 100); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
		kill "$pid" 2>/dev/null || true
		wait "$pid" || { echo "not ok - plxdma-model failed"
				 status=1; }
	done
	rm -f "$dir/pids"
	for stats in "$dir"/stats.*; do
		[ -f "$stats" ] || { echo "not ok - no counters"; return 1; }
		sed -nE 's/.*"(bytes_to_[a-z]*|interrupts|violations_total|messages)": *([0-9]*).*/\1 \2/p' \
			"$stats" | tr '\n' ' ' | sed "s/^/card: /; s/ \$/\n/"
		# shellcheck disable=SC2046 # several words
		found=$(violations "$stats" $(wants "$1" violations))
		[ -n "$found" ] || continue
		cat "$stats"
		echo "not ok - a card saw violations: $found"
		status=1
	done
	return $status
}

# machine_arguments TEST DIR: of QEMU, one a line; and of the kernel, after "@".
machine_arguments()
{
	local words memory bus=pcie.0 count number at
	words=" $(wants "$1" machine) "
	memory=$(first "$1" memory 512M)
	case $words in *" 6g "*) memory=6G ;; esac
	printf '%s\n' -m "$memory" -smp "$(first "$1" cpus 1)"
	case $words in
	*" numa "*)
		# Below a second root q35 has no INTx for PCI cards.
		bus=node1
		at=$((${memory%[MG]} / 2))${memory##*[0-9]}
		printf '%s\n' -machine pc \
			-object "memory-backend-memfd,id=m0,size=$at,share=on" \
			-object "memory-backend-memfd,id=m1,size=$at,share=on" \
			-numa node,nodeid=0,memdev=m0,cpus=0 \
			-numa node,nodeid=1,memdev=m1 \
			-device pxb,id=node1,bus_nr=128,numa_node=1
		;;
	*)
		printf '%s\n' -machine q35,memory-backend=m0 \
			-object "memory-backend-memfd,id=m0,size=$memory,share=on"
		;;
	esac
	case $words in
	*" iommu "*) echo "@intel_iommu=on" ;;
	*" iommu-pt "*) echo "@intel_iommu=on iommu=pt" ;;
	esac
	case $words in *" iommu"*)
		printf '%s\n' -device intel-iommu,caching-mode=on ;;
	esac
	case $words in *" swiotlb "*) echo "@swiotlb=force" ;; esac
	case $words in *" bridge "*)
		bus=bridge
		printf '%s\n' -device pcie-root-port,id=root1,chassis=1 \
			-device pcie-pci-bridge,id=bridge,bus=root1 ;;
	esac
	count=$(card_lines "$1" | wc -l)
	case $words in *" ports "*)
		printf '%s\n' -monitor "pipe:$2/monitor" ;;
	esac
	for number in $(seq "$count"); do
		at=$number
		[ "$bus" != pcie.0 ] || at=$((number + 3))
		case $words in *" ports "*)
			bus=port$number at=0
			printf '%s\n' -device \
				"pcie-root-port,id=$bus,chassis=$number" ;;
		esac
		printf '%s\n' -device '{"driver":"vfio-user-pci","id":"card'"$number"'","bus":"'"$bus"'","addr":"'"$(printf %x "$at")"'","socket":{"type":"unix","path":"'"$2/socket.$number"'"}}'
	done
	echo "@$(wants "$1" append)"
}

# In the background, whose process it becomes: who stops a run stops it.
qemu()
{
	QEMU_MODULE_DIR=$lib/qemu exec timeout "$1" \
		"$root/lib64/ld-linux-x86-64.so.2" --library-path "$lib" \
		"$root/usr/bin/qemu-system-x86_64" -nodefaults -display none \
		-L "$root/usr/share/qemu" -L "$root/usr/share/seabios" \
		-accel tcg -cpu max -no-reboot "${@:2}"
}

# cards_pull DIR QEMU: those that the guest names, for as long as QEMU runs.
cards_pull()
{
	local number pulled=' '
	while kill -0 "$2" 2>/dev/null; do
		while read -r number; do
			case $pulled in *" $number "*) continue ;; esac
			echo "device_del card$number" >"$1/monitor.in"
			pulled+="$number "
		done < <(tr -d '\r' <"$1/console" |
			sed -n 's/^@pull \([0-9]*\)$/\1/p')
		sleep 0.2
	done
}

# silence_end DIR QEMU: a guest whose first program has said nothing for so long
# hangs, and its tests are better run again than waited for.
silence_end()
{
	local _
	for _ in $(seq 240); do
		[ ! -s "$1/console" ] && kill -0 "$2" 2>/dev/null || return 0
		sleep 1
	done
	echo "the guest hangs: nothing on its console for 240 s"
	kill "$2"
}

# boot KERNEL DIR TEST: until the guest switches itself off.
boot()
{
	local arguments=() line append="console=ttyS0 quiet panic=-1" seconds
	local qemu
	while read -r line; do
		case $line in
		@*) append+=" ${line#@}" ;;
		*) arguments+=("$line") ;;
		esac
	done < <(machine_arguments "$3" "$2")
	seconds=$(awk '{ n += $2 } END { print n + 60 }' "$2/fs/tests")
	cards_start "$3" "$2" || return
	mkfifo "$2/monitor.in" "$2/monitor.out"
	qemu "$seconds" "${arguments[@]}" -kernel "$("$here/image" "$root/boot/vmlinuz-$1")" \
		-initrd "$2/initramfs" -append "$append" \
		-serial "file:$2/console" &
	qemu=$!
	echo $qemu >>"$2/pids.qemu"
	case " $(wants "$3" machine) " in
	*" ports "*) cards_pull "$2" $qemu & ;;
	esac
	silence_end "$2" $qemu &
	wait $qemu || { echo "QEMU failed, or ran for more than $seconds s"
		     return 1; }
}
