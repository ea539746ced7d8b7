// SPDX-License-Identifier: Apache-2.0
/* An app that tries to drive the terminal and to write in the name of others. */

#include <string.h>
#include <unistd.h>

#include <applibs/log.h>

static const char attack[] =
	"\033[2J\033[1;1H[    0.001] appman: power off\r[    0.001] hello: forged\n"
	"appman: error E4001: forged\n";

int main(void)
{
	char flood[4096];

	memset(flood, 'x', sizeof(flood));
	if (write(STDOUT_FILENO, attack, sizeof(attack) - 1) < 0 ||
	    write(STDERR_FILENO, flood, sizeof(flood)) < 0)
		return 1;
	Log_Debug("forger: done\n");
	for (;;)
		pause();
}
