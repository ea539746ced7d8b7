// SPDX-License-Identifier: Apache-2.0
/* sph app new, build, check: a developer's folder from nothing to an image. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/array.h"
#include "abi/image.h"
#include "host/sph/command.h"
#include "host/sph/file.h"
#include "host/sph/manifest_file.h"
#include "host/sph/manifest_print.h"

#define TEMPLATE_MAX_BYTES	(1u << 16)

/* RFC 4122, 4.4: a random UUID of version 4. */
#define UUID_VERSION_BYTE	6
#define UUID_VARIANT_BYTE	8

static const char *const files[] = { "Makefile", "main.c", "app_manifest.json" };

/* Replaced in each file of the template. */
struct replacement {
	const char *mark, *text;
};

static int find_sdk(const char *option, char sdk[PATH_MAX], struct complaint *complaint)
{
	const char *path = option ? option : getenv("SPHERULE_SDK");

	if (!path)
		return complain(complaint, E_APP_SDK,
				"where the SDK is must be said: --sdk FOLDER or SPHERULE_SDK");
	if (!realpath(path, sdk))
		return complain(complaint, E_APP_SDK, "%s: %s", path, strerror(errno));
	return 0;
}

/* What a program, a folder and a C file can be called without surprises. */
static bool is_name(const char *name)
{
	const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length && !name[length] && length < IMAGE_NAME_BYTES && name[0] >= 'a' &&
	       name[0] <= 'z';
}

static int choose_component_id(char text[IMAGE_UUID_TEXT_BYTES], struct complaint *complaint)
{
	uint8_t uuid[IMAGE_UUID_BYTES];

	if (getrandom(uuid, sizeof(uuid), 0) != sizeof(uuid))
		return complain(complaint, E_PACK_IO, "random numbers: %s", strerror(errno));
	uuid[UUID_VERSION_BYTE] = (uint8_t)(0x40 | (uuid[UUID_VERSION_BYTE] & 0x0f));
	uuid[UUID_VARIANT_BYTE] = (uint8_t)(0x80 | (uuid[UUID_VARIANT_BYTE] & 0x3f));
	image_uuid_format(uuid, text);
	return 0;
}

/* ---- new ----------------------------------------------------------------- */

static const struct replacement *mark_at(const struct bytes *text, size_t at,
					 const struct replacement replacements[2])
{
	for (size_t i = 0; i < 2; i++) {
		const size_t length = strlen(replacements[i].mark);

		if (text->length - at >= length &&
		    !memcmp(text->data + at, replacements[i].mark, length))
			return &replacements[i];
	}
	return NULL;
}

static void fill_in(const struct bytes *text, const struct replacement replacements[2], FILE *out)
{
	for (size_t at = 0; at < text->length;) {
		const struct replacement *found = mark_at(text, at, replacements);

		if (!found) {
			fputc(text->data[at++], out);
			continue;
		}
		fputs(found->text, out);
		at += strlen(found->mark);
	}
}

static int write_filled(const char *from, const char *to, const struct replacement replacements[2],
			struct complaint *complaint)
{
	struct bytes text;
	char *filled = NULL;
	size_t length = 0;
	FILE *out;
	int result = file_read(from, TEMPLATE_MAX_BYTES, &text, complaint);

	if (result)
		return result;
	out = open_memstream(&filled, &length);
	if (out)
		fill_in(&text, replacements, out);
	if (!out || fclose(out))
		result = complain(complaint, E_PACK_IO, "%s: %s", to, strerror(errno));
	else
		result = file_write(to, filled, length, complaint);
	free(filled);
	free(text.data);
	return result;
}

static int make_app(const char *sdk, const char *name, const char *folder, struct complaint *complaint)
{
	char id[IMAGE_UUID_TEXT_BYTES], from[PATH_MAX + 64], to[PATH_MAX];
	const struct replacement replacements[] = { { "@NAME@", name }, { "@COMPONENT_ID@", id } };
	int result = choose_component_id(id, complaint);

	if (!result && mkdir(folder, 0777))
		result = complain(complaint, E_PACK_IO, "%s: %s", folder, strerror(errno));
	for (size_t i = 0; !result && i < ARRAY_SIZE(files); i++) {
		snprintf(from, sizeof(from), "%s/share/template/%s", sdk, files[i]);
		if (snprintf(to, sizeof(to), "%s/%s", folder, files[i]) >= (int)sizeof(to))
			result = complain(complaint, E_PACK_IO, "%s: %s", folder,
					  strerror(ENAMETOOLONG));
		else
			result = write_filled(from, to, replacements, complaint);
	}
	if (!result)
		printf("%s: component %s\nnext: sph app build %s\n", folder, id, folder);
	return result;
}

/* Returns 0 or COMMAND_USAGE; *@sdk and *@board are NULL when they were not given. */
static int read_options(int argc, char **argv, const char **sdk, const char **board)
{
	static const struct option long_options[] = {
		{ "sdk", required_argument, NULL, 's' },
		{ "board", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*sdk = NULL;
	*board = NULL;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 's')
			*sdk = optarg;
		else if (option == 'b' && !strchr(optarg, '/'))
			*board = optarg;
		else
			return COMMAND_USAGE;
	}
	return 0;
}

