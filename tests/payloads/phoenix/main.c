// SPDX-License-Identifier: Apache-2.0
/* An app that is killed after a second, each time. */

#include <signal.h>
#include <unistd.h>

#include <applibs/log.h>

int main(void)
{
	Log_Debug("phoenix: alive, pid %d\n", (int)getpid());
	sleep(1);
	kill(getpid(), SIGKILL);
	return 0;
}
