/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores that are caught: each instruction is done on plain memory
 * by the processor and on a window by the library, and afterwards registers,
 * flags and memory are the same.  Behind the window is an array; the public
 * calls that would reach a card are this program's own.
 */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plxapi/trap.h"

#define BYTES 65536u
#define BAR 3

/* --- the card --------------------------------------------------------- */

/* Not static: what the compiler can't see changes them. */
extern unsigned char card[BYTES];
extern volatile unsigned int widest;
extern volatile int dead;
unsigned char card[BYTES];
volatile unsigned int widest;
volatile int dead;
static atomic_uint accesses;

static int access_card(int write, unsigned int bar, uint64_t offset,
		       unsigned int width, uint32_t *value)
{
	atomic_fetch_add(&accesses, 1);
	if (dead || bar != BAR || offset + width / 8 > BYTES ||
	    offset % (width / 8) || !width || width > 32)
		return -ERANGE;
	if (width > widest)
		widest = width;
	if (write) {
		memcpy(card + offset, value, width / 8);
	} else {
		*value = 0;
		memcpy(value, card + offset, width / 8);
	}
	return 0;
}

int plxdma_peek(struct plxdma_card *none, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t *value)
{
	(void)none;
	return access_card(0, bar, offset, width, value);
}

int plxdma_poke(struct plxdma_card *none, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t value)
{
	(void)none;
	return access_card(1, bar, offset, width, &value);
}

int plxdma_reg_read(struct plxdma_card *none, unsigned int offset,
		    unsigned int width, uint32_t *value)
{
	(void)none;
	return access_card(0, 0, offset, width, value);
}

int plxdma_reg_write(struct plxdma_card *none, unsigned int offset,
		     unsigned int width, uint32_t value)
{
	(void)none;
	return access_card(1, 0, offset, width, &value);
}

int plxdma_batch(struct plxdma_card *none, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done)
{
	unsigned int i;

	(void)none;
	(void)done;
	for (i = 0; i < count; i++) {
		int result = access_card(steps[i].op == PLXDMA_STEP_WRITE,
					 steps[i].space, steps[i].offset,
					 steps[i].width, &steps[i].value);

		if (result)
			return result;
	}
	return 0;
}

/* --- instructions ----------------------------------------------------- */

#define MEMORY 256

struct state {
	uint64_t a, b, flags, from, to, count;
	unsigned char vector[64];
	unsigned char memory[MEMORY];
};

typedef void instruction(void *memory, struct state *state);

/* The red zone is the compiler's. */
#define IN "lea -256(%%rsp), %%rsp\n\tpushq %[f]\n\tpopfq\n\t"
#define OUT "\n\tpushfq\n\tpopq %[f]\n\tcld\n\tlea 256(%%rsp), %%rsp"

/* Memory is at (%rcx), values in A and B. */
#define GENERAL(name, code)                                                    \
	static void name(void *memory, struct state *s)                        \
	{                                                                      \
		uint64_t a = s->a, b = s->b, f = s->flags;                     \
		__asm__ volatile(IN code OUT                                   \
				 : "+a"(a), "+b"(b), [f] "+d"(f)               \
				 : "c"(memory)                                 \
				 : "memory", "cc", "r8");                      \
		s->a = a;                                                      \
		s->b = b;                                                      \
		s->flags = f;                                                  \
	}

