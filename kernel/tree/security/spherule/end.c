// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a program was when a fault of its own ended it: the manager asks after
 * its child has ended and before it collects it, when the registers and the memory
 * of the child are gone.
 *
 * A few notes for the whole device, the newest wins: nothing is added to a task.
 * Only programs that the manager has started are noted, and of their processes
 * the one that leads a session, so that a program that lets hundreds of children
 * fault does not wash away what is known of others.
 */

#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/spherule/lsm.h>
#include <linux/spinlock.h>

#include "identity.h"

#define NOTES	16

static struct {
	pid_t pid;
	struct spherule_end end;
} notes[NOTES];
static unsigned int next_note;
static DEFINE_SPINLOCK(notes_lock);

/* Libraries lie somewhere else at each start: the place in the mapping is what lasts. */
static u32 describe(unsigned long address, u8 *where)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	*where = SPHERULE_END_IN_PROGRAM;
	if (address >= mm->start_code && address < mm->end_code)
		return address;
	*where = SPHERULE_END_NOWHERE;
	mmap_read_lock(mm);
	vma = vma_lookup(mm, address);
	if (vma && vma->vm_file && vma->vm_flags & VM_EXEC) {
		*where = SPHERULE_END_IN_LIBRARY;
		address -= vma->vm_start;
	}
	mmap_read_unlock(mm);
	return address;
}

/* Whom the manager has started leads a session; what an app leaves behind need not. */
static bool is_noted(void)
{
	bool is_child;

	rcu_read_lock();
	is_child = is_global_init(rcu_dereference(current->group_leader->real_parent));
	rcu_read_unlock();
	return is_child && current->signal->leader && current->mm;
}

void spherule_note_end(void)
{
	const struct pt_regs *regs = task_pt_regs(current);
	struct spherule_end end = {};

	if (!spherule_active || !is_noted())
		return;
	end.pc = describe(instruction_pointer(regs), &end.pc_where);
	/* Bit 0 says that the caller is Thumb code. */
	end.lr = describe(regs->ARM_lr & ~1ul, &end.lr_where);
	spin_lock(&notes_lock);
	notes[next_note].pid = task_tgid_nr(current);
	notes[next_note].end = end;
	next_note = (next_note + 1) % NOTES;
	spin_unlock(&notes_lock);
}

int spherule_take_end(pid_t pid, struct spherule_end *end)
{
	int err = -ENODATA;
	unsigned int i;

	spin_lock(&notes_lock);
	for (i = 0; i < NOTES; i++) {
		if (notes[i].pid != pid)
			continue;
		*end = notes[i].end;
		notes[i].pid = 0;
		err = 0;
	}
	spin_unlock(&notes_lock);
	return err;
}
