/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest, on the variant of the module that tests/vm/seen.h makes: every
 * call with each of the kernel's calls below it failing once, and from there
 * on; with registers that read ones, or zeros, from each read on; and what
 * neither ioctls nor stub_check ask for.  Which places were reached the kernel's
 * log tells, to tests/vm/returns.  Here it is only asked that the card works
 * afterwards.
 *
 *	returns PCI-ADDRESS
 */
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "uio_plx9054.h"

#define PAGE	4096u
#define SRAM	0x20000000u
#define DMAMODE 0x80
#define DMACSR	0xa8
#define CSR_DONE 0x10
#define AWAIT_MS 2000
#define MOST	200	/* calls, or reads, in one of ours */

static const char *address;
static char node[64];
static int card = -1;
static uint8_t *memory;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static void parameter(const char *name, int value)
{
	char path[96];
	FILE *file;

	(void)snprintf(path, sizeof(path),
		       "/sys/module/uio_plx9054/parameters/%s", name);
	file = fopen(path, "we");
	if (!file || fprintf(file, "%d\n", value) < 0 || fclose(file))
		die(path);
}

static int parameter_of(const char *name)
{
	char path[96];
	int value = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path),
		       "/sys/module/uio_plx9054/parameters/%s", name);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%d", &value) != 1)
		die(path);
	(void)fclose(file);
	return value;
}

static int call(unsigned long command, void *argument)
{
	return ioctl(card, command, argument);
}

static void card_open(void)
{
	card = open(node, O_RDWR | O_CLOEXEC);
}

static void card_close(void)
{
	if (card >= 0)
		close(card);
	card = -1;
}

static void give_back(uint32_t handle)
{
	struct plx9054_handle arg = { sizeof(arg), handle };

	call(PLX9054_FREE, &arg);
}

/* Calls, each from its beginning to its end. */

static void opens(void)
{
	card_close();
	card_open();
}

static void maps(void)
{
	struct plx9054_run runs[16];
	struct plx9054_map arg = {
		.size = sizeof(arg),
		.address = (uintptr_t)memory,
		.length = sizeof(runs) / sizeof(runs[0]) * PAGE,
		.granule = PAGE,
		.runs = (uintptr_t)runs,
		.run_count = sizeof(runs) / sizeof(runs[0]),
	};

	if (!call(PLX9054_MAP, &arg))
		give_back(arg.handle);
}

static void coherent(void)
{
	struct plx9054_coherent arg = { .size = sizeof(arg), .length = PAGE };

	if (!call(PLX9054_COHERENT, &arg))
		give_back(arg.handle);
}

static void windows(void)
{
	struct plx9054_window arg = {
		.size = sizeof(arg), .kind = PLX9054_WINDOW_BAR, .what = 2,
	};

	if (call(PLX9054_WINDOW, &arg))
		return;
	mmap(NULL, PAGE, PROT_READ, MAP_SHARED, arg.fd, (off_t)1 << 40);
	close(arg.fd);
	give_back(arg.handle);
}

static void eventfds(void)
{
	struct plx9054_eventfd arg = {
		.size = sizeof(arg), .fd = eventfd(0, EFD_CLOEXEC),
	};

	call(PLX9054_EVENTFD, &arg);
	close(arg.fd);
}

static volatile uint8_t *registers_map(void)
{
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, card,
		    (off_t)PLX9054_MMAP_BAR(0));
}

/* What an abort finds at work. */
static void transfer_start(volatile uint8_t *regs, uint32_t bus)
{
	volatile uint32_t *dma = (volatile void *)(regs + DMAMODE);

	dma[0] = 0x1c3;			/* 32 bits, READY#, BTERM#, bursts */
	dma[1] = bus;
	dma[2] = SRAM;
	dma[3] = PAGE;
	dma[4] = 8;			/* to the host */
	regs[DMACSR] = 1;
	regs[DMACSR] = 3;
}

/* As the configuration space has it. */
static int is_master(void)
{
	uint16_t command = 0;
	char path[96];
	int file;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config",
		       address);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || pread(file, &command, sizeof(command), 4) != 2)
		die(path);
	close(file);
	return command & PCI_COMMAND_MASTER;
}

/*
 * An abort that failed, or was told lies, may have left the transfer running,
 * and what is given back is anybody's: so first it is over, or may not write
 * any more.  The module has no part in what is read here.
 */
static void transfer_await(volatile uint8_t *regs)
{
	for (unsigned int i = 0; i < AWAIT_MS; i++) {
		if (regs[DMACSR] & CSR_DONE || !is_master())
			return;
		usleep(1000);
	}
	die("a transfer that doesn't end");
}