GENERAL(load_8, "movb (%%rcx), %%al")
GENERAL(load_8_high, "movb 1(%%rcx), %%ah")
GENERAL(load_16, "movw 2(%%rcx), %%ax")
GENERAL(load_32, "movl 4(%%rcx), %%eax")
GENERAL(load_64, "movq 8(%%rcx), %%rax")
GENERAL(load_unaligned_32, "movl 1(%%rcx), %%eax")
GENERAL(load_unaligned_64, "movq 3(%%rcx), %%rax")
GENERAL(load_r8, "movq 8(%%rcx), %%r8\n\tmovq %%r8, %%rax")
GENERAL(load_indexed, "movl $2, %%ebx\n\tmovl 4(%%rcx,%%rbx,8), %%eax")
GENERAL(store_8, "movb %%al, 5(%%rcx)")
GENERAL(store_8_high, "movb %%bh, 5(%%rcx)")
GENERAL(store_16, "movw %%ax, 6(%%rcx)")
GENERAL(store_32, "movl %%eax, 8(%%rcx)")
GENERAL(store_64, "movq %%rax, 8(%%rcx)")
GENERAL(store_unaligned_32, "movl %%eax, 3(%%rcx)")
GENERAL(store_number_8, "movb $0x5a, 9(%%rcx)")
GENERAL(store_number_16, "movw $0x1234, 10(%%rcx)")
GENERAL(store_number_32, "movl $0x12345678, 12(%%rcx)")
GENERAL(store_number_64, "movq $-7, 16(%%rcx)")
GENERAL(store_past_cache, "movnti %%eax, 12(%%rcx)")
GENERAL(extend_8_32, "movzbl 1(%%rcx), %%eax")
GENERAL(extend_16_32, "movzwl 2(%%rcx), %%eax")
GENERAL(extend_8_16, "movzbw 1(%%rcx), %%ax")
GENERAL(sign_8_32, "movsbl 1(%%rcx), %%eax")
GENERAL(sign_8_64, "movsbq 1(%%rcx), %%rax")
GENERAL(sign_16_32, "movswl 2(%%rcx), %%eax")
GENERAL(sign_32_64, "movslq 4(%%rcx), %%rax")
GENERAL(swap, "xchgl %%eax, 4(%%rcx)")
GENERAL(swap_8, "xchgb 4(%%rcx), %%bl")
GENERAL(add_from, "addl 4(%%rcx), %%eax")
GENERAL(add_to, "addl %%eax, 4(%%rcx)")
GENERAL(add_number, "addl $0x7fffffff, 4(%%rcx)")
GENERAL(add_8, "addb $0x80, 4(%%rcx)")
GENERAL(add_64, "addq %%rax, 8(%%rcx)")
GENERAL(adc_to, "adcl %%eax, 4(%%rcx)")
GENERAL(sub_from, "subl 4(%%rcx), %%eax")
GENERAL(sub_to, "subl %%eax, 4(%%rcx)")
GENERAL(sub_16, "subw $0x7fff, 4(%%rcx)")
GENERAL(sbb_to, "sbbl %%eax, 4(%%rcx)")
GENERAL(and_to, "andl $0xff00ff00, 4(%%rcx)")
GENERAL(and_from, "andl 4(%%rcx), %%eax")
GENERAL(or_to, "orl $0x10, 4(%%rcx)")
GENERAL(or_8, "orb $0x80, 4(%%rcx)")
GENERAL(xor_to, "xorl %%eax, 4(%%rcx)")
GENERAL(locked_or, "lock orl $0x10, 4(%%rcx)")
GENERAL(increment, "incl 4(%%rcx)")
GENERAL(increment_64, "incq 8(%%rcx)")
GENERAL(decrement, "decl 4(%%rcx)")
GENERAL(negate, "negl 4(%%rcx)")
GENERAL(complement, "notl 4(%%rcx)")
GENERAL(compare_number, "cmpl $0x10, 4(%%rcx)")
GENERAL(compare_8, "cmpb $0, 4(%%rcx)")
GENERAL(compare_from, "cmpl 4(%%rcx), %%eax")
GENERAL(compare_to, "cmpl %%eax, 4(%%rcx)")
GENERAL(compare_64, "cmpq %%rax, 8(%%rcx)")
GENERAL(test_number, "testl $0x1000, 4(%%rcx)")
GENERAL(test_8, "testb $1, 4(%%rcx)")
GENERAL(test_register, "testl %%eax, 4(%%rcx)")

#define VECTOR(name, isa, in, code, out)                                       \
	__attribute__((target(isa))) static void name(void *memory,            \
						      struct state *s)         \
	{                                                                      \
		__asm__ volatile(in "\n\t" code "\n\t" out                     \
				 :                                             \
				 : "c"(memory), "d"(s->vector), "a"(s->a)      \
				 : "memory", "xmm0", "xmm1");                  \
	}
#define SSE(name, code)                                                        \
	VECTOR(name, "sse3", "movdqu (%%rdx), %%xmm0", code,                   \
	       "movdqu %%xmm0, (%%rdx)")
#define AVX(name, code)                                                        \
	VECTOR(name, "avx", "vmovdqu (%%rdx), %%ymm0", code,                   \
	       "vmovdqu %%ymm0, (%%rdx)")
