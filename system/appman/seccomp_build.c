// SPDX-License-Identifier: Apache-2.0
/* The program of the filter of system calls. */

#include <errno.h>
#include <linux/seccomp.h>

#include "seccomp.h"

static const uint32_t values[SECCOMP_ANSWER_COUNT] = {
	[SECCOMP_ABSENT] = SECCOMP_RET_ERRNO | ENOSYS,
	[SECCOMP_REFUSED] = SECCOMP_RET_ERRNO | EPERM,
	[SECCOMP_ALLOWED] = SECCOMP_RET_ALLOW,
};

struct writer {
	struct sock_filter *program;
	size_t room, used;
};

static int append(struct writer *writer, struct sock_filter instruction)
{
	if (writer->used == writer->room)
		return -ERANGE;
	writer->program[writer->used++] = instruction;
	return 0;
}

/* "From @first on the answer is ...", when what comes before has not answered already. */
static int append_range(struct writer *writer, uint32_t first, enum seccomp_answer answer)
{
	const struct sock_filter compare = BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first, 0, 1);
	const struct sock_filter answers = BPF_STMT(BPF_RET | BPF_K, values[answer]);
	int err = first ? append(writer, compare) : 0;

	return err ? err : append(writer, answers);
}

/* Numbers mean something only together with the architecture that they are of. */
static int append_begin(struct writer *writer, uint32_t architecture)
{
	const struct sock_filter begin[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]) && !err; i++)
		err = append(writer, begin[i]);
	return err;
}

/* One range for calls in a row that have the same answer. */
static int append_block(struct writer *writer, const struct seccomp_block *block)
{
	int err = append_range(writer, block->first + (uint32_t)block->count, SECCOMP_ABSENT);

	for (size_t i = block->count; i-- > 0 && !err;)
		if (!i || block->answers[i - 1] != block->answers[i])
			err = append_range(writer, block->first + (uint32_t)i,
					   (enum seccomp_answer)block->answers[i]);
	return err;
}

/* From above: each range ends where one that was already looked at begins. */
int seccomp_build(const struct seccomp_block *blocks, size_t count, uint32_t architecture,
		  struct sock_filter *program, size_t room)
{
	struct writer writer = { .program = program, .room = room };
	int err = append_begin(&writer, architecture);

	while (count-- > 0 && !err)
		err = append_block(&writer, &blocks[count]);
	return err ? err : (int)writer.used;
}
