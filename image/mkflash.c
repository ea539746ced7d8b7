// SPDX-License-Identifier: Apache-2.0
/*
 * mkflash: puts what was built where the board's flash map wants it.
 *
 * The file of a flash bank is made when it is not there.  When it is, only the boot record, the
 * trust store, the chosen slot and the apps are written: what the device keeps in its storage, and the other slot,
 * stay as they are.  An area that no option names a file for is erased.  A storage in which nothing
 * was ever written gets the file of --storage, an empty filesystem.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "abi/boot.h"
#include "flash_map.h"
#include "abi/image.h"
#include "abi/smc.h"

#define ERASED		0xff
#define INPUTS_MAX	64
#define PAGE		IMAGE_ALIGN_BYTES

/* Where the options put their files.  An area is erased, then filled from its start. */
struct area {
	const char *name;
	uint32_t offset;	/* in the bank; of a slot: in the slot */
	uint32_t bytes;
	uint32_t stride;	/* distance of files, or 0: each behind the last */
	uint32_t align;		/* where one may begin then */
	const char *files[INPUTS_MAX];
	size_t file_count;
};

enum { DTB, MANIFEST, KERNEL, SYSTEM, SLOT_AREA_COUNT, TRUST = SLOT_AREA_COUNT, APPS, AREA_COUNT };

static struct area areas[AREA_COUNT] = {
	[DTB] = { "device trees", SLOT_DTB, SLOT_DTB_BYTES, SLOT_DTB_STRIDE, PAGE, { NULL }, 0 },
	[MANIFEST] = { "boot manifest", SLOT_MANIFEST, SLOT_MANIFEST_BYTES, 0, PAGE, { NULL }, 0 },
	[KERNEL] = { "kernel", SLOT_KERNEL, SLOT_KERNEL_BYTES, 0, PAGE, { NULL }, 0 },
	[SYSTEM] = { "system", SLOT_SYSTEM, SLOT_SYSTEM_BYTES, 0, PAGE, { NULL }, 0 },
	[TRUST] = { "trust store", FLASH_TRUST, FLASH_SECTOR_BYTES, 0, PAGE, { NULL }, 0 },
	[APPS] = { "apps", FLASH_APPS, FLASH_APPS_BYTES, 0, FLASH_SECTOR_BYTES, { NULL }, 0 },
};

static const uint32_t slot_offsets[SPH_SLOT_COUNT] = { FLASH_SLOT_A, FLASH_SLOT_B };

static const char usage[] =
	"usage: mkflash -o FLASH1 [--slot a|b] [--trust FILE] [--manifest FILE] [--dtb FILE]...\n"
	"               [--kernel FILE] [--system FILE]... [--app FILE]... [--storage FILE]\n"
	"       mkflash -o FLASH0 --monitor FILE\n"
	"\n"
	"Writes a bank of the board's flash. --slot chooses the slot to write and to start.\n"
	"Device trees go one to each stride, in the order of RAM_SIZES_KIB; images of the system behind\n"
	"each other, each app at the start of an erase sector.\n"
	"The manifest is that of \"sph os sign\" for the same files; without it the slot does not start.\n"
	"The trust store is that of \"sph trust sign\"; without it no slot starts on a new device.\n"
	"A storage that is not erased stays as it is.\n";

