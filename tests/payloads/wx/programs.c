// SPDX-License-Identifier: Apache-2.0
/* execve() of what is not a program of an image, by every way to name it. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "wx.h"

/* What it exits with when it cannot map the program that it is to load (musl, ldso/dynlink.c). */
#define LOADER		"/lib/ld-musl-armhf.so.1"
#define LOADER_FAILED	1

/* Only who can be executed comes to main(), which then ends with WX_CHILD_STATUS. */
static char *const arguments[] = { "wx", WX_CHILD_ARGUMENT, NULL };
static char *const no_environment[] = { NULL };

/* Descriptors have to stay open: the path to one is followed after others would be closed. */
static int copy_of_program(unsigned int flags)
{
	int fd = wx_memory_file(flags), program = wx_open_program();
	char buffer[512];
	ssize_t length;

	while ((length = read(program, buffer, sizeof(buffer))) > 0)
		if (write(fd, buffer, (size_t)length) != length)
			return -1;
	attempt_close(program);
	return length < 0 ? -1 : fd;
}

static int sealed_copy(void)
{
	int fd = copy_of_program(MEMFD_ALLOW_SEALING | MEMFD_EXEC);

	if (fd >= 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) < 0)
		return -1;
	return fd;
}

static int script(void)
{
	static const char text[] = "#!/mnt/apps/0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1c10/bin/wx\n";
	int fd = wx_memory_file(MEMFD_EXEC);

	return write(fd, text, sizeof(text) - 1) < 0 ? -1 : fd;
}

/* 0 when the program ran; execve() itself returns only with its error. */
static int status_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	if (errno == WX_CHILD_STATUS)
		return 0;
	return -1;
}

static int execute_at(int folder, const char *path, int flags)
{
	pid_t pid = fork();

	if (pid == 0) {
		syscall(SYS_execveat, folder, path, arguments, no_environment, flags);
		_exit(errno);
	}
	return status_of(pid);
}

static int execute_path(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, arguments, no_environment);
		_exit(errno);
	}
	return status_of(pid);
}

static int execute_descriptor(int fd)
{
	return fd < 0 ? -1 : execute_at(fd, "", AT_EMPTY_PATH);
}

static int execute_by_path_of(const char *folder, int fd)
{
	char path[64];

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "%s%d", folder, fd);
	return execute_path(path);
}

/* The system's loader maps the program itself. */
static int load(const char *path)
{
	char *const command[] = { LOADER, (char *)path, WX_CHILD_ARGUMENT, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execve(LOADER, command, no_environment);
		_exit(errno);
	}
	return status_of(pid);
}

static int own_program(void) { return execute_path(wx_program); }
static int own_program_in_proc(void) { return execute_path("/proc/self/exe"); }
static int own_descriptor(void) { return execute_descriptor(wx_open_program()); }
static int own_path(void) { return execute_descriptor(open(wx_program, O_PATH)); }
static int own_descriptor_in_proc(void)
{
	return execute_by_path_of("/proc/self/fd/", wx_open_program());
}
static int own_relative(void)
{
	return execute_at(open("bin", O_RDONLY | O_DIRECTORY), "wx", 0);
}

static int memory_file(void) { return execute_descriptor(copy_of_program(0)); }
static int memory_file_to_execute(void) { return execute_descriptor(copy_of_program(MEMFD_EXEC)); }
static int memory_file_for_data(void)
{
	return execute_descriptor(copy_of_program(MEMFD_NOEXEC_SEAL));
}
static int memory_file_sealed(void) { return execute_descriptor(sealed_copy()); }
static int memory_file_in_proc(void)
{
	return execute_by_path_of("/proc/self/fd/", copy_of_program(MEMFD_EXEC));
}
static int memory_file_of_thread(void)
{
	return execute_by_path_of("/proc/thread-self/fd/", copy_of_program(MEMFD_EXEC));
}
static int memory_file_relative(void)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", copy_of_program(MEMFD_EXEC));
	return execute_at(open("/proc/self/fd", O_RDONLY | O_DIRECTORY), name, 0);
}
static int memory_file_by_libc(void)
{
	int fd = copy_of_program(MEMFD_EXEC);
	pid_t pid = fork();

	if (pid == 0) {
		fexecve(fd, arguments, no_environment);
		_exit(errno);
	}
	return status_of(pid);
}
static int memory_file_mode(void)
{
	int fd = copy_of_program(0);

	return fchmod(fd, 0700) < 0 ? -1 : execute_descriptor(fd);
}

