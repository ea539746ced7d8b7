// SPDX-License-Identifier: Apache-2.0
/* Reads a folder, breadth first, without following links. */
#include "host/sph/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/sph/file.h"

struct name_list {
	char **names;
	size_t count;
	size_t capacity;
};

static int complain_errno(struct complaint *complaint, const char *path)
{
	return complain(complaint, E_PACK_IO, "%s: cannot be read: %s",
			*path ? path : ".", strerror(errno));
}

/* A new node under @parent; NULL when there is no memory. */
static struct tree_node *add_node(struct tree *tree, unsigned int parent,
				  const char *name)
{
	struct tree_node *node;

	if (tree->count == tree->capacity) {
		unsigned int capacity = tree->capacity * 2 + 64;

		node = realloc(tree->nodes, capacity * sizeof(*node));
		if (!node)
			return NULL;
		tree->nodes = node;
		tree->capacity = capacity;
	}
	node = &tree->nodes[tree->count];
	memset(node, 0, sizeof(*node));
	node->parent = parent;
	if (asprintf(&node->path, "%s%s%s", tree->nodes[parent].path ?: "",
		     *(tree->nodes[parent].path ?: "") ? "/" : "", name) < 0)
		return NULL;
	node->name = node->path + strlen(node->path) - strlen(name);
	tree->count++;
	return node;
}

/* Opens the directory @path step by step: O_NOFOLLOW looks at the last part only. */
static int open_beneath(const char *folder, const char *path)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && *path) {
		size_t length = strcspn(path, "/");
		char *part = strndup(path, length);
		int next = -1;

		if (part)
			next = openat(fd, part,
				      O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					      O_CLOEXEC);
		free(part);
		close(fd);
		fd = next;
		path += length + (path[length] == '/');
	}
	return fd;
}

static int check_mode(mode_t mode, const char *path,
		      struct complaint *complaint)
{
	if (!S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode))
		return complain(complaint, E_PACK_DEVICE_NODE,
				"%s: must not be a device, fifo or socket",
				path);
	if (mode & (S_ISUID | S_ISGID | S_ISVTX))
		return complain(
			complaint, E_PACK_SETID,
			"%s: must not have a set-id or sticky bit: mode %04o",
			*path ? path : ".", (unsigned int)(mode & 07777));
	return 0;
}

static int read_link(int folder_fd, struct tree_node *node,
		     struct complaint *complaint)
{
	char target[PATH_MAX];
	ssize_t length =
		readlinkat(folder_fd, node->name, target, sizeof(target) - 1);

	if (length < 0)
		return complain_errno(complaint, node->path);
	target[length] = '\0';
	node->kind = TREE_SYMLINK;
	node->size = (uint32_t)length;
	node->data = (uint8_t *)strdup(target);
	return node->data ? 0 : complain_errno(complaint, node->path);
}

