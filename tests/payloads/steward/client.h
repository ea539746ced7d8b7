/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to application-manager's control socket. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>

#include "abi/control.h"

struct answer {
	struct control_reply head;
	union {
		struct control_app app;
		struct control_memory memory;
		struct control_record end;
	} record;
};

/* Returns the connection, or -1 with errno. */
int client_connect(void);

/* Sends a request with @bytes of data behind it.  0, or -1 with errno. */
int client_send(int fd, struct control_request *request, const void *data, size_t bytes);

/* The next packet; 0, or -1 with errno, which is 0 when the connection was closed. */
int client_receive(int fd, struct answer *answer);

/* Sends a request and waits for its answer; events that come meanwhile are printed. */
int client_ask(int fd, struct control_request *request, const void *data, size_t bytes,
	       struct answer *answer);

/* Prints an event as "event NAME: what" or "log NAME: what". */
void client_print_event(const struct answer *answer);

#endif
