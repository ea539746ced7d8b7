// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executable memory comes only from images that are executed in place, and
 * what is in it never changes.
 *
 * The checks look at the effective protection: with READ_IMPLIES_EXEC the
 * kernel adds PROT_EXEC to what a program asked for.
 */

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mtd/mtd.h>

#include "identity.h"

/*
 * A filesystem that is executed in place from flash which nothing in Linux can
 * write to. It is recognised by what it is, not by a mount flag.
 */
static bool is_image(const struct file *file)
{
	const struct super_block *sb = file_inode(file)->i_sb;

	return sb->s_mtd && !(sb->s_mtd->flags & MTD_WRITEABLE) &&
	       !strcmp(sb->s_type->name, "cramfs");
}

static int spherule_mmap_file(struct file *file, unsigned long reqprot,
			      unsigned long prot, unsigned long flags)
{
	if (!(prot & PROT_EXEC))
		return 0;
	if (!file || !is_image(file) || prot & PROT_WRITE)
		return -EACCES;
	return 0;
}

/*
 * W^X is a matter of history: what was not executable when it was mapped never
 * becomes so, and what is executable never becomes writable.
 */
static int spherule_file_mprotect(struct vm_area_struct *vma,
				  unsigned long reqprot, unsigned long prot)
{
	bool is_executable = vma->vm_flags & VM_EXEC;

	if (prot & PROT_EXEC && (!is_executable || prot & PROT_WRITE))
		return -EACCES;
	if (is_executable && prot & PROT_WRITE)
		return -EACCES;
	return 0;
}

static int spherule_bprm_check_security(struct linux_binprm *bprm)
{
	return is_image(bprm->file) ? 0 : -EACCES;
}

static struct security_hook_list memory_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(mmap_file, spherule_mmap_file),
	LSM_HOOK_INIT(file_mprotect, spherule_file_mprotect),
	LSM_HOOK_INIT(bprm_check_security, spherule_bprm_check_security),
};

void __init spherule_add_memory_hooks(void)
{
	security_add_hooks(memory_hooks, ARRAY_SIZE(memory_hooks),
			   &spherule_lsm_id);
}