#define AVX512(name, code)                                                     \
	VECTOR(name, "avx512f,avx512bw,avx512vl",                              \
	       "vmovdqu64 (%%rdx), %%zmm17\n\tvmovdqu64 (%%rdx), %%zmm0",      \
	       code, "vmovdqu64 %%zmm17, (%%rdx)")

SSE(movups, "movups (%%rcx), %%xmm0")
SSE(movaps, "movaps 16(%%rcx), %%xmm0")
SSE(movdqu, "movdqu 3(%%rcx), %%xmm0")
SSE(movdqa, "movdqa 16(%%rcx), %%xmm0")
SSE(lddqu, "lddqu 1(%%rcx), %%xmm0")
SSE(movss, "movss 4(%%rcx), %%xmm0")
SSE(movsd, "movsd 8(%%rcx), %%xmm0")
SSE(movd, "movd 4(%%rcx), %%xmm0")
SSE(movq, "movq 8(%%rcx), %%xmm0")
SSE(movhps, "movhps 8(%%rcx), %%xmm0")
SSE(movlps, "movlps 8(%%rcx), %%xmm0")
SSE(store_movups, "movups %%xmm0, 4(%%rcx)")
SSE(store_movaps, "movaps %%xmm0, 16(%%rcx)")
SSE(store_movntdq, "movntdq %%xmm0, 16(%%rcx)")
SSE(store_movss, "movss %%xmm0, 4(%%rcx)")
SSE(store_movq, "movq %%xmm0, 8(%%rcx)")
SSE(store_movhps, "movhps %%xmm0, 8(%%rcx)")
SSE(store_movlps, "movlps %%xmm0, 8(%%rcx)")
AVX(avx_keeps, "movups (%%rcx), %%xmm0")
AVX(avx_keeps_half, "movhps (%%rcx), %%xmm0")
AVX(vmovdqu_128, "vmovdqu (%%rcx), %%xmm0")
AVX(vmovdqu_256, "vmovdqu 1(%%rcx), %%ymm0")
AVX(vmovaps_256, "vmovaps 32(%%rcx), %%ymm0")
AVX(vmovd, "vmovd 4(%%rcx), %%xmm0")
AVX(vmovq, "vmovq 8(%%rcx), %%xmm0")
AVX(vmovss, "vmovss 4(%%rcx), %%xmm0")
AVX(after_zeroupper, "vzeroupper\n\tvmovdqu (%%rcx), %%ymm0")
AVX(store_vmovdqu_256, "vmovdqu %%ymm0, 5(%%rcx)")
AVX(store_vmovntdq_256, "vmovntdq %%ymm0, 32(%%rcx)")
AVX512(vmovdqu64_512, "vmovdqu64 64(%%rcx), %%zmm17")
AVX512(vmovdqu8_256, "vmovdqu8 3(%%rcx), %%ymm17")
AVX512(vmovdqu64_128, "vmovdqu64 (%%rcx), %%xmm17")
AVX512(zmm0, "vmovdqu64 64(%%rcx), %%zmm0\n\tvmovdqu64 %%zmm0, %%zmm17")
AVX512(store_512, "vmovdqu64 %%zmm17, 64(%%rcx)")
AVX512(store_256, "vmovdqa64 %%ymm17, 32(%%rcx)")

/* Addresses are told as distances gone. */
#define STRING(name, source, target, code)                                     \
	static void name(void *memory, struct state *s)                        \
	{                                                                      \
		uint64_t from = (uint64_t)(source) + s->from, from_was = from; \
		uint64_t to = (uint64_t)(target) + s->to, to_was = to;         \
		uint64_t a = s->a, count = s->count;                           \
		__asm__ volatile(code "\n\tcld"                                \
				 : "+S"(from), "+D"(to), "+c"(count), "+a"(a)  \
				 :                                             \
				 : "memory", "cc");                            \
		s->a = a;                                                      \
		s->count = count;                                              \
		s->from = from - from_was;                                     \
		s->to = to - to_was;                                           \
	}
#define IN_STRING(name, code) STRING(name, memory, s->memory, code)
#define OUT_STRING(name, code) STRING(name, s->memory, memory, code)

