// SPDX-License-Identifier: Apache-2.0
/*
 * Pid 1 of a root filesystem in which the firewall is tried: raises the network, applies the rules,
 *and does what is typed on the console, a word or two for each line:
 *
 *	start MODE		starts a guest in that mode, as who it is in the table below
 *	stop			ends all guests
 *	counters		prints what each app has sent, received and been refused
 *	replace N		replaces the rules N times while the guests run
 *	answer			tells the address of the client's name, for as short as can be
 *	off
 */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/spherule.h>

#include "attempt.h"
#include "console.h"
#include "firewall/firewall.h"
#include "identity.h"
#include "interface.h"
#include "limits.h"
#include "nodes.h"
#include "plan.h"
#include "resolver.h"

#define GUESTS_MAX	8
#define SETTLE_US	300000

/* First bytes of component ids, for the firewall. */
#define CLIENT_NUMBER	1
#define SERVER_NUMBER	2

static const struct connection client_connections[] = {
	{ .kind = CONNECTION_ADDRESS, .prefix = 32, .address = 0x0a070001 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 32, .port = SECURE_PORT, .address = 0x0a070003 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 24, .address = 0x0a080000 },
	{ .kind = CONNECTION_NAME, .port = SECURE_PORT, .name_length = sizeof(NAME) - 1 },
};
static const struct connection spare = { .kind = CONNECTION_ADDRESS,
					 .prefix = 32,
					 .address = 0x0a070009 };
static const uint16_t server_tcp[] = { SERVER_TCP }, server_udp[] = { SERVER_UDP };
static const uint8_t client_peers[][IMAGE_UUID_BYTES] = { { SERVER_NUMBER } };

static const struct firewall_app apps[] = {
	{ .uid = CLIENT_UID, .name = "client", .id = { CLIENT_NUMBER }, .connections = client_connections,
	  .connection_count = ARRAY_SIZE(client_connections), .names = NAME, .peers = client_peers,
	  .peer_count = 1 },
	{ .uid = SERVER_UID, .name = "server", .id = { SERVER_NUMBER }, .tcp_ports = server_tcp, .tcp_count = 1,
	  .udp_ports = server_udp, .udp_count = 1 },
	{ .uid = STRANGER_UID, .name = "stranger" },
	{ .uid = NETWORKD_UID, .name = "networkd", .is_anywhere = true, .is_resolver = true },
};

/* The same, and somebody beside them who comes and goes. */
static struct firewall_app more_apps[ARRAY_SIZE(apps) + 1];

/*
 * What the LSM lets them bind: more than the rules say, because these must hold alone.
 */
static const struct spherule_ports client_ports = { 1, 1, { OWN_PORT, FLOW_PORT } };
static const struct spherule_ports server_ports = { 2, 1, { SERVER_TCP, NO_PORT, SERVER_UDP } };
static const struct spherule_ports stranger_ports = { 1, 2, { SERVER_TCP, SERVER_UDP, FLOW_PORT } };
static const struct spherule_ports no_ports;

static const struct {
	const char *mode;
	unsigned int component;
	uid_t uid;
	const struct spherule_ports *ports;
} guests[] = {
	{ "client", CLIENT_COMPONENT, CLIENT_UID, &client_ports },
	{ "unnamed", CLIENT_COMPONENT, CLIENT_UID, &client_ports },
	{ "named", CLIENT_COMPONENT, CLIENT_UID, &client_ports },
	{ "again", CLIENT_COMPONENT, CLIENT_UID, &client_ports },
	{ "pinger", CLIENT_COMPONENT, CLIENT_UID, &no_ports },
	{ "server", SERVER_COMPONENT, SERVER_UID, &server_ports },
	{ "stranger", STRANGER_COMPONENT, STRANGER_UID, &stranger_ports },
	{ "thief", STRANGER_COMPONENT, STRANGER_UID, &stranger_ports },
	{ "intruder", STRANGER_COMPONENT, NETWORKD_UID, &no_ports },
	{ "networkd", NETWORKD_COMPONENT, NETWORKD_UID, &no_ports },
};

static pid_t running[GUESTS_MAX];

/* What the rooms of application-manager say. */
void console_error(int number, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dprintf(1, "gate: E%d: ", number);
	vdprintf(1, format, arguments);
	dprintf(1, "\n");
	va_end(arguments);
}

static void must(int result, const char *what)
{
	dprintf(1, "gate: %s: %s\n", what,
		result < 0 ? strerror(result == -1 ? errno : -result) : "ok");
}

/* What the kernel gives back later, it has given back. */
static unsigned long free_kib(void)
{
	struct sysinfo info;

	usleep(SETTLE_US);
	return sysinfo(&info) ? 0 : info.freeram * info.mem_unit / 1024;
}

/* Application-manager has no business on the network. */
static int send_datagram(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_addr.s_addr = inet_addr(GATEWAY),
					.sin_port = htons(ECHO_PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t sent = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to));

	attempt_close(fd);
	return sent < 0 ? -1 : 0;
}

