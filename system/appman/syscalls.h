/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of system calls: what an app can ask of the kernel.  What is not here is ENOSYS.
 *
 * A call is here because musl or applibs make it or programs for Linux expect it; what it may be used
 * for is decided by the LSM (docs/lsm.md).  A refusal is an error and not the end of the app: the C
 * library tries newer calls first and falls back, and a gap in this table must not look like a crash.
 *
 * tests/attacks/syscalls.txt is the golden list of what is reached in the end.
 * Numbers: Linux, arch/arm/tools/syscall.tbl.  Included by seccomp.c only.
 */
#ifndef APPMAN_SYSCALLS_H
#define APPMAN_SYSCALLS_H

#include <asm/unistd.h>

#include "seccomp.h"

#define ALLOW(name)	[__NR_##name] = SECCOMP_ALLOWED
#define REFUSE(name)	[__NR_##name] = SECCOMP_REFUSED

static const uint8_t syscalls[] = {
	/* Files and folders. */
	ALLOW(read), ALLOW(write), ALLOW(open), ALLOW(close), ALLOW(creat), ALLOW(link),
	ALLOW(unlink), ALLOW(chdir), ALLOW(chmod), ALLOW(lseek), ALLOW(_llseek), ALLOW(access),
	ALLOW(rename), ALLOW(mkdir), ALLOW(rmdir), ALLOW(dup), ALLOW(dup2), ALLOW(dup3),
	ALLOW(pipe), ALLOW(pipe2), ALLOW(fcntl), ALLOW(fcntl64), ALLOW(ioctl), ALLOW(umask),
	ALLOW(symlink), ALLOW(readlink), ALLOW(truncate), ALLOW(ftruncate), ALLOW(truncate64),
	ALLOW(ftruncate64), ALLOW(fchmod), ALLOW(statfs), ALLOW(fstatfs), ALLOW(statfs64),
	ALLOW(fstatfs64), ALLOW(stat), ALLOW(lstat), ALLOW(fstat), ALLOW(stat64), ALLOW(lstat64),
	ALLOW(fstat64), ALLOW(statx), ALLOW(fsync), ALLOW(fdatasync), ALLOW(arm_sync_file_range),
	ALLOW(fchdir), ALLOW(getdents), ALLOW(getdents64), ALLOW(readv), ALLOW(writev),
	ALLOW(preadv), ALLOW(pwritev), ALLOW(preadv2), ALLOW(pwritev2), ALLOW(pread64),
	ALLOW(pwrite64), ALLOW(getcwd), ALLOW(sendfile), ALLOW(sendfile64), ALLOW(copy_file_range),
	ALLOW(splice), ALLOW(tee), ALLOW(vmsplice), ALLOW(readahead), ALLOW(fallocate),
	ALLOW(arm_fadvise64_64), ALLOW(openat), ALLOW(openat2), ALLOW(mkdirat), ALLOW(mknod),
	ALLOW(mknodat), ALLOW(fstatat64), ALLOW(unlinkat), ALLOW(renameat), ALLOW(renameat2),
	ALLOW(linkat), ALLOW(symlinkat), ALLOW(readlinkat), ALLOW(fchmodat), ALLOW(fchmodat2),
	ALLOW(faccessat), ALLOW(faccessat2), ALLOW(utimes), ALLOW(futimesat), ALLOW(utimensat),
	ALLOW(utimensat_time64), ALLOW(close_range), ALLOW(setxattr), ALLOW(lsetxattr),
	ALLOW(fsetxattr), ALLOW(getxattr), ALLOW(lgetxattr), ALLOW(fgetxattr), ALLOW(listxattr),
	ALLOW(llistxattr), ALLOW(flistxattr), ALLOW(removexattr), ALLOW(lremovexattr),
	ALLOW(fremovexattr), ALLOW(chown32), ALLOW(lchown32), ALLOW(fchown32), ALLOW(fchownat),
	ALLOW(sync), ALLOW(syncfs), ALLOW(memfd_create),

	/* Memory. */
	ALLOW(brk), ALLOW(mmap2), ALLOW(munmap), ALLOW(mprotect), ALLOW(mremap),
	ALLOW(remap_file_pages), ALLOW(msync), ALLOW(mincore),

	/* Waiting for files. */
	ALLOW(poll), ALLOW(ppoll), ALLOW(ppoll_time64), ALLOW(_newselect), ALLOW(pselect6),
	ALLOW(pselect6_time64), ALLOW(epoll_create), ALLOW(epoll_create1), ALLOW(epoll_ctl),
	ALLOW(epoll_wait), ALLOW(epoll_pwait), ALLOW(epoll_pwait2), ALLOW(eventfd), ALLOW(eventfd2),
	ALLOW(signalfd), ALLOW(signalfd4), ALLOW(timerfd_create), ALLOW(timerfd_settime),
	ALLOW(timerfd_gettime), ALLOW(timerfd_settime64), ALLOW(timerfd_gettime64),

	/* Sockets. */
	ALLOW(socket), ALLOW(socketpair), ALLOW(bind), ALLOW(connect), ALLOW(listen), ALLOW(accept),
	ALLOW(accept4), ALLOW(getsockname), ALLOW(getpeername), ALLOW(send), ALLOW(sendto),
	ALLOW(sendmsg), ALLOW(sendmmsg), ALLOW(recv), ALLOW(recvfrom), ALLOW(recvmsg),
	ALLOW(recvmmsg), ALLOW(recvmmsg_time64), ALLOW(shutdown), ALLOW(setsockopt),
	ALLOW(getsockopt),

	/* Processes and threads. */
	ALLOW(exit), ALLOW(exit_group), ALLOW(fork), ALLOW(vfork), ALLOW(clone), ALLOW(clone3),
	ALLOW(execve), ALLOW(execveat), ALLOW(wait4), ALLOW(waitid), ALLOW(getpid), ALLOW(getppid),
	ALLOW(gettid), ALLOW(getpgrp), ALLOW(getpgid), ALLOW(getsid), ALLOW(setpgid), ALLOW(setsid),
	ALLOW(set_tid_address), ALLOW(set_robust_list), ALLOW(get_robust_list), ALLOW(futex),
	ALLOW(futex_time64), ALLOW(sched_yield), ALLOW(sched_getaffinity), ALLOW(sched_setaffinity),
	ALLOW(sched_getparam), ALLOW(sched_setparam), ALLOW(sched_getscheduler),
	ALLOW(sched_setscheduler), ALLOW(sched_getattr), ALLOW(sched_get_priority_max),
	ALLOW(sched_get_priority_min), ALLOW(sched_rr_get_interval),
	ALLOW(sched_rr_get_interval_time64), ALLOW(getcpu), ALLOW(nice), ALLOW(getpriority),
	ALLOW(setpriority), ALLOW(prctl), ALLOW(getrusage), ALLOW(setrlimit), ALLOW(ugetrlimit),
	ALLOW(prlimit64), ALLOW(times), ALLOW(pidfd_open), ALLOW(pidfd_send_signal),
	ALLOW(pidfd_getfd),

	/* Signals. */
	ALLOW(kill), ALLOW(tkill), ALLOW(tgkill), ALLOW(pause), ALLOW(sigaction), ALLOW(sigsuspend),
	ALLOW(sigpending), ALLOW(sigprocmask), ALLOW(sigreturn), ALLOW(sigaltstack),
	ALLOW(rt_sigreturn), ALLOW(rt_sigaction), ALLOW(rt_sigprocmask), ALLOW(rt_sigpending),
	ALLOW(rt_sigtimedwait), ALLOW(rt_sigtimedwait_time64), ALLOW(rt_sigqueueinfo),
	ALLOW(rt_tgsigqueueinfo), ALLOW(rt_sigsuspend), ALLOW(restart_syscall),

	/* Time. */
	ALLOW(gettimeofday), ALLOW(nanosleep), ALLOW(clock_gettime), ALLOW(clock_gettime64),
	ALLOW(clock_getres), ALLOW(clock_getres_time64), ALLOW(clock_nanosleep),
	ALLOW(clock_nanosleep_time64), ALLOW(setitimer), ALLOW(getitimer), ALLOW(timer_create),
	ALLOW(timer_settime), ALLOW(timer_settime64), ALLOW(timer_gettime), ALLOW(timer_gettime64),
	ALLOW(timer_getoverrun), ALLOW(timer_delete),

	/* Who one is.  The LSM keeps the ids as they are. */
	ALLOW(getuid32), ALLOW(getgid32), ALLOW(geteuid32), ALLOW(getegid32), ALLOW(getgroups32),
	ALLOW(getresuid32), ALLOW(getresgid32), ALLOW(setuid32), ALLOW(setgid32), ALLOW(setreuid32),
	ALLOW(setregid32), ALLOW(setresuid32), ALLOW(setresgid32), ALLOW(setfsuid32),
	ALLOW(setfsgid32), ALLOW(capget), ALLOW(capset), ALLOW(lsm_get_self_attr), ALLOW(uname),
	ALLOW(sysinfo), ALLOW(getrandom),

	/* What a bit of an identity opens: the LSM decides (docs/lsm.md). */
	ALLOW(ptrace), ALLOW(settimeofday), ALLOW(clock_settime), ALLOW(clock_settime64),
	ALLOW(reboot), ALLOW(syslog),

	/* Refused, not absent: programs probe for these and expect EPERM. */
	REFUSE(personality), REFUSE(unshare), REFUSE(mount), REFUSE(umount2), REFUSE(chroot),
	REFUSE(sethostname), REFUSE(vhangup), REFUSE(setdomainname), REFUSE(mlock), REFUSE(mlock2),
	REFUSE(mlockall), REFUSE(quotactl), REFUSE(quotactl_fd), REFUSE(sched_setattr),
	REFUSE(adjtimex), REFUSE(clock_adjtime), REFUSE(clock_adjtime64), REFUSE(open_tree),
	REFUSE(fsconfig), REFUSE(setgroups32), REFUSE(pivot_root), REFUSE(setns),
	REFUSE(move_mount), REFUSE(fsopen), REFUSE(fsmount), REFUSE(fspick), REFUSE(mount_setattr),
	REFUSE(lsm_set_self_attr),
};

/* Of this architecture alone, from __ARM_NR_BASE on. */
static const uint8_t private_syscalls[] = {
	[__ARM_NR_breakpoint - __ARM_NR_BASE] = SECCOMP_ALLOWED,
	[__ARM_NR_cacheflush - __ARM_NR_BASE] = SECCOMP_ALLOWED,
	[__ARM_NR_set_tls - __ARM_NR_BASE] = SECCOMP_ALLOWED,
	[__ARM_NR_get_tls - __ARM_NR_BASE] = SECCOMP_ALLOWED,
};

#endif