IN_STRING(movsb_in, "rep movsb")
IN_STRING(movsw_in, "rep movsw")
IN_STRING(movsl_in, "rep movsl")
IN_STRING(movsq_in, "rep movsq")
IN_STRING(movsb_once, "movsb")
IN_STRING(movsl_down, "std\n\trep movsl")
IN_STRING(lodsb_in, "lodsb")
IN_STRING(lodsl_in, "rep lodsl")
OUT_STRING(movsb_out, "rep movsb")
OUT_STRING(movsl_out, "rep movsl")
OUT_STRING(stosb_out, "rep stosb")
OUT_STRING(stosl_out, "rep stosl")
OUT_STRING(stosq_out, "rep stosq")
OUT_STRING(stosl_down, "std\n\trep stosl")

enum isa {
	ISA_BASE,
	ISA_AVX,
	ISA_AVX512,
};

#define C(name, isa)                                                           \
	{                                                                      \
		#name, name, isa                                               \
	}
static const struct {
	const char *name;
	instruction *run;
	enum isa isa;
} cases[] = {
	C(load_8, 0), C(load_8_high, 0), C(load_16, 0), C(load_32, 0),
	C(load_64, 0), C(load_unaligned_32, 0), C(load_unaligned_64, 0),
	C(load_r8, 0), C(load_indexed, 0), C(store_8, 0), C(store_8_high, 0),
	C(store_16, 0), C(store_32, 0), C(store_64, 0),
	C(store_unaligned_32, 0), C(store_number_8, 0),
	C(store_number_16, 0), C(store_number_32, 0), C(store_number_64, 0),
	C(store_past_cache, 0), C(extend_8_32, 0), C(extend_16_32, 0),
	C(extend_8_16, 0), C(sign_8_32, 0), C(sign_8_64, 0),
	C(sign_16_32, 0), C(sign_32_64, 0), C(swap, 0), C(swap_8, 0),
	C(add_from, 0), C(add_to, 0), C(add_number, 0), C(add_8, 0),
	C(add_64, 0), C(adc_to, 0), C(sub_from, 0), C(sub_to, 0),
	C(sub_16, 0), C(sbb_to, 0), C(and_to, 0), C(and_from, 0),
	C(or_to, 0), C(or_8, 0), C(xor_to, 0), C(locked_or, 0),
	C(increment, 0), C(increment_64, 0), C(decrement, 0), C(negate, 0),
	C(complement, 0), C(compare_number, 0), C(compare_8, 0),
	C(compare_from, 0), C(compare_to, 0), C(compare_64, 0),
	C(test_number, 0), C(test_8, 0), C(test_register, 0), C(movups, 0),
	C(movaps, 0), C(movdqu, 0), C(movdqa, 0), C(lddqu, 0), C(movss, 0),
	C(movsd, 0), C(movd, 0), C(movq, 0), C(movhps, 0), C(movlps, 0),
	C(store_movups, 0), C(store_movaps, 0), C(store_movntdq, 0),
	C(store_movss, 0), C(store_movq, 0), C(store_movhps, 0),
	C(store_movlps, 0), C(avx_keeps, ISA_AVX),
	C(avx_keeps_half, ISA_AVX), C(vmovdqu_128, ISA_AVX),
	C(vmovdqu_256, ISA_AVX), C(vmovaps_256, ISA_AVX),
	C(vmovd, ISA_AVX), C(vmovq, ISA_AVX), C(vmovss, ISA_AVX),
	C(after_zeroupper, ISA_AVX), C(store_vmovdqu_256, ISA_AVX),
	C(store_vmovntdq_256, ISA_AVX), C(vmovdqu64_512, ISA_AVX512),
	C(vmovdqu8_256, ISA_AVX512), C(vmovdqu64_128, ISA_AVX512),
	C(zmm0, ISA_AVX512), C(store_512, ISA_AVX512),
	C(store_256, ISA_AVX512), C(movsb_in, 0), C(movsw_in, 0),
	C(movsl_in, 0), C(movsq_in, 0), C(movsb_once, 0), C(movsl_down, 0),
	C(lodsb_in, 0), C(lodsl_in, 0), C(movsb_out, 0), C(movsl_out, 0),
	C(stosb_out, 0), C(stosl_out, 0), C(stosq_out, 0), C(stosl_down, 0),
};
#define CASES ((int)(sizeof(cases) / sizeof(*cases)))

/* --- tests ------------------------------------------------------------ */

static void *window;