static _Noreturn __attribute__((format(printf, 1, 2))) void die(const char *format, ...)
{
	va_list args;

	fputs("mkflash: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static uint32_t min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void write_at(int fd, uint32_t offset, const void *data, size_t bytes)
{
	if (pwrite(fd, data, bytes, offset) != (ssize_t)bytes)
		die("writing the bank: %s", strerror(errno));
}

static void erase(int fd, uint32_t offset, uint32_t bytes)
{
	static uint8_t sector[FLASH_SECTOR_BYTES];

	memset(sector, ERASED, sizeof(sector));
	for (uint32_t done = 0; done < bytes; done += FLASH_SECTOR_BYTES)
		write_at(fd, offset + done, sector, min(bytes - done, FLASH_SECTOR_BYTES));
}

static int open_bank(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || fstat(fd, &status) < 0)
		die("%s: %s", path, strerror(errno));
	if (status.st_size != FLASH_BYTES) {
		if (ftruncate(fd, 0) < 0)
			die("%s: %s", path, strerror(errno));
		erase(fd, 0, FLASH_BYTES);
	}
	return fd;
}

/* The caller frees the result. */
static uint8_t *read_file(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	uint8_t *data;

	if (!file || fstat(fileno(file), &status) < 0)
		die("%s: %s", path, strerror(errno));
	*bytes = (size_t)status.st_size;
	data = malloc(*bytes ? *bytes : 1);
	if (!data || fread(data, 1, *bytes, file) != *bytes)
		die("%s: cannot be read", path);
	fclose(file);
	return data;
}

/* Returns the offset behind the file. */
static uint32_t write_file(int fd, const char *path, const struct area *area, uint32_t offset,
			   uint32_t room)
{
	size_t bytes;
	uint8_t *data = read_file(path, &bytes);

	if (bytes > room)
		die("%s: %zu bytes, but the area \"%s\" of the flash has room for %lu", path, bytes,
		    area->name, (unsigned long)room);
	write_at(fd, offset, data, bytes);
	free(data);
	return offset + (uint32_t)bytes;
}

static uint32_t align_up(uint32_t offset, uint32_t align)
{
	return (offset + align - 1) / align * align;
}

static void write_area(int fd, const struct area *area, uint32_t base)
{
	uint32_t start = base + area->offset, end = start + area->bytes, offset = start;

	erase(fd, start, area->bytes);
	for (size_t i = 0; i < area->file_count; i++) {
		uint32_t room = area->stride ? area->stride : end - offset;

		if (area->stride)
			offset = start + (uint32_t)i * area->stride;
		if (offset >= end)
			die("%s: no room left in the area \"%s\"", area->files[i], area->name);
		offset = align_up(write_file(fd, area->files[i], area, offset, room), area->align);
	}
}

/* Written as the host has it: both the device and every host that we build on are little-endian. */
static void write_boot_record(int fd, uint32_t slot)
{
	struct boot_record record = {
		.magic = BOOT_RECORD_MAGIC,
		.version = BOOT_RECORD_VERSION,
		.sequence = 1,
		.active_slot = slot,
	};

	record.crc32 = (uint32_t)crc32(0, (const Bytef *)&record,
				       offsetof(struct boot_record, crc32));
	for (uint32_t copy = 0; copy < BOOT_RECORD_COPIES; copy++) {
		uint32_t offset = FLASH_BOOT + copy * FLASH_SECTOR_BYTES;

		erase(fd, offset, FLASH_SECTOR_BYTES);
		write_at(fd, offset, &record, sizeof(record));
	}
}

static void write_monitor(int fd, const char *path)
{
	static const struct area bank = { .name = "flash 0" };

	erase(fd, 0, FLASH_BYTES);
	write_file(fd, path, &bank, 0, FLASH_BYTES);
}

static bool is_erased(int fd, uint32_t offset, uint32_t bytes)
{
	static uint8_t sector[FLASH_SECTOR_BYTES];

	for (uint32_t done = 0; done < bytes; done += FLASH_SECTOR_BYTES) {
		if (pread(fd, sector, sizeof(sector), offset + done) != (ssize_t)sizeof(sector))
			die("reading the bank: %s", strerror(errno));
		for (uint32_t i = 0; i < sizeof(sector); i++)
			if (sector[i] != ERASED)
				return false;
	}
	return true;
}

static void write_storage(int fd, const char *path)
{
	static const struct area storage = { .name = "storage" };

	if (is_erased(fd, FLASH_STORAGE, FLASH_STORAGE_BYTES))
		write_file(fd, path, &storage, FLASH_STORAGE, FLASH_STORAGE_BYTES);
}

static void write_device(int fd, uint32_t slot)
{
	for (size_t i = 0; i < AREA_COUNT; i++)
		write_area(fd, &areas[i], i < SLOT_AREA_COUNT ? slot_offsets[slot] : 0);
	write_boot_record(fd, slot);
}

static void add_file(struct area *area, const char *path)
{
	if (area->file_count == INPUTS_MAX)
		die("more than %d files for \"%s\"", INPUTS_MAX, area->name);
	area->files[area->file_count++] = path;
}

static uint32_t parse_slot(const char *text)
{
	if (strcasecmp(text, "a") && strcasecmp(text, "b"))
		die("--slot %s: must be a or b", text);
	return strcasecmp(text, "a") ? SPH_SLOT_B : SPH_SLOT_A;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "dtb", required_argument, NULL, DTB },
		{ "manifest", required_argument, NULL, MANIFEST },
		{ "kernel", required_argument, NULL, KERNEL },
		{ "system", required_argument, NULL, SYSTEM },
		{ "trust", required_argument, NULL, TRUST },
		{ "app", required_argument, NULL, APPS },
		{ "storage", required_argument, NULL, 'k' },
		{ "slot", required_argument, NULL, 's' },
		{ "monitor", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = NULL, *monitor = NULL, *storage = NULL;
	uint32_t slot = SPH_SLOT_A;
	int option, fd;

	while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		if (option < AREA_COUNT)
			add_file(&areas[option], optarg);
		else if (option == 'o')
			output = optarg;
		else if (option == 'k')
			storage = optarg;
		else if (option == 's')
			slot = parse_slot(optarg);
		else if (option == 'm')
			monitor = optarg;
		else
			return fputs(usage, option == 'h' ? stdout : stderr), option != 'h';
	}
	if (!output || optind != argc)
		return fputs(usage, stderr), 2;

	fd = open_bank(output);
	if (monitor)
		write_monitor(fd, monitor);
	else
		write_device(fd, slot);
	if (storage)
		write_storage(fd, storage);
	if (fsync(fd) < 0 || close(fd) < 0)
		die("%s: %s", output, strerror(errno));
	return 0;
}
