// SPDX-License-Identifier: Apache-2.0
/* The text and the JSON of "sph image show". */
#include "host/sph/show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/bytes.h"
#include "abi/errors.h"
#include "abi/json.h"
#include "host/sph/cramfs.h"
#include "host/sph/ram.h"

static const char *const layout_names[] = {
	[CRAMFS_LAYOUT_NONE] = "-",
	[CRAMFS_LAYOUT_MAPPED] = "mapped",
	[CRAMFS_LAYOUT_PACKED] = "packed",
	[CRAMFS_LAYOUT_OTHER] = "other",
};

int show_parse(const uint8_t *bytes, size_t length, struct shown_image *image)
{
	uint32_t body_bytes;
	int result = image_parse_head(bytes, length, length, &body_bytes);

	if (result == -ENODATA)
		return -E_IMAGE_MAGIC;
	if (result)
		return result;
	*image = (struct shown_image){ .bytes = bytes,
				       .length = length,
				       .signature = "not checked" };
	return image_parse_metadata(bytes + body_bytes, length - body_bytes,
				    body_bytes, &image->metadata);
}

/* Names come from outside: nothing that a terminal or a JSON parser might obey. */
static void put_name(FILE *out, const char *name, size_t length, bool as_json)
{
	size_t i = 0;

	while (i < length) {
		uint8_t c = (uint8_t)name[i];
		size_t bytes = json_utf8_length(name + i, length - i);

		if (as_json && (c == '"' || c == '\\'))
			fprintf(out, "\\%c", c);
		else if (bytes == 0)
			fputs(as_json ? "\\ufffd" : "?", out);
		else if (bytes == 1 && (c < 0x20 || c == 0x7f))
			fprintf(out, as_json ? "\\u%04x" : "?", c);
		else if (!as_json && c == 0xc2 && (uint8_t)name[i + 1] < 0xa0)
			fputs("?", out);
		else
			fwrite(name + i, 1, bytes, out);
		i += bytes ? bytes : 1;
	}
}

static void put_hex(FILE *out, const uint8_t *bytes, size_t count)
{
	while (count--)
		fprintf(out, "%02x", *bytes++);
}

static bool crc_is_right(const struct shown_image *image)
{
	return cramfs_crc(image->bytes, image->metadata.body_bytes) ==
	       get_le32(image->bytes + CRAMFS_SUPER_CRC);
}

static void put_text_metadata(const struct shown_image *image, FILE *out)
{
	const struct image_metadata *m = &image->metadata;
	char component[IMAGE_UUID_TEXT_BYTES], id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(m->component_id, component);
	image_uuid_format(m->image_id, id);
	fprintf(out, "Name:             %s\n", m->name);
	fprintf(out, "Type:             %s\n", image_type_name(m->type));
	fprintf(out, "Component id:     %s\n", component);
	fprintf(out, "Image id:         %s\n", id);
	fprintf(out, "Security version: %u\n", m->security_version);
	fprintf(out, "ABI required:     %u\n", m->abi_required);
	fprintf(out, "Flags:            %s\n",
		m->flags & IMAGE_F_DEVELOPMENT ? "development" : "none");
	fprintf(out, "Body bytes:       %u\n", m->body_bytes);
	fprintf(out, "Body CRC:         %s\n",
		crc_is_right(image) ? "right" : "wrong");
	fprintf(out, "Key id:           ");
	put_hex(out, m->key_id, sizeof(m->key_id));
	fprintf(out, "\nSignature:        %s\n", image->signature);
}

static void put_json_metadata(const struct shown_image *image, FILE *out)
{
	const struct image_metadata *m = &image->metadata;
	char component[IMAGE_UUID_TEXT_BYTES], id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(m->component_id, component);
	image_uuid_format(m->image_id, id);
	fprintf(out, "{\"name\":\"");
	put_name(out, m->name, strlen(m->name), true);
	fprintf(out, "\",\"type\":\"%s\",\"component_id\":\"%s\",",
		image_type_name(m->type), component);
	fprintf(out, "\"image_id\":\"%s\",\"security_version\":%u,", id,
		m->security_version);
	fprintf(out, "\"abi_required\":%u,\"development\":%s,", m->abi_required,
		m->flags & IMAGE_F_DEVELOPMENT ? "true" : "false");
	fprintf(out, "\"body_bytes\":%u,\"crc_right\":%s,\"key_id\":\"",
		m->body_bytes, crc_is_right(image) ? "true" : "false");
	put_hex(out, m->key_id, sizeof(m->key_id));
	fprintf(out, "\",\"signature\":\"%s\",\"files\":[", image->signature);
}

static char type_letter(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFREG:
		return '-';
	default:
		return '?';
	}
}