static int execute_script(void) { return execute_descriptor(script()); }
static int load_program(void) { return load(wx_program); }
static int load_memory_file(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy_of_program(MEMFD_EXEC));
	return load(path);
}
static int manifest(void) { return execute_path("app_manifest.json"); }
static int manifest_descriptor(void)
{
	return execute_descriptor(open("app_manifest.json", O_RDONLY));
}
static int null_device(void) { return execute_path("/dev/null"); }
static int own_folder(void) { return execute_path("bin"); }
static int own_memory(void) { return execute_path("/proc/self/mem"); }
static int own_environment(void) { return execute_path("/proc/self/environ"); }
static int event_file(void) { return execute_descriptor(eventfd(0, 0)); }
static int event_file_in_proc(void) { return execute_by_path_of("/proc/self/fd/", eventfd(0, 0)); }
static int unix_socket(void) { return execute_descriptor(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int pipe_end(void)
{
	int ends[2];

	return pipe(ends) < 0 ? -1 : execute_descriptor(ends[0]);
}

static const struct attempt attempts[] = {
	{ "AS-07", "execute its program", own_program, 0 },
	{ "AS-07", "execute its program by /proc/self/exe", own_program_in_proc, 0 },
	{ "AS-07", "execute its program by a descriptor", own_descriptor, 0 },
	{ "AS-07", "execute its program by a path's descriptor", own_path, 0 },
	{ "AS-07", "execute its program by a descriptor in /proc", own_descriptor_in_proc, 0 },
	{ "AS-07", "execute its program relative to a folder", own_relative, 0 },
	{ "AS-07", "let the loader load its program", load_program, 0 },
	{ "AS-07", "execute a memory file", memory_file, EACCES },
	{ "AS-07", "execute a memory file made to be executed", memory_file_to_execute, EACCES },
	{ "AS-07", "execute a memory file for data", memory_file_for_data, EACCES },
	{ "AS-07", "execute a sealed memory file", memory_file_sealed, EACCES },
	{ "AS-07", "execute a memory file after chmod", memory_file_mode, EACCES },
	{ "AS-07", "execute a memory file by /proc/self/fd", memory_file_in_proc, EACCES },
	{ "AS-07", "execute a memory file by /proc/thread-self/fd", memory_file_of_thread, EACCES },
	{ "AS-07", "execute a memory file relative to its folder", memory_file_relative, EACCES },
	{ "AS-07", "execute a memory file by libc", memory_file_by_libc, EACCES },
	{ "AS-07", "execute a script in a memory file", execute_script, EACCES },
	{ "AS-07", "let the loader load a memory file", load_memory_file, LOADER_FAILED },
	{ "H-72", "execute its manifest", manifest, EACCES },
	{ "H-72", "execute its manifest by a descriptor", manifest_descriptor, EACCES },
	{ "H-72", "execute /dev/null", null_device, EACCES },
	{ "H-72", "execute a folder", own_folder, EACCES },
	{ "H-72", "execute its memory", own_memory, EACCES },
	{ "H-72", "execute its environment", own_environment, EACCES },
	{ "H-72", "execute an event file", event_file, EACCES },
	{ "H-72", "execute an event file by /proc/self/fd", event_file_in_proc, EACCES },
	{ "H-72", "execute a socket", unix_socket, EACCES },
	{ "H-72", "execute a pipe", pipe_end, EACCES },
};

void wx_try_programs(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
}
