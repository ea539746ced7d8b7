// SPDX-License-Identifier: Apache-2.0
/* The program that the warden runs under identities; the first argument says what to do. */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "attempt.h"
#include "identity.h"
#include "ward.h"

/* Arguments are numbers of the warden: the second component or pid, the third bits or pid. */
static long number(char **argv, int argc, int index, int base)
{
	return argc > index ? strtol(argv[index], NULL, base) : 0;
}

/* Ends with 0 when this is the component, with these bits, of the arguments. */
static int is_same(int argc, char **argv)
{
	char wanted[SPHERULE_IDENTITY_BYTES + 1], text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format((unsigned int)number(argv, argc, 2, 16),
			(uint32_t)number(argv, argc, 3, 16), wanted);
	return identity_read("/proc/self/attr/current", text) || strcmp(text, wanted);
}

static int run_exit(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static int run_victim(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	serve(VICTIM_NAME, "nobody");
}

static int run_server(int argc, char **argv)
{
	char client[SPHERULE_IDENTITY_BYTES + 1];

	(void)argc;
	(void)argv;
	identity_format(COMPONENT_ATTACKER, 0, client);
	serve(SERVER_NAME, client);
}

static int run_neighbour(int argc, char **argv)
{
	try_neighbour((pid_t)number(argv, argc, 2, 10), (pid_t)number(argv, argc, 3, 10));
	return attempt_sum("ward neighbour");
}

static int run_bits(int argc, char **argv)
{
	try_bits((uint32_t)number(argv, argc, 2, 16));
	return attempt_sum("ward bits");
}

static int run_lines(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_lines();
	return attempt_sum("ward lines");
}

static int run_no_lines(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_no_lines();
	return attempt_sum("ward no-lines");
}

static int run_owner(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	make_files();
	return 0;
}

static int run_files(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_files();
	return attempt_sum("ward files");
}

static int run_oddities(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_oddities();
	return attempt_sum("ward oddities");
}

/* As pid 1 of the test kernel. */
static int run_helper(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_helper();
}

static int run_setid(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_setid();
}

static int run_version1_lines(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	try_version1();
	return attempt_sum("ward version1");
}

static int run_version1_world(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	run_version1();
}

/* The positive control of SPHERULE_CAP_POWER: the device goes off. */
static int run_power(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return reboot(RB_POWER_OFF) ? errno : 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} modes[] = {
	{ "exit", run_exit },		{ "same", is_same },
	{ "victim", run_victim },	{ "server", run_server },
	{ "neighbour", run_neighbour },	{ "bits", run_bits },
	{ "lines", run_lines },		{ "no-lines", run_no_lines },
	{ "owner", run_owner },		{ "files", run_files },
	{ "oddities", run_oddities },	{ "power", run_power },
	{ "helper", run_helper },
	{ "setid", run_setid },
	{ "version1", run_version1_world },
	{ "version1-lines", run_version1_lines },
};

int main(int argc, char **argv)
{
	for (unsigned int i = 0; argc > 1 && i < ARRAY_SIZE(modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			return modes[i].run(argc, argv);
	return 125;
}