static int read_regular(int folder_fd, struct tree_node *node,
			struct complaint *complaint)
{
	struct bytes bytes = { NULL, 0 };
	struct stat status;
	int result;
	/* Non-blocking: a fifo may have taken the place of the file. */
	int fd = openat(folder_fd, node->name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return complain_errno(complaint, node->path);
	if (fstat(fd, &status)) {
		result = complain_errno(complaint, node->path);
		goto out;
	}
	result = check_mode(status.st_mode, node->path, complaint);
	if (result)
		goto out;
	result = file_read_fd(fd, node->path, TREE_MAX_FILE_BYTES, &bytes,
			      complaint);
	node->kind = TREE_FILE;
	node->executable = status.st_mode & 0111;
	node->data = bytes.data;
	node->size = (uint32_t)bytes.length;
out:
	close(fd);
	return result;
}

static int add_entry(struct tree *tree, unsigned int parent, int folder_fd,
		     const char *name, struct complaint *complaint)
{
	struct tree_node *node = add_node(tree, parent, name);
	struct stat status;
	int result;

	if (!node)
		return complain(complaint, E_PACK_IO, "out of memory");
	if (strlen(name) > TREE_MAX_NAME_BYTES)
		return complain(complaint, E_PACK_NAME,
				"%s: names must have at most %d bytes",
				node->path, TREE_MAX_NAME_BYTES);
	if (fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW))
		return complain_errno(complaint, node->path);
	result = check_mode(status.st_mode, node->path, complaint);
	if (result)
		return result;
	if (S_ISLNK(status.st_mode))
		return read_link(folder_fd, node, complaint);
	if (S_ISREG(status.st_mode))
		return read_regular(folder_fd, node, complaint);
	node->kind = TREE_DIRECTORY;
	if (tree_level(tree, (unsigned int)(node - tree->nodes)) > TREE_MAX_LEVEL)
		return complain(complaint, E_PACK_DEPTH,
				"%s: folders must be at most %d deep",
				node->path, TREE_MAX_LEVEL);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(struct name_list *list, const char *name)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity * 2 + 64;
		char **names = realloc(list->names, capacity * sizeof(*names));

		if (!names)
			return -1;
		list->names = names;
		list->capacity = capacity;
	}
	list->names[list->count] = strdup(name);
	return list->names[list->count++] ? 0 : -1;
}

/* All names of an open directory, sorted.  Returns -1 with errno set. */
static int list_names(DIR *folder, struct name_list *list)
{
	struct dirent *entry;

	while (errno = 0, (entry = readdir(folder))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (add_name(list, entry->d_name))
			return -1;
	}
	if (errno)
		return -1;
	if (list->count)
		qsort(list->names, list->count, sizeof(*list->names),
		      compare_names);
	return 0;
}

static void free_names(struct name_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

static int scan_directory(struct tree *tree, unsigned int index,
			  const char *folder, struct complaint *complaint)
{
	const char *path = tree->nodes[index].path;
	struct name_list list = { NULL, 0, 0 };
	struct stat status;
	DIR *stream = NULL;
	int fd = open_beneath(folder, path);
	int result = -1;
	size_t i;

	if (fd >= 0)
		stream = fdopendir(fd);
	if (!stream || fstat(fd, &status) || list_names(stream, &list)) {
		result = complain_errno(complaint, *path ? path : folder);
		goto out;
	}
	result = check_mode(status.st_mode, path, complaint);
	tree->nodes[index].first_child = tree->count;
	tree->nodes[index].child_count = (unsigned int)list.count;
	for (i = 0; i < list.count && !result; i++)
		result = add_entry(tree, index, fd, list.names[i], complaint);
out:
	free_names(&list);
	if (stream)
		closedir(stream);
	else if (fd >= 0)
		close(fd);
	return result;
}

int tree_scan(const char *folder, struct tree *tree,
	      struct complaint *complaint)
{
	unsigned int i;
	int result = 0;

	memset(tree, 0, sizeof(*tree));
	tree->nodes = calloc(64, sizeof(*tree->nodes));
	tree->capacity = 64;
	if (!tree->nodes || !add_node(tree, 0, ""))
		return complain(complaint, E_PACK_IO, "out of memory");
	for (i = 0; i < tree->count && !result; i++) {
		if (tree->nodes[i].kind == TREE_DIRECTORY)
			result = scan_directory(tree, i, folder, complaint);
	}
	return result;
}

void tree_free(struct tree *tree)
{
	unsigned int i;

	for (i = 0; i < tree->count; i++) {
		free(tree->nodes[i].path);
		free(tree->nodes[i].data);
	}
	free(tree->nodes);
	memset(tree, 0, sizeof(*tree));
}

unsigned int tree_find(const struct tree *tree, const char *path)
{
	unsigned int i;

	for (i = 1; i < tree->count; i++) {
		if (!strcmp(tree->nodes[i].path, path))
			return i;
	}
	return 0;
}
