// SPDX-License-Identifier: Apache-2.0
/*
 * An app that speaks with application-manager as an app does, by applibs.  Tests write into the manifest
 * what it does:
 *
 *	well		says that it is well, for ever
 *	hang [N]	says so N times, then nothing more
 *	ready MS	says after so long that it is ready, then that it is well
 *	end MS		ends after so long with status 3
 *	grow		takes memory until it is told, says the figures, takes more
 *	grants		tries what a manifest can give, and says how it ended
 *	off | reboot	does that
 *	updates		waits to be told
 *	flood		packets and connections without end
 */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <applibs/applications.h>
#include <applibs/eventloop.h>
#include <applibs/lifecycle.h>
#include <applibs/log.h>
#include <applibs/powermanagement.h>
#include <applibs/sysevent.h>

#define PAGE_BYTES	4096
#define BEAT_MS		100
#define GROW_MS		20
#define GROW_PAGES	2

static EventLoop *loop;
static unsigned long number;	/* the second argument, or 0 */

static void say(const char *what, int result)
{
	Log_Debug("worker: %s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static void well(void)
{
	for (;;) {
		if (Lifecycle_Alive() < 0)
			say("alive", -1);
		usleep(BEAT_MS * 1000);
	}
}

static void hang(void)
{
	for (unsigned long i = 0; i < number; i++) {
		Lifecycle_Alive();
		usleep(BEAT_MS * 1000);
	}
	Log_Debug("worker: hangs\n");
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

static void ready(void)
{
	usleep((useconds_t)number * 1000);
	Log_Debug("worker: is ready\n");
	say("ready", Lifecycle_Ready());
	well();
}

static void end(void)
{
	usleep((useconds_t)number * 1000);
	exit(3);
}

static volatile int told;

static void memory_high(const Lifecycle_Memory *memory, void *context)
{
	(void)context;
	if (!told++)
		Log_Debug("worker: told %lu of %lu KiB, more than %lu, own %lu, peak %lu\n",
			  (unsigned long)memory->totalKB, (unsigned long)memory->limitKB,
			  (unsigned long)memory->highKB, (unsigned long)memory->userKB,
			  (unsigned long)memory->peakKB);
}

static void take(unsigned int pages)
{
	char *memory = mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (unsigned int i = 0; memory != MAP_FAILED && i < pages; i++)
		memory[i * PAGE_BYTES] = 1;
}

static void say_figures(void)
{
	Log_Debug("worker: total %lu, own %lu, peak %lu\n",
		  (unsigned long)Applications_GetTotalMemoryUsageInKB(),
		  (unsigned long)Applications_GetUserModeMemoryUsageInKB(),
		  (unsigned long)Applications_GetPeakUserModeMemoryUsageInKB());
}

static void grow(void)
{
	say("be told of memory",
	    Lifecycle_RegisterForMemoryHigh(loop, memory_high, NULL) ? 0 : -1);
	while (!told) {
		take(GROW_PAGES);
		EventLoop_Run(loop, GROW_MS, false);
	}
	say_figures();
	Log_Debug("worker: goes on all the same\n");
	for (;;)
		take(GROW_PAGES);
}

static void event(SysEvent_Events which, SysEvent_Status status, const SysEvent_Info *info,
		  void *context)
{
	SysEvent_Info_UpdateData update = { 0 };

	(void)context;
	SysEvent_Info_GetUpdateData(info, &update);
	Log_Debug("worker: event %lu, status %lu, type %lu\n", (unsigned long)which,
		  (unsigned long)status, (unsigned long)update.update_type);
}

/* Who ends by SIGTERM may have no time to read what was said before. */
static void updates(void)
{
	signal(SIGTERM, SIG_IGN);
	say("be told of updates",
	    SysEvent_RegisterForEventNotifications(loop, SysEvent_Events_Mask, event, NULL) ? 0 : -1);
	for (;;)
		EventLoop_Run(loop, -1, false);
}

/* Takes and gives back memory, so that there is a peak. */
static void grants(void)
{
	const size_t bytes = 100 * 1024;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(memory, 1, bytes);
	munmap(memory, bytes);
	say("figures", Applications_GetTotalMemoryUsageInKB() ? 0 : -1);
	say_figures();
	say("set back", Applications_ResetPeakMemoryUsage());
	say_figures();
	say("defer", SysEvent_DeferEvent(SysEvent_Events_UpdateReadyForInstall, 1));
	say("sleep for no time", PowerManagement_ForceSystemPowerDown(0));
	say("sleep for a while", PowerManagement_ForceSystemPowerDown(60));
	updates();
}

static void off(void)
{
	signal(SIGTERM, SIG_IGN);
	say("reboot", PowerManagement_ForceSystemReboot());
	say("off", PowerManagement_ForceSystemPowerDown(POWERMANAGEMENT_NO_WAKE));
	pause();
}

static void reboot(void)
{
	signal(SIGTERM, SIG_IGN);
	say("off", PowerManagement_ForceSystemPowerDown(POWERMANAGEMENT_NO_WAKE));
	say("reboot", PowerManagement_ForceSystemReboot());
	pause();
}

static void connect_once(void)
{
	static const char name[] = "application-manager.app";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	memcpy(address.sun_path + 1, name, sizeof(name) - 1);
	connect(fd, (const struct sockaddr *)&address,
		offsetof(struct sockaddr_un, sun_path) + sizeof(name));
	close(fd);
}

static void flood(void)
{
	if (fork() == 0)
		for (;;)
			connect_once();
	for (;;)
		Applications_GetTotalMemoryUsageInKB();
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "well", well },	{ "hang", hang },	{ "ready", ready },
	{ "end", end },		{ "grow", grow },	{ "grants", grants },
	{ "off", off },		{ "reboot", reboot },	{ "updates", updates },
	{ "flood", flood },
};

int main(int argc, char *argv[])
{
	if (argc > 2)
		number = strtoul(argv[2], NULL, 10);
	loop = EventLoop_Create();
	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(argv[1], ways[i].name))
			ways[i].run();
	return 1;
}
