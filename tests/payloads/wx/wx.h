/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of this app share. */
#ifndef WX_H
#define WX_H

#include <stddef.h>
#include <sys/mman.h>

#define PAGE_BYTES	4096u
#define PROT_RX		(PROT_READ | PROT_EXEC)
#define PROT_RW		(PROT_READ | PROT_WRITE)
#define PROT_WX		(PROT_WRITE | PROT_EXEC)
#define PROT_RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

/* Linux, include/uapi/linux/memfd.h; musl 1.2.3 does not know the last two. */
#define MEMFD_CLOEXEC		0x1u
#define MEMFD_ALLOW_SEALING	0x2u
#define MEMFD_NOEXEC_SEAL	0x8u
#define MEMFD_EXEC		0x10u

/* What this app was started as; also of a child that executes it again. */
extern const char *wx_program;

/* An argument with which this program only exits, with WX_CHILD_STATUS. */
#define WX_CHILD_ARGUMENT	"child"
#define WX_CHILD_STATUS		7

/* The first page that contains an address. */
static inline void *wx_page_of(const void *address)
{
	return (void *)((unsigned long)address & ~(PAGE_BYTES - 1ul));
}

/* This program, open for reading. */
int wx_open_program(void);

/* All of this program mapped once more, for reading and executing; or NULL with errno. */
void *wx_map_program(void);

/* Where a function of this program is in such a mapping. */
const void *wx_in_mapping(const void *mapping, int (*function)(void));

/* A memory file of one page, or -1 with errno. */
int wx_memory_file(unsigned int flags);

/* A page of its own for reading and writing, or NULL with errno. */
void *wx_page(void);

/* mprotect() with each of the protections until one is refused; the result of the last. */
int wx_protect(void *page, const int *steps, unsigned int count);

/* Each part makes its attempts. */
void wx_try_objects(void);
void wx_try_histories(void);
void wx_try_text(void);
void wx_try_places(void);
void wx_try_programs(void);
void wx_try_rings(void);
void wx_try_personalities(void);

#endif
