/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of attempts of the program ward, and what they share. */
#ifndef WARD_H
#define WARD_H

#include <stdint.h>
#include <sys/types.h>

/* Components of the tests, for identity_format(). */
#define COMPONENT_ATTACKER	0x1000
#define COMPONENT_VICTIM	0x2000
#define COMPONENT_SERVER	0x3000
#define COMPONENT_LINES		0x4000	/* has line OWN_LINE of GPIO chip 0 */
#define COMPONENT_FILES		0x5000
#define COMPONENT_DEBUGGED	0x6000

#define OWN_LINE		5
#define OTHER_LINE		6

/* Where everybody may write, and where only the owner of a file may remove it. */
#define OPEN_FOLDER		"/mnt/apps"
#define STICKY_FOLDER		OPEN_FOLDER "/sticky"
/* Procfs as the product mounts it. */
#define HIDDEN_PROC		OPEN_FOLDER "/proc"

/* Abstract names of Unix sockets: a stream and a datagram socket of each. */
#define VICTIM_NAME		"victim"
#define SERVER_NAME		"server"

/* Background programs: never return. */
_Noreturn void serve(const char *name, const char *client_identity);

/* Each makes its attempts. */
void try_neighbour(pid_t victim, pid_t server);
void try_bits(uint32_t bits);
void try_lines(void);
void try_no_lines(void);
void make_files(void);
void try_files(void);
void try_oddities(void);
_Noreturn void try_helper(void);
_Noreturn void try_setid(void);
_Noreturn void run_version1(void);
void try_version1(void);

/* Makes an abstract address; returns its length for bind() and connect(). */
struct sockaddr_un;
unsigned int socket_address(const char *name, int type, struct sockaddr_un *address);

#endif