static void channels(void)
{
	struct plx9054_channel arg = {
		.size = sizeof(arg), .operation = PLX9054_ABORT_CHANNEL,
	};
	struct plx9054_coherent block = { .size = sizeof(block),
					  .length = PAGE };
	volatile uint8_t *regs;

	if (call(PLX9054_COHERENT, &block))
		return;
	regs = registers_map();
	if (regs != MAP_FAILED) {
		transfer_start(regs, (uint32_t)block.bus);
		call(PLX9054_CHANNEL, &arg);
		transfer_await(regs);
		munmap((void *)(uintptr_t)regs, PAGE);
	}
	/* Out of service now, maybe. */
	give_back(block.handle);
	call(PLX9054_SET_MASTER,
	     &(struct plx9054_value){ .size = sizeof(struct plx9054_value),
				      .value = 1 });
}

static void resets(void)
{
	call(PLX9054_RESET, NULL);
}

static void quiesces(void)
{
	call(PLX9054_QUIESCE, NULL);
}

static void (*const calls[])(void) = {
	opens, maps, coherent, windows, eventfds, channels, quiesces, resets,
};

/* Was it reached?  N counts down to 0, or -N up to -1. */
static int spent(int left)
{
	return left == 0 || left == -1;
}

static void each_with(const char *name, int sign, unsigned int first)
{
	for (unsigned int i = first; i < sizeof(calls) / sizeof(calls[0]); i++) {
		for (int n = 1; n <= MOST; n++) {
			int left;

			if (card < 0)
				card_open();
			parameter(name, sign * n);
			calls[i]();
			left = parameter_of(name);
			parameter(name, 0);
			if (!spent(left) && left * sign != 1)
				break;
		}
	}
}

/* The module's answer can't be written to where it came from. */
static void answers_nowhere(void)
{
	struct plx9054_info *info = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	info->size = sizeof(*info);
	mprotect(info, PAGE, PROT_READ);
	call(PLX9054_INFO, info);
	munmap(info, PAGE);
}

/* Another name of the same device is another inode. */
static void two_names(void)
{
	struct stat stat_of;
	char path[96];
	int one, two;

	card_close();
	for (unsigned int i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof(path), "/dev/uio%u", i);
		if (stat(path, &stat_of))
			continue;
		if (mknod("/tmp/uio", S_IFCHR | 0600, stat_of.st_rdev))
			die("mknod");
		one = open(path, O_RDWR | O_CLOEXEC);
		two = open("/tmp/uio", O_RDWR | O_CLOEXEC);
		card_open();
		close(one);
		close(two);
		unlink("/tmp/uio");
	}
}

/* There may be no ports. */
static void accesses(void)
{
	struct plx9054_access arg = {
		.size = sizeof(arg), .space = PLX9054_SPACE_IO, .width = 32,
	};

	card_close();
	card_open();
	call(PLX9054_ACCESS, &arg);
	card_close();
}

static void driver_write(const char *file)
{
	char path[96];
	FILE *to;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s", file);
	to = fopen(path, "we");
	if (to) {
		(void)fputs(address, to);
		(void)fclose(to);
	}
}

static void gone(void)
{
	struct plx9054_value arg = { .size = sizeof(arg) };

	card_close();
	card_open();
	driver_write("uio_plx9054/unbind");
	call(PLX9054_SET_MASTER, &arg);
	mmap(NULL, PAGE, PROT_READ, MAP_SHARED, card, 0);
	card_close();
	driver_write("uio_plx9054/bind");
}

static void suspends(void)
{
	FILE *state = fopen("/sys/power/state", "we");

	card_close();
	parameter("reads", 1);
	if (state) {
		(void)fputs("freeze\n", state);
		(void)fclose(state);
	}
	parameter("reads", 0);
}

/* Bound again and again, until nothing fails any more. */
static void probes(const char *name, int sign)
{
	for (int n = 1; n <= MOST; n++) {
		int left;

		driver_write("uio_plx9054/unbind");
		parameter(name, sign * n);
		driver_write("uio_plx9054/bind");
		left = parameter_of(name);
		parameter(name, 0);
		accesses();
		if (!spent(left) && left * sign != 1)
			break;
	}
	driver_write("uio_plx9054/bind");
}

int main(int argc, char **argv)
{
	struct plx9054_info info = { .size = sizeof(info) };

	if (argc < 2)
		return 2;
	address = argv[1];
	(void)snprintf(node, sizeof(node), "/dev/plx9054/%s", address);
	memory = mmap(NULL, 64 * (size_t)PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (memory == MAP_FAILED)
		die("memory");
	each_with("fail", 1, 0);
	each_with("fail", -1, 0);
	answers_nowhere();
	two_names();
	gone();
	suspends();
	probes("fail", 1);
	probes("fail", -1);
	probes("reads", 1);
	parameter("reset", 1);
	each_with("reads", 1, 5);
	each_with("reads", -1, 5);
	parameter("reset", 0);
	card_close();
	card_open();
	if (call(PLX9054_INFO, &info) || info.flags & PLX9054_OUT_OF_SERVICE ||
	    info.quarantined) {
		printf("not ok - the card isn't what it was: flags %#x\n",
		       info.flags);
		return 1;
	}
	printf("ok - the card is what it was\n");
	return 0;
}