static void window_open(void)
{
	ck_assert_int_eq(trap_open(NULL, BAR, BYTES, &window), 0);
}

static void window_close(void)
{
	trap_close(window);
}

static int machine_has(enum isa isa)
{
	switch (isa) {
	case ISA_AVX:
		return __builtin_cpu_supports("avx");
	case ISA_AVX512:
		return __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512vl");
	default:
		return 1;
	}
}

/* Values that carry, borrow, overflow and change signs now and then. */
static uint32_t random_word(unsigned int *seed)
{
	static const uint32_t edges[] = { 0, 1, 0x7fffffff, 0x80000000,
					  0xffffffff, 0x10 };
	int number = rand_r(seed);

	if (number % 3 == 0)
		return edges[number / 3 % 6];
	return (uint32_t)number * 2654435761u;
}

static void state_fill(struct state *s, unsigned int *seed)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->a = (uint64_t)random_word(seed) << 32 | random_word(seed);
	s->b = (uint64_t)random_word(seed) << 32 | random_word(seed);
	s->flags = 0x202 | (random_word(seed) & 0x8d5);
	s->from = 64 + 8 * (random_word(seed) % 8);
	s->to = 64 + (random_word(seed) % 8);
	s->count = random_word(seed) % 8;
	for (i = 0; i < sizeof(s->vector); i++)
		s->vector[i] = (unsigned char)(i * 37 + *seed);
	for (i = 0; i < MEMORY; i++)
		s->memory[i] = (unsigned char)(i * 73 + *seed);
}

static void memory_fill(unsigned char *plain, unsigned int seed)
{
	size_t i;

	for (i = 0; i < MEMORY; i += 4) {
		uint32_t word = random_word(&seed);

		memcpy(plain + i, &word, 4);
	}
	memcpy(card, plain, MEMORY);
}

START_TEST(an_instruction_does_what_the_processor_does)
{
	static unsigned char plain[MEMORY] __attribute__((aligned(64)));
	struct state by_processor, by_library;
	unsigned int seed = 1, round, caught = 0;

	if (!machine_has(cases[_i].isa))
		return;
	for (round = 0; round < 40; round++) {
		state_fill(&by_processor, &seed);
		by_library = by_processor;
		memory_fill(plain, seed);
		atomic_store(&accesses, 0);
		cases[_i].run(plain, &by_processor);
		cases[_i].run(window, &by_library);
		ck_assert_msg(!memcmp(card, plain, MEMORY),
			      "%s: memory differs", cases[_i].name);
		/* The adjust flag after logic is undefined. */
		by_library.flags &= ~UINT64_C(0x10);
		by_processor.flags &= ~UINT64_C(0x10);
		ck_assert_msg(!memcmp(&by_processor, &by_library,
				      sizeof(by_library)),
			      "%s: registers differ: a %#llx %#llx flags "
			      "%#llx %#llx",
			      cases[_i].name,
			      (unsigned long long)by_processor.a,
			      (unsigned long long)by_library.a,
			      (unsigned long long)by_processor.flags,
			      (unsigned long long)by_library.flags);
		caught += atomic_load(&accesses);
	}
	ck_assert_uint_ge(caught, 20);
}
END_TEST

START_TEST(memcpy_of_any_size_and_alignment_is_right)
{
	static unsigned char data[9000], back[9000];
	static const size_t sizes[] = { 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33,
					64, 65, 100, 128, 255, 257, 513, 1000,
					2049, 4097, 8192, 9000 };
	size_t i, shift;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 131 + i / 256);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (shift = 0; shift < 5; shift++) {
			char *there = (char *)window + 64 + shift;

			memset(card, 0, BYTES);
			memset(back, 0, sizeof(back));
			memcpy(there, data, sizes[i]);
			ck_assert_mem_eq(card + 64 + shift, data, sizes[i]);
			ck_assert_uint_eq(card[63 + shift], 0);
			ck_assert_uint_eq(card[64 + shift + sizes[i]], 0);
			memcpy(back, there, sizes[i]);
			ck_assert_mem_eq(back, data, sizes[i]);
			memset(there, 0x77, sizes[i]);
			ck_assert_uint_eq(card[64 + shift + sizes[i] - 1],
					  0x77);
			ck_assert_uint_eq(card[64 + shift + sizes[i]], 0);
		}
	}
}
END_TEST

