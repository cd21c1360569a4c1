/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two processes and one card: the SDK's documented refusal. */
#include "suites.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

/* A process of its own, which has opened nothing: its exit status. */
static int elsewhere(int (*what)(PLX_DEVICE_OBJECT *other))
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		PLX_DEVICE_KEY key;
		PLX_DEVICE_OBJECT other;

		memset(&key, PCI_FIELD_IGNORE, sizeof(key));
		memset(&other, 0, sizeof(other));
		if (PlxPci_DeviceOpen(&key, &other) != PLX_STATUS_OK)
			_exit(99);
		status = what(&other);
		PlxPci_DeviceClose(&other);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int refused(PLX_DEVICE_OBJECT *other)
{
	return PlxPci_DmaChannelOpen(other, 0, NULL) !=
	       PLX_STATUS_INVALID_ACCESS;
}

static int second_is_free(PLX_DEVICE_OBJECT *other)
{
	return PlxPci_DmaChannelOpen(other, 1, NULL) != PLX_STATUS_OK;
}

static int granted(PLX_DEVICE_OBJECT *other)
{
	return PlxPci_DmaChannelOpen(other, 0, NULL) != PLX_STATUS_OK;
}

/* What a process opens, another has to open anew: this one lets go first. */
START_TEST(two_processes_dont_open_one_channel)
{
	int go[2], done[2], status = 0, looks = 0;
	char byte = 0;
	pid_t holder;

	ok(PlxPci_DeviceClose(&device));
	ck_assert_int_eq(pipe(go), 0);
	ck_assert_int_eq(pipe(done), 0);
	holder = fork();
	if (!holder) {
		PLX_DEVICE_KEY key;

		memset(&key, PCI_FIELD_IGNORE, sizeof(key));
		memset(&device, 0, sizeof(device));
		if (PlxPci_DeviceOpen(&key, &device) != PLX_STATUS_OK ||
		    PlxPci_DmaChannelOpen(&device, 0, NULL) != PLX_STATUS_OK)
			_exit(1);
		if (write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(2);
		_exit(0); /* dies with the channel open */
	}
	ck_assert_int_eq((int)read(done[0], &byte, 1), 1);
	ck_assert_int_eq(elsewhere(refused), 0);
	ck_assert_int_eq(elsewhere(second_is_free), 0);
	ck_assert_int_eq((int)write(go[1], &byte, 1), 1);
	waitpid(holder, &status, 0);
	ck_assert_int_eq(status, 0);
	/* When the daemon has noticed. */
	while (elsewhere(granted)) {
		ck_assert_int_lt(looks++, 1000);
		settle(50);
	}
}
END_TEST

START_TEST(cards_of_a_daemon_are_found_by_its_list)
{
	PLX_DEVICE_KEY key;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	key.VendorId = 0x10b5;
	ok(PlxPci_DeviceFind(&key, 0));
	gives(PlxPci_DeviceFind(&key, 1), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(memcpy_works_through_the_daemon)
{
	static unsigned char data[20000], back[20000];
	VOID *address = NULL;
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 31 + i / 256);
	ok(PlxPci_PciBarMap(&device, SRAM_BAR, &address));
	memcpy((char *)address + 3, data, sizeof(data));
	memcpy(back, (char *)address + 3, sizeof(back));
	ck_assert_mem_eq(data, back, sizeof(data));
	ok(PlxPci_PciBarUnmap(&device, &address));
}
END_TEST

Suite *suite_daemon(void)
{
	Suite *suite = suite_create("the daemon's cards");
	TCase *tests = tcase_create("daemon");

	tcase_add_checked_fixture(tests, daemon_fast, device_close);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, two_processes_dont_open_one_channel);
	tcase_add_test(tests, cards_of_a_daemon_are_found_by_its_list);
	tcase_add_test(tests, memcpy_works_through_the_daemon);
	suite_add_tcase(suite, tests);
	return suite;
}
