// SPDX-License-Identifier: Apache-2.0
/*
 * Stands where networkd will stand: the component id is that of application-manager's table.  Says
 * what it is given, and uses it.  The same program as an OEM app is given nothing.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"

static int route_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) < 0 ? -1 : 0;
}

static int raise_interface(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	return ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &interface);
}

static int bind_low_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(68) };

	return bind(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)&address, sizeof(address));
}

static int set_clock(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	now.tv_sec += 3600;
	return clock_settime(CLOCK_REALTIME, &now);
}

static int raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, 1) < 0 ? -1 : 0;
}

static int open_gpio(void) { return attempt_open("/dev/gpiochip0", O_RDWR); }
static int open_monitor(void) { return attempt_open("/dev/security-monitor", O_RDWR); }

static const struct {
	const char *what;
	int (*try)(void);
} operations[] = {
	{ "route socket", route_socket },   { "raise interface", raise_interface },
	{ "bind low port", bind_low_port }, { "set clock", set_clock },
	{ "raw socket", raw_socket },	    { "GPIO", open_gpio },
	{ "monitor", open_monitor },
};

/* The contents of a file, until the next call. */
static char *read_text(const char *path)
{
	static char text[2048];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	attempt_close(fd);
	text[length < 0 ? 0 : length] = '\0';
	return text;
}

static void print_lines(const char *path)
{
	for (char *line = strtok(read_text(path), "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, "Cap", 3) || !strncmp(line, "CAPS", 4) ||
		    !strncmp(line, "NoNewPrivs", 10))
			Log_Debug("networker: %s\n", line);
}

int main(void)
{
	print_lines("/proc/self/attr/current");
	print_lines("/proc/self/status");
	Log_Debug("networker: OOM score: %s", read_text("/proc/self/oom_score_adj"));
	Log_Debug("networker: OOM rank: %s", read_text("/proc/self/oom_score"));
	for (unsigned int i = 0; i < ARRAY_SIZE(operations); i++)
		Log_Debug("networker: %s: %s\n", operations[i].what,
			  attempt_in_child(operations[i].try) ? strerror(errno) : "works");
	Log_Debug("networker: done\n");
	for (;;)
		pause();
}
