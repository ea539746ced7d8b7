// SPDX-License-Identifier: Apache-2.0
/*
 * An app that asks who it is, by every way to be asked, and tries to become somebody else.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "identity.h"

const char identity_own[] = "CID: 0B8F3A52-1F0E-4C0E-8A54-0D6A8F6F1C0A\n"
			    "TID: 00000000-0000-0000-0000-000000000000\n"
			    "CAPS: 00000000\n";
const char identity_other[] = "CID: 48A22E96-D078-4E34-9D7A-91B3404031DA\n"
			      "TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74\n"
			      "CAPS: 00000001\n";
const char *identity_program;

int identity_is_own(const char *path)
{
	char text[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	attempt_close(fd);
	if (length < 0)
		return -1;
	text[length] = '\0';
	errno = EBADMSG;
	return strcmp(text, identity_own) ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], IDENTITY_CHILD_ARGUMENT))
		return identity_is_own("/proc/self/attr/current") ? errno : 0;
	identity_program = argv[0];
	identity_try_own();
	identity_try_peers();
	attempt_end("identity");
}
