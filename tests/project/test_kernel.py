# SPDX-License-Identifier: Apache-2.0
"""The kernel delta: its rules, its size, and that a broken series is noticed."""

import os
import re
import shutil
import subprocess

import budgets
from images import BUILD, TOP, run

K = os.path.join(TOP, "kernel", "k")
ENVIRONMENT = {**os.environ, "BUILD": BUILD}


def test_series_keeps_the_rules_and_round_trips(folder):
    """Headers, no files made by patches, budgets, and tree -> export byte for byte."""
    del folder
    text = run(K, "check", env=ENVIRONMENT)
    patches, lines = map(int, re.search(r"(\d+) patches, (\d+) changed", text).groups())
    budgets.check("kernel_patches", patches)
    budgets.check("kernel_patch_lines", lines)
    with open(os.path.join(TOP, "kernel", "k"), encoding="utf-8") as script:
        assert len(script.readlines()) <= 300


def broken_copy(folder, change):
    """A copy of kernel/ in which @change has broken something; returns what "k check" says."""
    copy = os.path.join(folder, "kernel")
    shutil.copytree(os.path.join(TOP, "kernel"), copy, symlinks=True)
    shutil.copytree(os.path.join(TOP, "abi"), os.path.join(folder, "abi"))
    change(copy)
    result = subprocess.run([os.path.join(copy, "k"), "check"], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, universal_newlines=True, check=False,
                            env=ENVIRONMENT)
    assert result.returncode != 0, result.stdout
    return result.stdout


def edit_first_patch(copy, edit):
    folder = os.path.join(copy, "patches")
    path = os.path.join(folder, sorted(os.listdir(folder))[0])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(edit(text))


def test_patch_without_upstream_status_is_refused(folder):
    text = broken_copy(folder, lambda copy: edit_first_patch(
        copy, lambda patch: re.sub("^Patch-mainline.*\n", "", patch, flags=re.M)))
    assert "no Patch-mainline line" in text, text


def test_patch_without_reason_is_refused(folder):
    text = broken_copy(folder, lambda copy: edit_first_patch(
        copy, lambda patch: re.sub("\n\n.*?\nPatch-mainline", "\n\nPatch-mainline", patch,
                                   count=1, flags=re.S)))
    assert "no reason in its body" in text, text


def test_patch_that_makes_a_file_is_refused(folder):
    text = broken_copy(folder, lambda copy: edit_first_patch(
        copy, lambda patch: patch + "diff --git a/x b/x\nnew file mode 100644\n"))
    assert "belongs in tree/" in text, text


def test_changed_patch_does_not_round_trip(folder):
    text = broken_copy(folder, lambda copy: edit_first_patch(
        copy, lambda patch: patch.replace("xip_phys_base", "xip_other_base")))
    assert "the round trip changed" in text, text


def test_unlisted_patch_is_refused(folder):
    def add(copy):
        with open(os.path.join(copy, "patches", "9999-extra.patch"), "w", encoding="utf-8") as file:
            file.write("nothing\n")
    assert "9999-extra.patch is not in the series" in broken_copy(folder, add)


def test_overlay_that_exists_upstream_is_refused(folder):
    def add(copy):
        os.makedirs(os.path.join(copy, "tree", "kernel"), exist_ok=True)
        with open(os.path.join(copy, "tree", "kernel", "fork.c"), "w", encoding="utf-8") as file:
            file.write("int x;\n")
    text = broken_copy(folder, add)
    assert "fork.c" in text, text


def test_export_keeps_the_newer_file(folder):
    """A file that was edited in kernel/tree survives an export; one that was edited in the build
    tree is taken; one that was edited in both is refused."""
    copy, path = os.path.join(folder, "kernel"), "fs/cramfs/image.c"
    shutil.copytree(os.path.join(TOP, "kernel"), copy, symlinks=True)
    shutil.copytree(os.path.join(TOP, "abi"), os.path.join(folder, "abi"))
    tree = os.path.join(BUILD, "kernel", "src")
    ours, theirs = os.path.join(copy, "tree", path), os.path.join(tree, path)
    k = os.path.join(copy, "k")
    with open(theirs, encoding="utf-8") as file:
        original = file.read()
    dates = os.stat(theirs)
    try:
        with open(ours, "a", encoding="utf-8") as file:
            file.write("/* ours */\n")
        run(k, "export", env=ENVIRONMENT)
        with open(ours, encoding="utf-8") as file:
            assert file.read() == original + "/* ours */\n"
        with open(theirs, "a", encoding="utf-8") as file:
            file.write("/* theirs */\n")
        result = subprocess.run([k, "export"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                universal_newlines=True, check=False, env=ENVIRONMENT)
        assert result.returncode and "changed both" in result.stdout, result
    finally:
        with open(theirs, "w", encoding="utf-8") as file:
            file.write(original)
        os.utime(theirs, ns=(dates.st_atime_ns, dates.st_mtime_ns))


def test_configuration_that_is_not_taken_is_named(folder):
    fragment = os.path.join(folder, "fragment")
    with open(fragment, "w", encoding="utf-8") as file:
        file.write("CONFIG_MMU=y\nCONFIG_NO_SUCH_OPTION=y\n")
    config = os.path.join(BUILD, "kernel", "out", ".config")
    check = os.path.join(TOP, "mk", "kernel-config-check")
    result = subprocess.run([check, fragment, config], stdout=subprocess.PIPE,
                            universal_newlines=True, check=False)
    assert result.returncode == 1, result
    assert result.stdout.count("\n") == 1 and "CONFIG_NO_SUCH_OPTION" in result.stdout, result
