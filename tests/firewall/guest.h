/* SPDX-License-Identifier: Apache-2.0 */
/* What the guests are, by the mode in which they are started. */
#ifndef TESTS_FIREWALL_GUEST_H
#define TESTS_FIREWALL_GUEST_H

void client_try(void);		/* client.c: may reach some hosts, and the server */
void client_unnamed(void);	/* before the name was asked for */
void client_named(void);	/* asks for the name, and then reaches it */
void client_again(void);		/* reaches it without asking */
void client_ping(void);		/* sends for ever, until SIGTERM */
void stranger_try(void);	/* stranger.c: may reach nobody */
void stranger_steal(void);	/* has the server's ports */
void stranger_intrude(void);	/* another component under the user of networkd */
void server_serve(void);	/* server.c */
void networkd_resolve(void);	/* networkd.c: a stand-in */

/* The same as apps that application-manager starts, which lets them bind nothing but their ports. */
void client_app(void);
void client_look(void);		/* which of two hosts it reaches: changes with its manifest */
void stranger_app(void);
void server_app(void);
void load_app(void);		/* load.c: echoes on many connections at once */
void networkd_app(void);	/* raises the network first */

#endif
