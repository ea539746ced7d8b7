// SPDX-License-Identifier: GPL-2.0-only
/* Staged images, from BEGIN to INSTALL. */
#include "monitor/images/image_store.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "abi/errors.h"
#include "abi/image.h"
#include "abi/smc.h"
#include "monitor/flash_service.h"
#include "monitor/images/image_check.h"
#include "monitor/images/image_hold.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_os.h"
#include "monitor/images/image_room.h"
#include "monitor/images/slots.h"
#include "monitor/plat.h"
#include "monitor/state/state.h"

#define RANGES_MAX	(IMAGES_MAX + IMAGES_STAGED_MAX + IMAGES_HELD_MAX)

enum progress { WRITING, JUDGING, FINISHED };

struct staged {
	uint32_t handle;		/* 0: not used */
	uint32_t type;			/* SPH_IMAGE_* */
	uint32_t offset;		/* in the flash */
	uint32_t bytes, written;
	enum progress progress;
	struct image_check check;	/* of an app */
	struct image_entry entry;	/* of an app: its place from BEGIN on, the rest when FINISHED */
};

static const struct cfi_flash *flash;
static const struct boot_info *boot;
static struct staged staged[IMAGES_STAGED_MAX];
static uint32_t last_handle;
static uint32_t search_from;

void image_store_init(const struct cfi_flash *the_flash, const struct boot_info *the_boot)
{
	flash = the_flash;
	boot = the_boot;
	memset(staged, 0, sizeof(staged));
	last_handle = 0;
	search_from = state_now()->images.next_sector;
	image_hold_init();
}

static struct staged *find_handle(uint32_t handle)
{
	for (uint32_t i = 0; handle && i < IMAGES_STAGED_MAX; i++) {
		if (staged[i].handle == handle)
			return &staged[i];
	}
	return NULL;
}

static struct staged *find_unused(void)
{
	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++) {
		if (!staged[i].handle)
			return &staged[i];
	}
	return NULL;
}

static bool is_os_staged(void)
{
	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++) {
		if (staged[i].handle && staged[i].type == SPH_IMAGE_OS)
			return true;
	}
	return false;
}

static void forget(struct staged *image)
{
	memset(image, 0, sizeof(*image));
}

static int32_t refuse(struct smc_results *results, int error)
{
	results->r1 = (uint32_t)error;
	return SPH_SMC_E_REFUSED;
}

/* ---- Room ---------------------------------------------------------------- */

/* What is installed, staged or mounted. */
static struct image_room find_used(struct image_range used[RANGES_MAX])
{
	const struct image_table *table = &state_now()->images;

	for (uint32_t i = 0; i < IMAGES_MAX; i++)
		used[i] = (struct image_range){ table->entries[i].sector,
						table->entries[i].sectors };
	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++)
		used[IMAGES_MAX + i] = (struct image_range){ staged[i].entry.sector,
							     staged[i].entry.sectors };
	image_hold_list(used + IMAGES_MAX + IMAGES_STAGED_MAX);
	return (struct image_room){ image_partition()->bytes / plat.flash_sector_bytes,
				    search_from, used, RANGES_MAX };
}

static int32_t place_app(struct staged *image)
{
	struct image_range used[RANGES_MAX];
	const struct image_room room = find_used(used);
	const uint32_t sectors = (image->bytes - 1) / plat.flash_sector_bytes + 1;
	uint32_t sector = 0;

	if (!image_room_find(&room, sectors, &sector))
		return SPH_SMC_E_NO_SPACE;
	image->entry.sector = sector;
	image->entry.sectors = sectors;
	image->offset = image_partition()->offset + sector * plat.flash_sector_bytes;
	search_from = (sector + sectors) % room.sector_count;
	return SPH_SMC_OK;
}

/* An OS that waits to be tried there is given up now: it will be only half there. */
static int32_t place_os(struct staged *image)
{
	if (is_os_staged() || slots_is_on_trial(boot->slot))
		return SPH_SMC_E_BUSY;
	if (image->bytes > plat.slot_bytes)
		return SPH_SMC_E_NO_SPACE;
	image->offset = plat.slot[slots_other(boot->slot)].offset;
	return slots_end_trial() ? SPH_SMC_E_IO : SPH_SMC_OK;
}

int32_t image_begin(const struct smc_args *args, struct smc_results *results)
{
	struct staged new = { .type = args->r1, .bytes = args->r2 };
	struct staged *image = find_unused();
	int32_t status = SPH_SMC_E_INVALID;

	if ((new.type != SPH_IMAGE_APP && new.type != SPH_IMAGE_OS) || !new.bytes ||
	    new.bytes % CFI_UNIT_BYTES)
		return SPH_SMC_E_INVALID;
	if (!image || last_handle == UINT32_MAX)
		return SPH_SMC_E_BUSY;
	status = new.type == SPH_IMAGE_APP ? place_app(&new) : place_os(&new);
	if (status)
		return status;
	new.handle = ++last_handle;
	*image = new;
	results->r1 = new.handle;
	return SPH_SMC_OK;
}