static int run_new(int argc, char **argv, struct complaint *complaint)
{
	const char *sdk_option, *board, *name;
	char sdk[PATH_MAX];
	int result;

	if (read_options(argc, argv, &sdk_option, &board) || board || argc - optind < 1 ||
	    argc - optind > 2)
		return COMMAND_USAGE;
	name = argv[optind];
	if (!is_name(name))
		return complain(complaint, E_APP_NAME,
				"%s: a name is a letter and then letters, digits and \"-\", all lower "
				"case, %d at most", name, IMAGE_NAME_BYTES - 1);
	result = find_sdk(sdk_option, sdk, complaint);
	return result ? result : make_app(sdk, name, argc - optind == 2 ? argv[optind + 1] : name,
					  complaint);
}

/* ---- build, check -------------------------------------------------------- */

static int set_variable(const char *name, const char *value, struct complaint *complaint)
{
	if (setenv(name, value, 1))
		return complain(complaint, E_PACK_IO, "%s: %s", name, strerror(errno));
	return 0;
}

/* The Makefile includes $(SPHERULE_SDK)/app.mk, which compiles and packs with $(SPH). */
static int run_make(const char *folder, struct complaint *complaint)
{
	const pid_t pid = fork();
	int status;

	if (!pid) {
		execlp("make", "make", "--no-print-directory", "-C", folder, (char *)NULL);
		perror("sph: make");
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return complain(complaint, E_PACK_IO, "make: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return complain(complaint, E_APP_BUILD, "%s: make failed; its reason is above", folder);
	printf("%s/out: built\n", folder);
	return 0;
}

static int run_build(int argc, char **argv, struct complaint *complaint)
{
	const char *sdk_option, *board;
	char sdk[PATH_MAX], self[PATH_MAX];
	ssize_t length;
	int result;

	if (read_options(argc, argv, &sdk_option, &board) || argc - optind > 1)
		return COMMAND_USAGE;
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return complain(complaint, E_PACK_IO, "/proc/self/exe: %s", strerror(errno));
	self[length] = '\0';
	result = find_sdk(sdk_option, sdk, complaint);
	if (!result)
		result = set_variable("SPHERULE_SDK", sdk, complaint);
	if (!result)
		result = set_variable("SPH", self, complaint);
	if (!result && board)
		result = set_variable("BOARD", board, complaint);
	return result ? result : run_make(optind < argc ? argv[optind] : ".", complaint);
}

static int check_app(const char *sdk, const char *board_name, const char *folder,
		     struct complaint *complaint)
{
	static struct board board;
	char path[PATH_MAX + 128];
	struct manifest manifest;
	struct bytes text;
	int result;

	snprintf(path, sizeof(path), "%s/share/boards/%s/hardware.json", sdk, board_name);
	result = board_load(path, &board, complaint);
	if (result)
		return result;
	snprintf(path, sizeof(path), "%s/%s", folder, MANIFEST_FILE);
	result = file_read(path, MANIFEST_FILE_MAX_BYTES, &text, complaint);
	if (result)
		return result;
	result = manifest_file_check(path, (const char *)text.data, text.length, &board, false,
				     &manifest, complaint);
	free(text.data);
	if (result)
		return result;
	printf("%s: valid\n", path);
	manifest_print(stdout, &manifest);
	return 0;
}

static int run_check(int argc, char **argv, struct complaint *complaint)
{
	const char *sdk_option, *board;
	char sdk[PATH_MAX];
	int result;

	if (read_options(argc, argv, &sdk_option, &board) || argc - optind > 1)
		return COMMAND_USAGE;
	result = find_sdk(sdk_option, sdk, complaint);
	return result ? result : check_app(sdk, board ? board : "qemu-virt",
					   optind < argc ? argv[optind] : ".", complaint);
}

#define SDK_OPTION	"  --sdk FOLDER           the SDK, instead of $SPHERULE_SDK\n"
#define BOARD_OPTION	"  --board NAME           the board, instead of qemu-virt\n"

const struct command command_app_new = {
	.noun = "app",
	.verb = "new",
	.synopsis = "NAME [FOLDER] [--sdk FOLDER]",
	.summary = "make the folder of an app that runs, with a component id of its own",
	.options = SDK_OPTION,
	.run = run_new,
};

const struct command command_app_build = {
	.noun = "app",
	.verb = "build",
	.synopsis = "[FOLDER] [--sdk FOLDER] [--board NAME]",
	.summary = "compile an app and pack its image, into FOLDER/out",
	.options = SDK_OPTION BOARD_OPTION,
	.run = run_build,
};

const struct command command_app_check = {
	.noun = "app",
	.verb = "check",
	.synopsis = "[FOLDER] [--sdk FOLDER] [--board NAME]",
	.summary = "validate the manifest of an app for a board",
	.options = SDK_OPTION BOARD_OPTION,
	.run = run_check,
};