static void put_target(const struct shown_image *image,
		       const struct cramfs_entry *e, bool as_json, FILE *out)
{
	if (!S_ISLNK(e->mode) || (e->layout != CRAMFS_LAYOUT_PACKED &&
				  e->layout != CRAMFS_LAYOUT_MAPPED))
		return;
	fputs(as_json ? ",\"target\":\"" : " -> ", out);
	put_name(out, (const char *)image->bytes + e->data, e->size, as_json);
	if (as_json)
		fputc('"', out);
}

static void put_text_heading(bool with_ram, FILE *out)
{
	fputc('\n', out);
	if (with_ram)
		fprintf(out, "%-5s %8s %-6s %8s %8s %8s %8s  %s\n", "mode",
			"bytes", "layout", "in-place", "start", "most", "cache",
			"name");
}

static void put_text_legend(FILE *out)
{
	fputs("\n"
	      "RAM in KiB, by pages of 4 KiB:\n"
	      "  in-place  used where it is in flash: costs nothing\n"
	      "  start     copied as soon as the program is loaded\n"
	      "  most      copied when the program has written to all of its data, start included\n"
	      "  cache     in the page cache after it was used; the kernel can take it back\n"
	      "start and most are for each process, in-place and cache once for all processes.\n"
	      "Stack, heap and page tables are not counted. Files that are not programs or\n"
	      "libraries are counted as if a program had mapped them; read(2) costs nothing.\n",
	      out);
}

static void put_text_ram(const struct shown_image *image,
			 const struct cramfs_entry *e, FILE *out)
{
	struct ram ram;

	if (!S_ISREG(e->mode)) {
		fprintf(out, "%8s %8s %8s %8s  ", "-", "-", "-", "-");
		return;
	}
	ram_measure(image->bytes, image->metadata.body_bytes, e, &ram);
	fprintf(out, "%8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "  ",
		ram.in_place_kib, ram.start_kib, ram.most_kib, ram.cache_kib);
}

static void put_json_ram(const struct shown_image *image,
			 const struct cramfs_entry *e, FILE *out)
{
	struct ram ram;

	if (!S_ISREG(e->mode))
		return;
	ram_measure(image->bytes, image->metadata.body_bytes, e, &ram);
	fprintf(out, ",\"ram\":{\"in_place_kib\":%" PRIu64, ram.in_place_kib);
	fprintf(out, ",\"start_kib\":%" PRIu64, ram.start_kib);
	fprintf(out, ",\"most_kib\":%" PRIu64, ram.most_kib);
	fprintf(out, ",\"cache_kib\":%" PRIu64 "}", ram.cache_kib);
}

static void put_text_entry(const struct shown_image *image,
			   const struct cramfs_entry *e, bool with_ram,
			   FILE *out)
{
	fprintf(out, "%c%04o %8u %-6s ", type_letter(e->mode), e->mode & 07777,
		S_ISDIR(e->mode) ? 0 : e->size, layout_names[e->layout]);
	if (with_ram)
		put_text_ram(image, e, out);
	fprintf(out, "%*s", (int)e->depth * 2, "");
	put_name(out, e->depth ? e->name : "/", e->depth ? e->name_length : 1,
		 false);
	put_target(image, e, false, out);
	fputc('\n', out);
}

static void put_json_entry(const struct shown_image *image,
			   const struct cramfs_entry *e, bool with_ram,
			   FILE *out)
{
	fprintf(out, "%s{\"depth\":%u,\"name\":\"", e->depth ? "," : "",
		e->depth);
	put_name(out, e->name, e->name_length, true);
	fprintf(out, "\",\"type\":\"%c\",\"mode\":\"%04o\",\"uid\":%u,",
		type_letter(e->mode), e->mode & 07777, e->uid);
	fprintf(out, "\"gid\":%u,\"size\":%u,\"layout\":\"%s\"", e->gid,
		S_ISDIR(e->mode) ? 0 : e->size, layout_names[e->layout]);
	put_target(image, e, true, out);
	if (with_ram)
		put_json_ram(image, e, out);
	fputc('}', out);
}

static int put_entries(const struct shown_image *image, bool as_json,
		       bool with_ram, FILE *out)
{
	struct cramfs_walk walk;
	struct cramfs_entry entry;
	int result = cramfs_walk_start(&walk, image->bytes,
				       image->metadata.body_bytes, &entry);

	if (result)
		return result;
	if (!as_json)
		put_text_heading(with_ram, out);
	do {
		if (as_json)
			put_json_entry(image, &entry, with_ram, out);
		else
			put_text_entry(image, &entry, with_ram, out);
		result = cramfs_walk_next(&walk, &entry);
	} while (result > 0);
	return result;
}

int show_print(const struct shown_image *image, unsigned int flags, FILE *out)
{
	bool as_json = flags & SHOW_JSON;
	bool with_ram = flags & SHOW_RAM;
	int result;

	if (as_json)
		put_json_metadata(image, out);
	else
		put_text_metadata(image, out);
	result = put_entries(image, as_json, with_ram, out);
	if (result)
		return result;
	if (as_json)
		fputs("]}\n", out);
	else if (with_ram)
		put_text_legend(out);
	return 0;
}
