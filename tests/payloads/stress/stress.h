/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the app stress does to the kernel, a round at a time.  A round takes what it takes, gives all of it
 * back, and says how often it got what it wanted; what it is refused is no failure, because that is what
 * limits, full devices and injected faults are for.  None waits for anything without a bound.
 */
#ifndef STRESS_H
#define STRESS_H

#define PAGE_BYTES	4096
#define STRESS_SELF	"/mnt/app/bin/stress"
#define STRESS_QUIT	"quit"		/* the way that ends at once */

/* Where "serve" and "call" meet; the manifests that a test writes have them (tests/device/soak.py). */
#define STRESS_TCP_PORT	8080
#define STRESS_UDP_PORT	5000

/* Of what a round makes many: how many, the second argument of the program. */
extern unsigned int stress_many;

/* Each: rounds are counted by who calls. */
unsigned int round_fork(void);		/* children that write to their memory and end */
unsigned int round_exec(void);		/* children that execute this program anew */
unsigned int round_eat(void);		/* memory without end: comes back only if somebody refuses */
unsigned int round_edge(void);		/* memory up to just below the limit, given back */
unsigned int round_store(void);		/* its storage full, with large files and small ones, then empty */
unsigned int round_tmp(void);		/* the same with /tmp */
unsigned int round_serve(void);		/* answers what comes by TCP and UDP for a while */
unsigned int round_call(void);		/* many connections and datagrams to "serve" at once */
unsigned int round_local(void);		/* Unix sockets that are full, with descriptors on their way */

#endif
