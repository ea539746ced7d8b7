// SPDX-License-Identifier: Apache-2.0
/*
 * What the manager itself may and may not do with identities.  Each attempt runs in a child of the
 * manager, which is the manager too until its first execve().
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcntl.h>

#include "attempt.h"
#include "identity.h"
#include "manager.h"

#define ATTR_EXEC	"/proc/self/attr/exec"
#define ATTR_CURRENT	"/proc/self/attr/current"

static const char nil[] = "CID: 00000000-0000-0000-0000-000000000000\n"
			  "TID: 00000000-0000-0000-0000-000000000000\n"
			  "CAPS: 00000000\n";

static int is_nil(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	return identity_read(ATTR_CURRENT, text) || strcmp(text, nil) ? -1 : 0;
}

/* Executes /bin/ward, which says with its status whether it has the identity of its argument. */
static int execute(void)
{
	char *const arguments[] = { "/bin/ward", "same", "1000", "00000001", NULL };

	execve(arguments[0], arguments, NULL);
	return -1;
}

static int set(const char *text, size_t length)
{
	return identity_set_by_file(ATTR_EXEC, text, length);
}

/* A good text with @change at @offset, set in both ways; the same answer is expected of both. */
static int set_changed(size_t offset, char change)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];
	int by_file, by_call;

	identity_format(0x1000, 1, text);
	text[offset] = change;
	by_file = set(text, SPHERULE_IDENTITY_BYTES) ? errno : 0;
	by_call = identity_set_by_call(text, SPHERULE_IDENTITY_BYTES) ? errno : 0;
	errno = by_file == by_call ? by_file : EIO;
	return errno ? -1 : 0;
}

static int set_good(void) { return set_changed(0, 'C'); }
static int set_wrong_word(void) { return set_changed(1, 'X'); }
static int set_wrong_digit(void) { return set_changed(10, 'g'); }
static int set_unknown_bit(void) { return set_changed(90, '8'); }
static int set_without_newline(void) { return set_changed(SPHERULE_IDENTITY_BYTES - 1, ' '); }
static int set_nil(void) { return set(nil, SPHERULE_IDENTITY_BYTES); }

static int set_short(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	return set(text, SPHERULE_IDENTITY_BYTES - 1);
}

static int set_long(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	return identity_set_by_call(text, sizeof(text));
}

static int execute_with_identity(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	return set(text, SPHERULE_IDENTITY_BYTES) ? -1 : execute();
}

/* What was set before stays set: a malformed text changes nothing. */
static int malformed_changes_nothing(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	if (set(text, SPHERULE_IDENTITY_BYTES) || !set("CID: x", 6) || errno != EINVAL)
		return -1;
	return execute();
}

static int still_nil_before_exec(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	return set(text, SPHERULE_IDENTITY_BYTES) ? -1 : is_nil();
}

static int set_current(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(0x1000, 1, text);
	return identity_set_by_file(ATTR_CURRENT, text, SPHERULE_IDENTITY_BYTES);
}

static int map_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : 0;
}

static int change_personality(void) { return personality(READ_IMPLIES_EXEC) < 0 ? -1 : 0; }
static int be_traced(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? -1 : 0; }
static int write_flash(void) { return attempt_open("/dev/mtd0", O_RDWR); }
static int read_flash(void) { return attempt_open("/dev/mtd0", O_RDONLY); }
static int raw_socket(void) { return socket(AF_INET, SOCK_RAW, 1) < 0 ? -1 : 0; }
static int route_socket(void) { return socket(AF_NETLINK, SOCK_RAW, 0) < 0 ? -1 : 0; }

/* Root with all of Linux's capabilities still gets no id to come back to. */
static int keep_a_way_back(void) { return setresuid(20000, 20000, 0); }
static int become_user(void) { return setresuid(20000, 20000, 20000); }

/* In a child, whose ports end with it. */
static int set_port_counts(uint16_t tcp_count, uint16_t udp_count, size_t bytes)
{
	const struct spherule_ports ports = { .tcp_count = tcp_count, .udp_count = udp_count };

	return identity_set_ports(&ports, bytes);
}

#define PORTS_BYTES	sizeof(struct spherule_ports)

static int set_ports(void) { return set_port_counts(SPHERULE_PORTS_MAX - 1, 1, PORTS_BYTES); }
static int set_many_ports(void) { return set_port_counts(SPHERULE_PORTS_MAX, 1, PORTS_BYTES); }
static int set_overflowing_ports(void) { return set_port_counts(2, 0xffff, PORTS_BYTES); }
static int set_short_ports(void) { return set_port_counts(1, 0, PORTS_BYTES - 2); }

static const struct attempt attempts[] = {
	{ "O3", "the manager is nil", is_nil, 0 },
	{ "O3", "set an identity", set_good, 0 },
	{ "O3", "set one with another word", set_wrong_word, EINVAL },
	{ "O3", "set one with another digit", set_wrong_digit, EINVAL },
	{ "O3", "set one with an unknown bit", set_unknown_bit, EINVAL },
	{ "O3", "set one without its end", set_without_newline, EINVAL },
	{ "O3", "set one that is too short", set_short, EINVAL },
	{ "O3", "set one that is too long", set_long, EINVAL },
	{ "O3", "set the nil identity", set_nil, EINVAL },
	{ "O3", "change the current one", set_current, EPERM },
	{ "AS-41", "set ports", set_ports, 0 },
	{ "AS-41", "set too many ports", set_many_ports, EINVAL },
	{ "AS-41", "set ports that add up to too many", set_overflowing_ports, EINVAL },
	{ "AS-41", "set a part of the ports", set_short_ports, EINVAL },
	{ "O3", "be nil until execve()", still_nil_before_exec, 0 },
	{ "O3", "execute under an identity", execute_with_identity, 0 },
	{ "O3", "keep it after a malformed one", malformed_changes_nothing, 0 },
	{ "AS-18", "execute without an identity", execute, EPERM },
	{ "AS-18", "become a user", become_user, 0 },
	{ "AS-18", "keep a way back to root", keep_a_way_back, EPERM },
	{ "AS-01", "the manager maps executable memory", map_executable, EACCES },
	{ "AS-04", "the manager changes its personality", change_personality, EPERM },
	{ "AS-01", "the manager is traced", be_traced, EPERM },
	{ "AS-12", "the manager reads flash", read_flash, 0 },
	{ "AS-12", "the manager writes to flash", write_flash, EPERM },
	{ "H-70", "the manager's route socket", route_socket, 0 },
	{ "H-70", "the manager's raw socket", raw_socket, EPERM },
};

void manager_try_all(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