static void prepare(void)
{
	unsigned long before;
	int err;

	nodes_make_world();
	must(interface_raise("lo", "127.0.0.1", "255.0.0.0"), "lo");
	before = free_kib();
	err = firewall_open();
	dprintf(1, "gate: the rules take %ld KiB\n", (long)(before - free_kib()));
	must(err, "open");
	must(firewall_apply(NULL, 0), "nobody");
	must(interface_raise("eth0", DEVICE, "255.255.255.0"), "eth0");
	must(interface_route(GATEWAY), "route");
	before = free_kib();
	err = firewall_apply(apps, ARRAY_SIZE(apps));
	dprintf(1, "gate: the apps take %ld KiB\n", (long)(before - free_kib()));
	must(err, "apps");
	must(send_datagram() ? -errno : 0, "its own datagram");
}

static _Noreturn void become(size_t guest)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];
	char *arguments[] = { "/bin/guest", (char *)guests[guest].mode, NULL };
	uid_t id = guests[guest].uid;

	if (identity_set_ports(guests[guest].ports, sizeof(*guests[guest].ports)))
		_exit(errno);
	if (guests[guest].component != NETWORKD_COMPONENT)
		identity_execute(guests[guest].component, id, arguments[0], arguments);
	snprintf(text, sizeof(text), "CID: %s\nTID: " IDENTITY_TENANT "\nCAPS: %08x\n",
		 SYSTEM_APP_NETWORKD,
		 SPHERULE_CAP_NETWORK_CONFIG | SPHERULE_CAP_LOW_PORT | SPHERULE_CAP_SERVE);
	if (setresgid(id, id, id) || setresuid(id, id, id) ||
	    identity_set_by_call(text, SPHERULE_IDENTITY_BYTES))
		_exit(errno);
	execve(arguments[0], arguments, NULL);
	_exit(errno);
}

static void start(const char *mode)
{
	size_t place = 0;

	while (place < GUESTS_MAX - 1 && running[place])
		place++;
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		if (strcmp(guests[i].mode, mode))
			continue;
		running[place] = fork();
		if (running[place] == 0)
			become(i);
		return;
	}
	dprintf(1, "gate: no guest %s\n", mode);
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < GUESTS_MAX; i++)
			if (running[i] == pid) {
				running[i] = 0;
				dprintf(1, "gate: guest ended, status 0x%x\n",
					(unsigned int)status);
			}
}

static void stop(const char *word)
{
	(void)word;
	for (size_t i = 0; i < GUESTS_MAX; i++)
		if (running[i] > 0)
			kill(running[i], SIGTERM);
}

static void print_counters(const char *word)
{
	struct firewall_counters c;

	(void)word;
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		int err = firewall_read_counters(apps[i].uid, &c);

		dprintf(1,
			"gate: counters of %s: %d, sent %llu/%llu, received %llu/%llu, refused %llu/%llu\n",
			apps[i].name, err, (unsigned long long)c.sent.packets,
			(unsigned long long)c.sent.bytes, (unsigned long long)c.received.packets,
			(unsigned long long)c.received.bytes, (unsigned long long)c.refused.packets,
			(unsigned long long)c.refused.bytes);
	}
}

static void replace(const char *word)
{
	const long wanted = strtol(word, NULL, 10);
	unsigned long before = free_kib();
	long done = 0;

	memcpy(more_apps, apps, sizeof(apps));
	more_apps[ARRAY_SIZE(apps)] = (struct firewall_app){
		.uid = STRANGER_UID + 10,
		.name = "newcomer",
		.connections = &spare,
		.connection_count = 1,
	};
	while (done < wanted && !firewall_apply(done % 2 ? apps : more_apps,
						ARRAY_SIZE(apps) + (done % 2 ? 0 : 1))) {
		done++;
		usleep(1000);
	}
	dprintf(1, "gate: replaced %ld times, %ld KiB less free\n", done,
		(long)(before - free_kib()));
}

static void answer(const char *word)
{
	(void)word;
	dprintf(1, "gate: answer: %d\n",
		firewall_add_answer(NAME, sizeof(NAME) - 1, ntohl(inet_addr(NAMED)), 0));
}

static void power_off(const char *word)
{
	(void)word;
	reboot(RB_POWER_OFF);
}

static const struct {
	const char *name;
	void (*act)(const char *word);
} commands[] = {
	{ "start ", start },	   { "stop", stop },	{ "counters", print_counters },
	{ "replace ", replace }, { "answer", answer },	{ "off", power_off },
};

static void obey(char *line, ssize_t length)
{
	while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		length--;
	line[length] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strncmp(line, commands[i].name, strlen(commands[i].name)))
			commands[i].act(line + strlen(commands[i].name));
}

int main(void)
{
	struct pollfd sources[3] = { { .fd = 0, .events = POLLIN }, { .fd = -1 }, { .fd = -1 } };
	static char line[64];

	prepare();
	sources[1] = (struct pollfd){ .fd = resolver_open(), .events = POLLIN };
	must(sources[1].fd, "resolver");
	must(resolver_give(NETWORKD_UID), "resolver's user");
	dprintf(1, "gate: ready\n");
	for (;;) {
		sources[2].events = POLLIN;
		if (poll(sources, 3, 100) > 0) {
			if (sources[0].revents) {
				ssize_t length = read(0, line, sizeof(line) - 1);

				if (length > 0)
					obey(line, length);
			}
			if (sources[1].revents)
				sources[2].fd = resolver_accept();
			else if (sources[2].revents)
				sources[2].fd = resolver_receive();
		}
		reap();
	}
}
