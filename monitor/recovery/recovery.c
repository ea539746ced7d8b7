// SPDX-License-Identifier: GPL-2.0-only
/* From the events of a transfer to a slot that is verified. */
#include "monitor/recovery/recovery.h"

#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/smc.h"
#include "monitor/images/slots.h"
#include "monitor/log.h"
#include "monitor/plat.h"
#include "monitor/recovery/ymodem.h"
#include "monitor/state/state.h"

/* Where the next byte of the file goes. */
struct sink {
	const struct cfi_flash *flash;
	uint32_t slot;
	uint32_t at;			/* in the slot: everything before it is written */
	int error;			/* E_MONITOR_* that ended the transfer */
};

static struct ymodem transfer;

static uint32_t choose_target(void)
{
	const struct slot_state *slots = &state_now()->slots;

	return slots->is_set ? slots_other(slots->confirmed) : SPH_SLOT_A;
}

static void send(const struct ymodem_action *action)
{
	for (uint32_t i = 0; i < action->send_bytes; i++)
		plat_console_putc((char)action->send[i]);
}

/* ---- The flash ----------------------------------------------------------- */

static int erase_sector(const struct sink *sink, uint32_t at)
{
	if (at >= plat.slot_bytes)
		return E_MONITOR_RECOVERY_LENGTH;
	return cfi_erase(sink->flash, plat.slot[sink->slot].offset + at) ?
		       E_MONITOR_RECOVERY_WRITE : 0;
}

/* What is behind the file would be what was in the slot before. */
static int erase_rest(const struct sink *sink)
{
	const uint32_t sector = plat.flash_sector_bytes;
	uint32_t at = (sink->at + sector - 1) / sector * sector;
	int error = 0;

	for (; !error && at < plat.slot_bytes; at += sector)
		error = erase_sector(sink, at);
	return error;
}

/* All blocks but the last are whole words, and none goes over the end of a sector. */
static int write_block(struct sink *sink, const uint8_t *bytes, uint32_t count)
{
	static uint32_t words[YMODEM_BLOCK_MAX / sizeof(uint32_t)];
	const uint32_t padded = (count + CFI_UNIT_BYTES - 1) / CFI_UNIT_BYTES * CFI_UNIT_BYTES;
	const uint32_t before_end = plat.flash_sector_bytes - sink->at % plat.flash_sector_bytes;
	int error = 0;

	if (padded > before_end || sink->at >= plat.slot_bytes ||
	    padded > plat.slot_bytes - sink->at)
		return E_MONITOR_RECOVERY_LENGTH;
	if (sink->at % plat.flash_sector_bytes == 0)
		error = erase_sector(sink, sink->at);
	if (error)
		return error;
	memset(words, 0xff, sizeof(words));
	memcpy(words, bytes, count);
	if (cfi_program(sink->flash, plat.slot[sink->slot].offset + sink->at, words, padded))
		return E_MONITOR_RECOVERY_WRITE;
	sink->at += padded;
	return 0;
}

/* ---- The transfer -------------------------------------------------------- */

static int check_length(uint32_t file_bytes)
{
	return file_bytes && file_bytes <= plat.slot_bytes ? 0 : E_MONITOR_RECOVERY_LENGTH;
}

static const char *reason_of(int error)
{
	return error == E_MONITOR_RECOVERY_LENGTH ? "the file is empty or longer than a slot" :
						    "the flash could not be written";
}

/* The answer to the sender comes after the work, so that it does not send meanwhile. */
static void obey(struct sink *sink, struct ymodem_action *action)
{
	int error = 0;

	if (action->event == YMODEM_BEGIN)
		error = check_length(transfer.file_bytes);
	else if (action->event == YMODEM_BLOCK)
		error = write_block(sink, transfer.block, transfer.block_bytes);
	if (error) {
		sink->error = error;
		ymodem_cancel(&transfer, reason_of(error), action);
	}
	send(action);
}

/* Until it is over: YMODEM_DONE, YMODEM_FAILED or YMODEM_NOBODY. */
static enum ymodem_event receive(struct sink *sink)
{
	struct ymodem_action action;

	ymodem_begin(&transfer);
	do {
		const int byte = plat_console_getc(ymodem_timeout_ms(&transfer));

		if (byte < 0)
			ymodem_silence(&transfer, &action);
		else
			ymodem_byte(&transfer, (uint8_t)byte, &action);
		obey(sink, &action);
	} while (action.event < YMODEM_DONE);
	/* The line is full of 'C'. */
	plat_console_putc('\r');
	plat_console_putc('\n');
	return action.event;
}

/* ---- What was received --------------------------------------------------- */

/* Both times, as a skipped instruction must not be enough: see main.c. */
static bool is_proved(const struct boot_verified *verified)
{
	return !boot_verify_doubt(verified) && !boot_verify_doubt(verified);
}

/* Returns when it was refused. */
static void judge(const struct sink *sink, uint32_t ram_bytes, struct boot_verified *verified)
{
	int error = erase_rest(sink);

	if (error) {
		log_error((unsigned int)error, "recovery: %s", reason_of(error));
		return;
	}
	error = boot_verify_slot(sink->slot, ram_bytes, verified);
	if (error) {
		log_error((unsigned int)error, "recovery: refused: %s", verified->reason);
		return;
	}
	if (!is_proved(verified))
		return;
	error = slots_recover(sink->slot);
	if (error) {
		log_error((unsigned int)error, "recovery: the slot cannot be remembered");
		return;
	}
	log_info("recovery: OS %s, restarting", verified->manifest.os_version);
	plat_reset(SPH_RESET_RECOVERED);
}

void recovery_run(const struct cfi_flash *flash, uint32_t ram_bytes, struct boot_verified *verified)
{
	for (;;) {
		struct sink sink = { .flash = flash, .slot = choose_target() };
		enum ymodem_event end;

		log_error(E_MONITOR_RECOVERY, "recovery: send an OS image by YMODEM");
		end = receive(&sink);
		if (end == YMODEM_NOBODY)
			return;
		if (end == YMODEM_DONE)
			judge(&sink, ram_bytes, verified);
		else
			log_error(sink.error ? (unsigned int)sink.error : E_MONITOR_RECOVERY_TRANSFER,
				  "recovery: %s", transfer.reason);
	}
}
