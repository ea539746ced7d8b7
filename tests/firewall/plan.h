/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network in which the firewall is tried, and who may do what in it.  tests/device/network.py
 * has the same addresses.
 */
#ifndef TESTS_FIREWALL_PLAN_H
#define TESTS_FIREWALL_PLAN_H

#define DEVICE		"10.7.0.2"
#define GATEWAY		"10.7.0.1"	/* open to the client: all of it */
#define SECURE		"10.7.0.3"	/* open to the client: port 443 */
#define NAMED		"10.7.0.4"	/* open to the client by its name NAME, port 443 */
#define CLOSED		"10.7.0.9"	/* open to nobody; no packet for it leaves the device */
#define IN_BLOCK	"10.8.0.1"	/* open to the client as part of a block */
#define BESIDE_BLOCK	"10.8.1.1"	/* just outside */

#define NAME		"host.example"
#define OTHER_NAME	"other.example"	/* is CLOSED */

#define ECHO_PORT 5000 /* every host outside echoes there, and on 443; UDP and TCP */
#define SECURE_PORT	443
#define SERVER_TCP	8080		/* of the server */
#define SERVER_UDP	5001
#define NO_PORT		8081		/* of nobody */
#define OWN_PORT 8082 /* the client listens there, and its entry has no such port */
#define FLOW_PORT	40000		/* from which the client sends once */

#define CLIENT_UID	20000
#define SERVER_UID	20001
#define STRANGER_UID	20002
#define NETWORKD_UID	20003

/* Numbers of components; networkd has its own id. */
#define CLIENT_COMPONENT	0x2000
#define SERVER_COMPONENT	0x2001
#define STRANGER_COMPONENT	0x2002
#define NETWORKD_COMPONENT	0

#endif