START_TEST(a_load_asks_for_no_byte_too_many)
{
	volatile uint8_t *bytes = window;
	volatile uint32_t *words = window;

	widest = 0;
	(void)bytes[5];
	ck_assert_uint_eq(widest, 8);
	ck_assert_uint_eq(atomic_load(&accesses), 1);
	(void)words[5];
	ck_assert_uint_eq(widest, 32);
	ck_assert_uint_eq(atomic_load(&accesses), 2);
}
END_TEST

START_TEST(a_card_that_doesnt_answer_reads_all_ones)
{
	volatile uint32_t *words = window;

	dead = 1;
	words[1] = 5;
	ck_assert_uint_eq(words[1], 0xffffffff);
	ck_assert_uint_eq(((volatile uint8_t *)window)[1], 0xff);
	dead = 0;
}
END_TEST

#define THREADS 13
#define ROUNDS 2000

static void *count_up(void *opaque)
{
	volatile uint32_t *word = opaque;
	int i;

	for (i = 0; i < ROUNDS; i++)
		*word = *word + 1;
	return NULL;
}

START_TEST(thirteen_threads_go_at_once)
{
	pthread_t threads[THREADS];
	uint32_t value;
	size_t i;

	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, count_up,
						(uint32_t *)window + 16 * i),
				 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		memcpy(&value, card + 64 * i, 4);
		ck_assert_uint_eq(value, ROUNDS);
	}
}
END_TEST

/* --- faults that aren't ours ------------------------------------------ */

static volatile sig_atomic_t seen;
static void *volatile page;

static void other_handler(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	seen += info->si_addr == page;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

START_TEST(a_handler_that_was_there_gets_its_faults)
{
	struct sigaction action = { .sa_sigaction = other_handler,
				    .sa_flags = SA_SIGINFO };

	window_close();
	sigaction(SIGSEGV, &action, NULL);
	window_open();
	page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile int *)page = 3;
	ck_assert_int_eq(seen, 1);
	*(volatile uint32_t *)window = 9;
	ck_assert_uint_eq(card[0], 9);
	ck_assert_int_eq(seen, 1);
	munmap(page, 4096);
}
END_TEST

static int died_by(void (*what)(void), char *text, size_t size)
{
	int pipes[2], status = 0;
	ssize_t length;
	pid_t child;

	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	if (!child) {
		dup2(pipes[1], STDERR_FILENO);
		signal(SIGSEGV, SIG_DFL);
		window_open();
		alarm(10);
		what();
		_exit(0);
	}
	close(pipes[1]);
	length = read(pipes[0], text, size - 1);
	text[length > 0 ? length : 0] = '\0';
	close(pipes[0]);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void unknown(void)
{
	__asm__ volatile("fldl (%0)\n\tfstp %%st(0)" ::"r"(window) : "memory");
}

static void stray(void)
{
	/* Past the instruments of a sanitizer. */
	__asm__ volatile("movl $1, (%0)" ::"r"((uintptr_t)16) : "memory");
}

START_TEST(an_unknown_instruction_is_said_and_ends_the_program)
{
	char text[512];

	ck_assert_int_eq(died_by(unknown, text, sizeof(text)), SIGSEGV);
	ck_assert_msg(strstr(text, "can't be emulated") && strstr(text, " dd "),
		      "%s", text);
}
END_TEST

START_TEST(a_stray_pointer_is_as_fatal_as_ever)
{
	char text[512];

	ck_assert_int_eq(died_by(stray, text, sizeof(text)), SIGSEGV);
	ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loads and stores that are caught");
	TCase *tests = tcase_create("instructions");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, window_open, window_close);
	tcase_add_loop_test(tests, an_instruction_does_what_the_processor_does,
			    0, CASES);
	tcase_add_test(tests, memcpy_of_any_size_and_alignment_is_right);
	tcase_add_test(tests, a_load_asks_for_no_byte_too_many);
	tcase_add_test(tests, a_card_that_doesnt_answer_reads_all_ones);
	tcase_add_test(tests, thirteen_threads_go_at_once);
	tcase_add_test(tests, a_handler_that_was_there_gets_its_faults);
	tcase_add_test(tests,
		       an_unknown_instruction_is_said_and_ends_the_program);
	tcase_add_test(tests, a_stray_pointer_is_as_fatal_as_ever);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