int32_t image_space(const struct smc_args *args, struct smc_results *results)
{
	struct image_range used[RANGES_MAX];
	const struct image_room room = find_used(used);
	uint32_t free, row;

	(void)args;
	image_room_count(&room, &free, &row);
	results->r1 = image_count();
	results->r2 = free * plat.flash_sector_bytes;
	results->r3 = row * plat.flash_sector_bytes;
	return SPH_SMC_OK;
}

/* ---- Data ---------------------------------------------------------------- */

int32_t image_write(const struct smc_args *args, struct smc_results *results)
{
	struct staged *image = find_handle(args->r1);
	const uint32_t bytes = args->r4;
	int32_t status = SPH_SMC_E_ABSENT;

	(void)results;
	if (!image)
		return SPH_SMC_E_ABSENT;
	if (args->r2 != image->written || bytes > image->bytes - image->written)
		return SPH_SMC_E_INVALID;
	status = flash_service_append(image->offset + image->written, args->r3, bytes);
	if (!status)
		image->written += bytes;
	return status;
}

/* ---- Judgement ----------------------------------------------------------- */

/* An OS ends at erased flash, also where it ends with a sector. */
static int32_t erase_behind(const struct staged *image)
{
	const uint32_t end = (image->bytes - 1) / IMAGE_ALIGN_BYTES * IMAGE_ALIGN_BYTES +
			     IMAGE_ALIGN_BYTES;

	if (image->type != SPH_IMAGE_OS || end >= plat.slot_bytes || end % plat.flash_sector_bytes)
		return SPH_SMC_OK;
	return cfi_erase(flash, image->offset + end);
}

static int judge_begin(struct staged *image)
{
	image->progress = JUDGING;
	if (image->type == SPH_IMAGE_OS)
		return image_os_begin(slots_other(boot->slot), boot->ram_bytes);
	return image_check_begin(&image->check, flash->base + image->offset, image->bytes);
}

static bool is_second_of_component(const struct staged *image)
{
	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++) {
		const struct staged *other = &staged[i];

		if (other != image && other->type == SPH_IMAGE_APP && other->progress == FINISHED &&
		    !memcmp(other->entry.component_id, image->entry.component_id,
			    sizeof(other->entry.component_id)))
			return true;
	}
	return false;
}

static int judge_app(struct staged *image)
{
	const int error = image_check_step(&image->check, &image->entry);

	if (error)
		return error;
	if (is_second_of_component(image))
		return E_MONITOR_IMAGE_TWICE;
	return image_list_check(&image->entry);
}

/* An app's manifest is there to be read before the app is installed. */
static int32_t say_where(const struct staged *image, struct smc_results *results)
{
	if (image->type == SPH_IMAGE_APP)
		results->r1 = image->offset - image_partition()->offset;
	return SPH_SMC_OK;
}

int32_t image_finish(const struct smc_args *args, struct smc_results *results)
{
	struct staged *image = find_handle(args->r1);
	int error;

	if (!image)
		return SPH_SMC_E_ABSENT;
	if (image->written < image->bytes)
		return SPH_SMC_E_INVALID;
	if (image->progress == FINISHED)
		return say_where(image, results);
	if (image->progress == WRITING) {
		if (erase_behind(image))
			return SPH_SMC_E_IO;
		error = judge_begin(image);
		if (!error)
			return SPH_SMC_E_AGAIN;
	} else {
		error = image->type == SPH_IMAGE_OS ? image_os_step() : judge_app(image);
	}
	if (error == SPH_SMC_E_AGAIN)
		return SPH_SMC_E_AGAIN;
	if (error) {
		forget(image);
		return refuse(results, error);
	}
	image->progress = FINISHED;
	return say_where(image, results);
}

int32_t image_abort(const struct smc_args *args, struct smc_results *results)
{
	struct staged *image = find_handle(args->r1);

	(void)results;
	if (!args->r1)
		memset(staged, 0, sizeof(staged));
	else if (!image)
		return SPH_SMC_E_ABSENT;
	else
		forget(image);
	return SPH_SMC_OK;
}

/* ---- Installation -------------------------------------------------------- */

/* 0 when all that is staged is finished, and something is. */
static int32_t check_all_finished(void)
{
	int32_t status = SPH_SMC_E_ABSENT;

	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++) {
		if (!staged[i].handle)
			continue;
		if (staged[i].progress != FINISHED)
			return SPH_SMC_E_BUSY;
		status = SPH_SMC_OK;
	}
	return status;
}

int32_t image_install(const struct smc_args *args, struct smc_results *results)
{
	struct state *draft = state_draft();
	int32_t status = check_all_finished();
	int error = 0;

	(void)args;
	for (uint32_t i = 0; !status && i < IMAGES_STAGED_MAX; i++) {
		if (!staged[i].handle)
			continue;
		error = staged[i].type == SPH_IMAGE_OS ?
				image_os_put(draft, boot->slot) :
				image_list_put(draft, &staged[i].entry);
		if (error)
			status = error < 0 ? error : refuse(results, error);
	}
	if (status)
		return status;
	draft->images.next_sector = search_from;
	if (state_commit())
		return SPH_SMC_E_IO;
	memset(staged, 0, sizeof(staged));
	return SPH_SMC_OK;
}
