/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See instruction.h.  Instructions of general registers; vectors.c and
 * strings.c have the others. */
#include "plxapi/instruction.h"

#include <string.h>
#include <unistd.h>

#include "plxapi/arithmetic.h"
#include "plxapi/decoded.h"
#include "plxapi/registers.h"

static ZydisDecoder decoder;

void instruction_prepare(void)
{
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
	registers_prepare();
}

/* --- operands --------------------------------------------------------- */

static uint64_t address_of(const struct decoded *in,
			   const ZydisDecodedOperandMem *mem)
{
	uint64_t address = (uint64_t)mem->disp.value;

	if (mem->base == ZYDIS_REGISTER_RIP)
		address += (uint64_t)in->context->uc_mcontext.gregs[REG_RIP] +
			   in->instruction.length;
	else
		address += register_get(in->context, mem->base);
	return address + register_get(in->context, mem->index) * mem->scale;
}

static uint64_t operand_get(const struct decoded *in,
			    const ZydisDecodedOperand *operand)
{
	uint64_t value = 0;

	switch (operand->type) {
	case ZYDIS_OPERAND_TYPE_REGISTER:
		return register_get(in->context, operand->reg.value);
	case ZYDIS_OPERAND_TYPE_MEMORY:
		access_load(&in->window, in->offset, &value, in->bytes);
		return value;
	default:
		return operand->imm.value.u;
	}
}

static void operand_set(const struct decoded *in,
			const ZydisDecodedOperand *operand, uint64_t value)
{
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
		access_store(&in->window, in->offset, &value, in->bytes);
	else
		register_set(in->context, operand->reg.value, value);
}

/* Finds the operand in memory; it is to lie in a window with all its bytes. */
static int memory_find(struct decoded *in)
{
	unsigned int i;

	for (i = 0; i < in->instruction.operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &in->operands[i];
		uint64_t address;

		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY)
			continue;
		if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM ||
		    operand->mem.segment == ZYDIS_REGISTER_FS ||
		    operand->mem.segment == ZYDIS_REGISTER_GS ||
		    in->instruction.address_width != 64)
			return -1;
		address = address_of(in, &operand->mem);
		in->bytes = operand->size / 8;
		if (!trap_find(address, in->bytes, &in->window))
			return -1;
		in->offset = address - in->window.base;
		return 0;
	}
	return -1;
}

/* --- instructions ----------------------------------------------------- */

static uint64_t sign_extend(uint64_t value, unsigned int bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);

	return (value ^ sign) - sign;
}

static int arithmetic(const struct decoded *in, enum arithmetic op, int keep)
{
	const ZydisDecodedOperand *to = &in->operands[0];
	uint64_t flags = (uint64_t)in->context->uc_mcontext.gregs[REG_EFL];
	uint64_t a = operand_get(in, to), b = 0;

	if (in->instruction.operand_count_visible > 1)
		b = operand_get(in, &in->operands[1]);
	a = arithmetic_do(op, a, b, to->size, &flags);
	if (keep)
		operand_set(in, to, a);
	in->context->uc_mcontext.gregs[REG_EFL] = (greg_t)flags;
	return 0;
}

static int move(const struct decoded *in)
{
	operand_set(in, &in->operands[0],
		    operand_get(in, &in->operands[1]));
	return 0;
}

static int move_signed(const struct decoded *in)
{
	uint64_t value = operand_get(in, &in->operands[1]);

	operand_set(in, &in->operands[0],
		    sign_extend(value, in->operands[1].size));
	return 0;
}

static int exchange(const struct decoded *in)
{
	uint64_t a = operand_get(in, &in->operands[0]);
	uint64_t b = operand_get(in, &in->operands[1]);

	operand_set(in, &in->operands[0], b);
	operand_set(in, &in->operands[1], a);
	return 0;
}

static int general_do(const struct decoded *in)
{
	switch (in->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_MOVZX:
	case ZYDIS_MNEMONIC_MOVNTI:
		return move(in);
	case ZYDIS_MNEMONIC_MOVSX:
	case ZYDIS_MNEMONIC_MOVSXD:
		return move_signed(in);
	case ZYDIS_MNEMONIC_XCHG:
		return exchange(in);
	case ZYDIS_MNEMONIC_ADD:
		return arithmetic(in, ARITHMETIC_ADD, 1);
	case ZYDIS_MNEMONIC_ADC:
		return arithmetic(in, ARITHMETIC_ADC, 1);
	case ZYDIS_MNEMONIC_SUB:
		return arithmetic(in, ARITHMETIC_SUB, 1);
	case ZYDIS_MNEMONIC_SBB:
		return arithmetic(in, ARITHMETIC_SBB, 1);
	case ZYDIS_MNEMONIC_AND:
		return arithmetic(in, ARITHMETIC_AND, 1);
	case ZYDIS_MNEMONIC_OR:
		return arithmetic(in, ARITHMETIC_OR, 1);
	case ZYDIS_MNEMONIC_XOR:
		return arithmetic(in, ARITHMETIC_XOR, 1);
	case ZYDIS_MNEMONIC_INC:
		return arithmetic(in, ARITHMETIC_INC, 1);
	case ZYDIS_MNEMONIC_DEC:
		return arithmetic(in, ARITHMETIC_DEC, 1);
	case ZYDIS_MNEMONIC_NEG:
		return arithmetic(in, ARITHMETIC_NEG, 1);
	case ZYDIS_MNEMONIC_NOT:
		return arithmetic(in, ARITHMETIC_NOT, 1);
	case ZYDIS_MNEMONIC_CMP:
		return arithmetic(in, ARITHMETIC_SUB, 0);
	case ZYDIS_MNEMONIC_TEST:
		return arithmetic(in, ARITHMETIC_AND, 0);
	default:
		return -1;
	}
}

static int touches_vectors(const struct decoded *in)
{
	unsigned int i;

	for (i = 0; i < in->instruction.operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &in->operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    ZydisRegisterGetClass(operand->reg.value) >
			    ZYDIS_REGCLASS_GPR64)
			return 1;
	}
	return 0;
}

/* Code may end at the end of a mapped page. */
static int decode(struct decoded *in)
{
	const unsigned char *code =
		(const unsigned char *)in->context->uc_mcontext.gregs[REG_RIP];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t here = page - ((uintptr_t)code & (page - 1));
	ZyanStatus status = ZYDIS_STATUS_NO_MORE_DATA;

	if (here < ZYDIS_MAX_INSTRUCTION_LENGTH)
		status = ZydisDecoderDecodeFull(&decoder, code, here,
						&in->instruction, in->operands);
	if (status == ZYDIS_STATUS_NO_MORE_DATA)
		status = ZydisDecoderDecodeFull(&decoder, code,
						ZYDIS_MAX_INSTRUCTION_LENGTH,
						&in->instruction, in->operands);
	return ZYAN_SUCCESS(status) ? 0 : -1;
}

int instruction_do(ucontext_t *context)
{
	struct decoded in = { .context = context };

	if (decode(&in))
		return -1;
	if (in.instruction.meta.category == ZYDIS_CATEGORY_STRINGOP)
		return string_do(&in);
	if (memory_find(&in))
		return -1;
	if (touches_vectors(&in) ? vector_do(&in) : general_do(&in))
		return -1;
	context->uc_mcontext.gregs[REG_RIP] += in.instruction.length;
	return 0;
}
