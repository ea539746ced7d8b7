// SPDX-License-Identifier: GPL-2.0-only
/* Commands for two x16 CFI chips that share each 32-bit word of the bus. */
#include "cfi.h"

#include <stdbool.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "cpu.h"
#include "io.h"
#include "plat.h"

/* The same to both chips. */
#define BOTH(x)			((uint32_t)(x) << 16 | (uint32_t)(x))

#define CMD_READ_ARRAY		BOTH(0xff)
#define CMD_READ_QUERY		BOTH(0x98)
#define CMD_CLEAR_STATUS	BOTH(0x50)
#define CMD_ERASE		BOTH(0x20)
#define CMD_CONFIRM		BOTH(0xd0)
#define CMD_BUFFERED_PROGRAM	BOTH(0xe8)

#define STATUS_READY		BOTH(0x80)
/* Erase or sequence, program, programming voltage, sector locked. */
#define STATUS_ERRORS		BOTH(0x3a)

/* JESD68.01, table 1 and the geometry table; addresses count 16-bit words of one chip. */
#define QUERY_ADDRESS		0x55
#define QUERY_STRING		0x10	/* "QRY" */
#define QUERY_COMMAND_SET	0x13
#define QUERY_SIZE_LOG2		0x27
#define QUERY_BUFFER_LOG2	0x2a
#define QUERY_REGIONS		0x2c
#define QUERY_REGION_SECTORS	0x2d	/* minus 1, 16 bits */
#define QUERY_REGION_SIZE	0x2f	/* in units of 256 bytes, 16 bits */
#define COMMAND_SET_INTEL	0x0001

/* Intel P30 data sheet, AC characteristics: 4 s for a sector, 4 ms for a buffer; with margin. */
#define ERASE_MAX_MS		5000
#define PROGRAM_MAX_MS		50

#define CHIPS			2

static uint32_t query_byte(uint32_t base, uint32_t word)
{
	return io_read32(base + word * CFI_UNIT_BYTES) & 0xff;
}

static uint32_t query_half(uint32_t base, uint32_t word)
{
	return query_byte(base, word) | query_byte(base, word + 1) << 8;
}

/* The one place where a word shows whether both chips are there and answer alike. */
static bool query_answers(uint32_t base)
{
	static const char qry[] = "QRY";

	for (uint32_t i = 0; i < sizeof(qry) - 1; i++) {
		if (io_read32(base + (QUERY_STRING + i) * CFI_UNIT_BYTES) !=
		    BOTH(qry[i]))
			return false;
	}
	return true;
}

static int query_geometry(struct cfi_flash *flash, uint32_t base)
{
	const uint32_t size_log2 = query_byte(base, QUERY_SIZE_LOG2);
	const uint32_t buffer_log2 = query_byte(base, QUERY_BUFFER_LOG2);
	const uint32_t sectors = query_half(base, QUERY_REGION_SECTORS) + 1;
	const uint32_t sector_bytes = query_half(base, QUERY_REGION_SIZE) * 256;

	if (query_half(base, QUERY_COMMAND_SET) != COMMAND_SET_INTEL ||
	    query_byte(base, QUERY_REGIONS) != 1)
		return E_MONITOR_FLASH_GEOMETRY;
	/* Each bound keeps a shift or product below in 32 bits. */
	if (size_log2 > 30 || sector_bytes == 0 || buffer_log2 < 2 ||
	    buffer_log2 > 16 ||
	    (uint64_t)sectors * sector_bytes != 1u << size_log2)
		return E_MONITOR_FLASH_GEOMETRY;

	*flash = (struct cfi_flash){
		.base = base,
		.bytes = CHIPS << size_log2,
		.sector_bytes = CHIPS * sector_bytes,
		.buffer_bytes = CHIPS << buffer_log2,
	};
	return 0;
}

static void leave_to_array(uint32_t base)
{
	io_write32(base, CMD_CLEAR_STATUS);
	io_write32(base, CMD_READ_ARRAY);
	cpu_barrier();
}

int cfi_probe(struct cfi_flash *flash, uint32_t base)
{
	int error = E_MONITOR_FLASH_ABSENT;

	io_write32(base + QUERY_ADDRESS * CFI_UNIT_BYTES, CMD_READ_QUERY);
	if (query_answers(base))
		error = query_geometry(flash, base);
	leave_to_array(base);
	return error;
}

/* Both chips run by themselves: ready means both. */
static int32_t wait_ready(uint32_t address, uint32_t limit_ms)
{
	const uint32_t limit = limit_ms * (plat.timer_hz / 1000);
	const uint32_t start = cpu_ticks();

	do {
		const uint32_t status = io_read32(address);

		if ((status & STATUS_READY) == STATUS_READY)
			return status & STATUS_ERRORS ? SPH_SMC_E_IO :
							SPH_SMC_OK;
	} while (cpu_ticks() - start <= limit);
	return SPH_SMC_E_IO;
}

int32_t cfi_erase(const struct cfi_flash *flash, uint32_t offset)
{
	const uint32_t address = flash->base + offset;
	int32_t status = SPH_SMC_E_IO;

	io_write32(address, CMD_CLEAR_STATUS);
	io_write32(address, CMD_ERASE);
	io_write32(address, CMD_CONFIRM);
	status = wait_ready(address, ERASE_MAX_MS);
	leave_to_array(flash->base);
	return status;
}

/* `words` lie in one write buffer. */
static int32_t program_buffer(uint32_t address, const uint32_t *data,
			      uint32_t words)
{
	int32_t status = SPH_SMC_E_IO;

	io_write32(address, CMD_CLEAR_STATUS);
	io_write32(address, CMD_BUFFERED_PROGRAM);
	status = wait_ready(address, PROGRAM_MAX_MS);
	if (status)
		return status;
	io_write32(address, BOTH(words - 1));
	for (uint32_t i = 0; i < words; i++)
		io_write32(address + i * CFI_UNIT_BYTES, data[i]);
	io_write32(address, CMD_CONFIRM);
	return wait_ready(address, PROGRAM_MAX_MS);
}

static bool only_clears_bits(uint32_t address, const uint32_t *data,
			     uint32_t words)
{
	uint32_t sets = 0;

	for (uint32_t i = 0; i < words; i++)
		sets |= data[i] & ~io_read32(address + i * CFI_UNIT_BYTES);
	return sets == 0;
}

static bool reads_back(uint32_t address, const uint32_t *data, uint32_t words)
{
	uint32_t differs = 0;

	for (uint32_t i = 0; i < words; i++)
		differs |= data[i] ^ io_read32(address + i * CFI_UNIT_BYTES);
	return differs == 0;
}

int32_t cfi_program(const struct cfi_flash *flash, uint32_t offset,
		    const uint32_t *data, uint32_t bytes)
{
	const uint32_t address = flash->base + offset;
	const uint32_t words = bytes / CFI_UNIT_BYTES;
	int32_t status = SPH_SMC_OK;

	if (!only_clears_bits(address, data, words))
		return SPH_SMC_E_IO;
	for (uint32_t done = 0; done < words && status == SPH_SMC_OK;) {
		const uint32_t at = offset + done * CFI_UNIT_BYTES;
		uint32_t n = (flash->buffer_bytes - at % flash->buffer_bytes) /
			     CFI_UNIT_BYTES;

		if (n > words - done)
			n = words - done;
		status = program_buffer(flash->base + at, data + done, n);
		done += n;
	}
	leave_to_array(flash->base);
	if (status == SPH_SMC_OK && !reads_back(address, data, words))
		status = SPH_SMC_E_IO;
	return status;
}
