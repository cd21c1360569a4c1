/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer's two wires, banged as the module's software does: start,
 * bytes with their acknowledge, stop, each edge timed by reads.
 */
#include "bench.h"
#include "suites.h"

enum { LINE = 0x10, MISSED = 0x148, SDA = 1, SCL = 2, DRIVE = 4 };

static struct bench *bench;
static unsigned int waits; /* reads behind each write */

static struct bench *wired(const char *option)
{
	const char *const options[] = {"card=9", "crate=3", option, NULL};

	waits = 2;
	bench = bench_new("digitizer", options);
	return bench;
}

static void wires(uint32_t pins)
{
	bench_write(bench, LINE, pins);
	for (unsigned int i = 0; i < waits; i++)
		bench_read(bench, LINE);
}

static bool sda(void)
{
	return bench_read(bench, LINE) & SDA;
}

static void begin(void)
{
	wires(SDA | SCL | DRIVE);
	wires(SCL | DRIVE);
}

static void end(void)
{
	wires(SCL | DRIVE);
	wires(SDA | SCL | DRIVE);
}

/* Return: whether a part acknowledged. */
static bool send(uint8_t byte)
{
	uint32_t bit = 0;
	bool acknowledged;

	for (int i = 7; i >= 0; i--) {
		wires(DRIVE | bit);
		bit = byte >> i & 1 ? SDA : 0;
		wires(DRIVE | bit);
		wires(DRIVE | SCL | bit);
	}
	wires(bit);
	wires(SCL);
	acknowledged = !sda();
	wires(0);
	return acknowledged;
}

static uint8_t receive(bool more)
{
	uint8_t byte = 0;

	for (int i = 7; i >= 0; i--) {
		wires(SCL);
		byte = (uint8_t)(byte | sda() << i);
		wires(0);
	}
	wires(DRIVE | (more ? 0 : SDA));
	wires(DRIVE | SCL | (more ? 0 : SDA));
	wires(0);
	return byte;
}

START_TEST(the_port_tells_slot_and_crate)
{
	wired(NULL);
	begin();
	ck_assert(send(0x43));
	ck_assert_uint_eq(receive(true), 9 << 3 | 3);
	end();
	bench_free(bench);
}
END_TEST

START_TEST(the_eeprom_is_read_in_sequence)
{
	uint8_t data[128];

	wired("serial=1031");
	begin();
	ck_assert(send(0xa0));
	ck_assert(send(0));
	ck_assert(send(0));
	begin();
	ck_assert(send(0xa1));
	for (int i = 0; i < 128; i++)
		data[i] = receive(i < 127);
	end();
	ck_assert_int_eq(data[0] | data[1] << 8, 1031);
	ck_assert_uint_eq(data[2], 15);
	ck_assert_uint_eq(data[99], 12);
	ck_assert_int_eq(data[100] | data[101] << 8, 250);
	ck_assert_uint_eq(data[127], 0xff);
	bench_free(bench);
}
END_TEST

START_TEST(the_eeprom_starts_where_it_is_told)
{
	wired(NULL);
	begin();
	send(0xa0);
	send(0);
	send(99);
	begin();
	ck_assert(send(0xa1));
	ck_assert_uint_eq(receive(true), 12);
	ck_assert_uint_eq(receive(false), 250);
	end();
	bench_free(bench);
}
END_TEST

START_TEST(nobody_answers_at_another_address)
{
	wired(NULL);
	begin();
	ck_assert(!send(0x51));
	end();
	begin();
	ck_assert(send(0x43));
	end();
	bench_free(bench);
}
END_TEST

START_TEST(edges_that_are_not_timed_by_reads_are_missed)
{
	wired("reads=4");
	begin();
	ck_assert(!send(0x43));
	ck_assert_uint_gt(bench_read(bench, MISSED), 0);
	end();
	waits = 4;
	wires(SDA | SCL | DRIVE);
	wires(SDA | DRIVE);
	begin();
	ck_assert(send(0x43));
	ck_assert_uint_eq(receive(true), 9 << 3 | 3);
	bench_free(bench);
}
END_TEST

START_TEST(the_line_works_before_anything_is_loaded)
{
	wired("boot=0");
	begin();
	ck_assert(send(0x43));
	ck_assert_uint_eq(receive(true), 9 << 3 | 3);
	end();
	bench_free(bench);
}
END_TEST

Suite *suite_line(void)
{
	Suite *suite = suite_create("line");
	TCase *tcase = tcase_create("two wires");

	tcase_add_test(tcase, the_port_tells_slot_and_crate);
	tcase_add_test(tcase, the_eeprom_is_read_in_sequence);
	tcase_add_test(tcase, the_eeprom_starts_where_it_is_told);
	tcase_add_test(tcase, nobody_answers_at_another_address);
	tcase_add_test(tcase, edges_that_are_not_timed_by_reads_are_missed);
	tcase_add_test(tcase, the_line_works_before_anything_is_loaded);
	suite_add_tcase(suite, tcase);
	return suite;
}
