// SPDX-License-Identifier: Apache-2.0
/* System calls that are compiled out: ENOSYS whatever the arguments, also good ones. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

static struct io_uring_params ring;
static union bpf_attr map = {
	.map_type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = 4,
	.max_entries = 1,
};
static struct perf_event_attr event = {
	.type = PERF_TYPE_SOFTWARE,
	.size = sizeof(event),
	.config = PERF_COUNT_SW_CPU_CLOCK,
	.exclude_kernel = 1,
};
static unsigned long aio_context;
static char memory[4096] __attribute__((aligned(4096)));
static struct { void *base; unsigned long length; } part = { memory, sizeof(memory) };

static const struct call calls[] = {
	{ "H-03", "a call that is there", 0, __NR_getppid, { 0 } },
	{ "H-04", "init_module", ENOSYS, __NR_init_module, { ADDRESS(memory), 4096, ADDRESS("") } },
	{ "H-04", "finit_module", ENOSYS, __NR_finit_module, { 0, ADDRESS(""), 0 } },
	{ "H-04", "delete_module", ENOSYS, __NR_delete_module, { ADDRESS("x"), O_NONBLOCK } },
	{ "H-03", "kexec_load", ENOSYS, __NR_kexec_load, { 0, 0, 0, 0 } },
	{ "H-03", "kexec_file_load", ENOSYS, __NR_kexec_file_load, { 0, -1, 0, ADDRESS(""), 4 } },
	{ "H-03", "bpf map", ENOSYS, __NR_bpf, { BPF_MAP_CREATE, ADDRESS(&map), sizeof(map) } },
	{ "H-03", "bpf program", ENOSYS, __NR_bpf, { BPF_PROG_LOAD, ADDRESS(&map), sizeof(map) } },
	{ "H-03", "bpf walk", ENOSYS, __NR_bpf, { BPF_MAP_GET_NEXT_ID, ADDRESS(&map), 12 } },
	{ "H-92", "perf_event_open", ENOSYS, __NR_perf_event_open, { ADDRESS(&event), 0, -1, -1 } },
	{ "H-76", "userfaultfd", ENOSYS, __NR_userfaultfd, { O_CLOEXEC } },
	{ "H-76", "userfaultfd of user mode", ENOSYS, __NR_userfaultfd, { 1 } },
	{ "H-92", "add_key", ENOSYS, __NR_add_key,
	  { ADDRESS("user"), ADDRESS("k"), ADDRESS("v"), 1, KEY_SPEC_PROCESS_KEYRING } },
	{ "H-92", "request_key", ENOSYS, __NR_request_key,
	  { ADDRESS("user"), ADDRESS("k"), 0, KEY_SPEC_PROCESS_KEYRING } },
	{ "H-92", "keyctl", ENOSYS, __NR_keyctl,
	  { KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1 } },
	{ "H-92", "keyctl join", ENOSYS, __NR_keyctl, { KEYCTL_JOIN_SESSION_KEYRING, 0 } },
	{ "H-76", "io_uring_setup", ENOSYS, __NR_io_uring_setup, { 4, ADDRESS(&ring) } },
	{ "H-76", "io_uring_enter", ENOSYS, __NR_io_uring_enter, { 0, 1, 0, 0, 0, 0 } },
	{ "H-76", "io_uring_register", ENOSYS, __NR_io_uring_register, { -1, 0, 0, 0 } },
	{ "H-03", "io_setup", ENOSYS, __NR_io_setup, { 1, ADDRESS(&aio_context) } },
	{ "H-03", "io_submit", ENOSYS, __NR_io_submit, { 0, 0, 0 } },
	{ "H-03", "io_getevents", ENOSYS, __NR_io_getevents, { 0, 0, 0, 0, 0 } },
	{ "H-03", "io_pgetevents", ENOSYS, __NR_io_pgetevents, { 0, 0, 0, 0, 0, 0 } },
	{ "H-03", "io_cancel", ENOSYS, __NR_io_cancel, { 0, 0, 0 } },
	{ "H-03", "io_destroy", ENOSYS, __NR_io_destroy, { 0 } },
	{ "H-03", "kcmp", ENOSYS, __NR_kcmp, { 1, 1, 0, 0, 0 } },
	{ "H-03", "rseq", ENOSYS, __NR_rseq, { ADDRESS(memory), 32, 0, 0x53053053 } },
	{ "H-03", "cachestat", ENOSYS, __NR_cachestat, { 0, ADDRESS(memory), ADDRESS(memory), 0 } },
	{ "H-92", "process_vm_readv", ENOSYS, __NR_process_vm_readv,
	  { 1, ADDRESS(&part), 1, ADDRESS(&part), 1, 0 } },
	{ "H-92", "process_vm_writev", ENOSYS, __NR_process_vm_writev,
	  { 1, ADDRESS(&part), 1, ADDRESS(&part), 1, 0 } },
	{ "H-04", "acct", ENOSYS, __NR_acct, { 0 } },
	{ "H-04", "swapon", ENOSYS, __NR_swapon, { ADDRESS("/dev/mtd0ro"), 0 } },
	{ "H-04", "swapoff", ENOSYS, __NR_swapoff, { ADDRESS("/dev/mtd0ro") } },
	/* Limits are set by a descriptor (keeper), because there are no block devices. */
	{ "H-77", "quotactl by a node", EPERM, __NR_quotactl,
	  { 0x800008 << 8, ADDRESS("/dev/null"), 0, ADDRESS(memory) } },
	{ "H-77", "quotactl_fd where there are no limits", EPERM, __NR_quotactl_fd,
	  { 0, 0x800008 << 8, 0, ADDRESS(memory) } },
	{ "H-04", "name_to_handle_at", ENOSYS, __NR_name_to_handle_at,
	  { AT_FDCWD, ADDRESS("."), ADDRESS(memory), ADDRESS(memory), 0 } },
	{ "H-04", "open_by_handle_at", ENOSYS, __NR_open_by_handle_at,
	  { AT_FDCWD, ADDRESS(memory), 0 } },
	{ "H-04", "fanotify_init", ENOSYS, __NR_fanotify_init, { 0, 0 } },
	{ "H-04", "inotify_init1", ENOSYS, __NR_inotify_init1, { 0 } },
	{ "H-04", "uselib", ENOSYS, __NR_uselib, { ADDRESS("bin/doors") } },
	{ "H-04", "nfsservctl", ENOSYS, __NR_nfsservctl, { 0, 0, 0 } },
	{ "H-04", "_sysctl", ENOSYS, __NR__sysctl, { ADDRESS(memory) } },
	{ "AS-27", "semget", ENOSYS, __NR_semget, { 0, 1, 0600 } },
	{ "AS-27", "semop", ENOSYS, __NR_semop, { 0, ADDRESS(memory), 1 } },
	{ "AS-27", "semctl", ENOSYS, __NR_semctl, { 0, 0, 0, 0 } },
	{ "AS-27", "semtimedop", ENOSYS, __NR_semtimedop, { 0, ADDRESS(memory), 1, 0 } },
	{ "AS-27", "msgget", ENOSYS, __NR_msgget, { 0, 0600 } },
	{ "AS-27", "msgsnd", ENOSYS, __NR_msgsnd, { 0, ADDRESS(memory), 1, 0 } },
	{ "AS-27", "msgrcv", ENOSYS, __NR_msgrcv, { 0, ADDRESS(memory), 1, 0, 0 } },
	{ "AS-27", "msgctl", ENOSYS, __NR_msgctl, { 0, 0, ADDRESS(memory) } },
	{ "AS-27", "shmget", ENOSYS, __NR_shmget, { 0, 4096, 0600 } },
	{ "AS-27", "shmat", ENOSYS, __NR_shmat, { 0, 0, 0 } },
	{ "AS-27", "shmdt", ENOSYS, __NR_shmdt, { ADDRESS(memory) } },
	{ "AS-27", "shmctl", ENOSYS, __NR_shmctl, { 0, 0, ADDRESS(memory) } },
	{ "AS-27", "mq_open", ENOSYS, __NR_mq_open, { ADDRESS("q"), O_CREAT | O_RDWR, 0600, 0 } },
	{ "AS-27", "mq_unlink", ENOSYS, __NR_mq_unlink, { ADDRESS("q") } },
	{ "AS-27", "mq_timedsend", ENOSYS, __NR_mq_timedsend, { 0, ADDRESS(memory), 1, 0, 0 } },
	{ "AS-27", "mq_timedreceive", ENOSYS, __NR_mq_timedreceive,
	  { 0, ADDRESS(memory), 1, 0, 0 } },
	{ "AS-27", "mq_notify", ENOSYS, __NR_mq_notify, { 0, 0 } },
	{ "AS-27", "mq_getsetattr", ENOSYS, __NR_mq_getsetattr, { 0, 0, 0 } },
};

void try_absent(void)
{
	try_calls(calls, ARRAY_SIZE(calls));
}
