# SPDX-License-Identifier: Apache-2.0
"""Execution in place: what programs, their data, reading and mounting take of the RAM, and that an
image stays mounted for as long as somebody uses it.  The program is tests/xip."""

import concurrent.futures
import json
import os
import threading

import budgets
import xip
from images import SPH, run

PAGE_KIB = 4
# A page more is a kernel worker that woke up, a slab page, a page of the stack.
NOISE_KIB = 8

lock = threading.Lock()
consoles = {}		# "all": the future console; the boot is the same for all tests


def console(folder):
    with lock:
        future = consoles.get("all")
        mine = future is None
        if mine:
            future = consoles["all"] = concurrent.futures.Future()
    if mine:
        try:
            future.set_result(xip.run(folder))
        except Exception as error:		# pylint: disable=broad-except
            future.set_exception(error)
    return future.result()


def test_text_and_constants_cost_no_page(folder):
    """For a static program, a dynamic one, its library, and pid 1."""
    mappings = xip.mappings(console(folder))
    for name in ("sleeper", "dynamic", "hello", "xip"):
        text = [m for m in mappings if m[0] == name and m[1] == "r-x"]
        assert text and sum(m[2] for m in text) >= PAGE_KIB, mappings
        assert not [m for m in text if m[3]], text
    libraries = {m[4] for m in mappings if m[0] == "dynamic" and m[1] == "r-x"}
    assert "/usr/lib/libc.so" in libraries, libraries
    budgets.check("xip_text_resident_kib", xip.figures(console(folder))["xip_text_resident_kib"])


def test_a_sleeping_app_has_one_page_of_data(folder):
    mappings = xip.mappings(console(folder))
    assert sum(m[3] for m in mappings if m[0] == "sleeper") == PAGE_KIB, mappings


def test_sph_tells_what_files_cost(folder):
    """What "sph image show --ram" says of programs and libraries is what the device does."""
    place = os.path.join(folder, "image")
    os.mkdir(place)
    image = xip.make_rootfs(place, "all", 0, 0)
    shown = json.loads(run(SPH, "image", "show", "--json", "--ram", image))
    told = {entry["name"]: entry["ram"] for entry in shown["files"] if "ram" in entry}
    mappings = xip.mappings(console(folder))
    for name, path in (("sleeper", "/bin/sleeper"), ("dynamic", "/bin/dynamic"),
                       ("dynamic", "/usr/lib/libc.so"), ("hello", "/bin/hello"),
                       ("xip", "/bin/appman")):
        of_file = [m for m in mappings if m[0] == name and m[4] == path]
        text_kib = sum(m[2] for m in of_file if m[1] == "r-x")
        data_kib = sum(m[3] for m in of_file if m[1] == "rw-")
        cost = told[path.rsplit("/", 1)[1]]
        assert cost["in_place_kib"] == text_kib and cost["cache_kib"] == 0, (path, cost, of_file)
        assert cost["start_kib"] <= data_kib <= cost["most_kib"], (path, cost, of_file)
    assert told["sleeper"]["start_kib"] == PAGE_KIB, told["sleeper"]


def test_data_is_copied_once(folder):
    """Reading takes nothing; writing takes a page for each page, none of them in the page cache."""
    copies = xip.copies(console(folder))
    assert copies["read"]["pages"] == 64 and copies["read"]["rss_kib"] == 0, copies
    assert copies["first"]["rss_kib"] == PAGE_KIB, copies
    for what in ("first", "written"):
        pages = copies[what]["pages"]
        assert copies[what]["rss_kib"] == pages * PAGE_KIB, copies
        assert copies[what]["cache_kib"] == 0, copies
        assert 0 <= copies[what]["used_kib"] - pages * PAGE_KIB <= NOISE_KIB, copies
    budgets.check("xip_data_copies_per_page",
                  xip.figures(console(folder))["xip_data_copies_per_page"])


def test_fork_shares_data(folder):
    """Written pages are shared until one writes; others are in flash for the child as well."""
    copies = xip.copies(console(folder))
    assert copies["fork"]["rss_kib"] == 0, copies
    assert copies["fork"]["used_kib"] < 64 * PAGE_KIB // 4, copies
    pages = copies["child"]["pages"]
    assert copies["child"]["rss_kib"] == pages * PAGE_KIB, copies
    assert 0 <= copies["child"]["used_kib"] - pages * PAGE_KIB <= NOISE_KIB, copies
    assert copies["shared"]["rss_kib"] == 0 and copies["shared"]["used_kib"] >= PAGE_KIB, copies
    assert copies["parent"]["rss_kib"] == 0, copies


def test_different_programs_cost_what_copies_cost(folder):
    """But for the inode and the name of each, which nobody keeps before: no page of text or data more."""
    text = console(folder)
    same, different = (xip.number(text, key) for key in ("copies_of_one_kib", "different_kib"))
    assert same >= xip.DIFFERENT_PROGRAMS * 2 * PAGE_KIB, same
    assert different - same <= 2 * xip.DIFFERENT_PROGRAMS, (same, different)


def test_reading_leaves_nothing_in_the_page_cache(folder):
    """By read(), pread(), readv() and sendfile(), in pieces of many sizes; the bytes are right."""
    text = console(folder)
    assert xip.number(text, "reads files") >= 20 and xip.number(text, "compared files") >= 20
    assert xip.number(text, "bytes") > 5 << 20, text
    assert xip.number(text, "left_in_cache_kib") == 0, text


def test_32_images_are_mounted_at_once(folder):
    text = console(folder)
    assert xip.number(text, "mounts") == 32
    assert xip.number(text, "unmounted used_kib") <= 2 * NOISE_KIB, text
    budgets.check("xip_mount_bytes", xip.figures(text)["xip_mount_bytes"])


def test_an_image_in_use_stays_mounted(folder):
    """An open file, a working folder, mappings of all kinds, a program; lazily it never goes."""
    text = console(folder)
    assert text.count("xip: user ") == 8, text
    assert "xip: user nobody: No error information" in text, text
    assert text.count(": Resource busy") == 7, text


def test_flash_that_is_written_anew_shows_nothing_old(folder):
    """One image after the other at the same place, each used and unmounted."""
    text = xip.run_reuse(folder)
    assert text.count("xip: used image ") == xip.REUSED_IMAGES, text
