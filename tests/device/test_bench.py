# SPDX-License-Identifier: Apache-2.0
"""The figures of "make bench" that other tests do not check: apps, flash, instructions."""

import os
import sys

import budgets
from guests import make_load_flash
from images import KERNEL, make_flash

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))
# pylint: disable=wrong-import-position
import measure
import sandbox_parts

COPIES = 8
FLASH_KEYS = ("monitor_bytes", "monitor_code_bytes", "monitor_sram_bytes", "kernel_image_bytes",
              "os_flash_bytes", "usr_lib_objects")


def test_static_app_fits(folder):
    budgets.check("app_static_kib", measure.app_cost_kib(folder, "sleeper", COPIES))


def test_dynamic_app_fits(folder):
    budgets.check("app_dynamic_kib", measure.app_cost_kib(folder, "dynamic", COPIES))


def test_processes_fit(_):
    """One more process without a sandbox; a dynamic one takes more, or it was not one."""
    costs = measure.process_costs(COPIES)
    assert costs["process_static_kib"] + 4 < costs["process_dynamic_kib"], costs
    for key, value in costs.items():
        budgets.check(key, value)


def test_kernel_parts_fit(folder):
    """Threads and static data, of the product to the byte."""
    for key, value in measure.kernel_parts(make_flash(folder, bootargs="")).items():
        assert value > 0, (key, value)
        budgets.check(key, value)


def test_network_fits(folder):
    budgets.check("ram_used_net_kib", measure.ram_used_net_kib(make_load_flash(folder, bootargs="")))


def test_sandbox_fits(folder):
    """One more app beside a plain process; application-manager itself; the start of an app."""
    for key, value in measure.sandbox_costs(folder, COPIES).items():
        if key in budgets.load():
            budgets.check(key, value)
    place = os.path.join(folder, "starts")
    os.mkdir(place)
    for key, value in measure.app_starts(make_flash(place)).items():
        budgets.check(key, value)


def test_parts_of_the_sandbox_fit(_):
    """Without them an app takes less, or they were not left out."""
    parts = sandbox_parts.compare(KERNEL, [sandbox_parts.WHOLE, "all"])
    (whole_kib, whole_instructions), (kib, instructions) = parts["whole"], parts["all"]
    assert whole_kib - kib > 4 and whole_instructions - instructions > 100000, parts
    budgets.check("sandbox_all_kib", whole_kib - kib)


def test_filter_is_cheap(_):
    costs = measure.filter_cost()
    assert 0 < costs["seccomp_allowed_instructions"] < costs["seccomp_absent_instructions"], costs
    budgets.check("seccomp_allowed_instructions", costs["seccomp_allowed_instructions"])


def test_flash_fits(folder):
    del folder
    sizes = measure.flash_bytes()
    for key in FLASH_KEYS:
        assert sizes[key] > 0, sizes
        budgets.check(key, sizes[key])


def test_monitor_is_small(_):
    lines = measure.monitor_lines()
    assert lines > 3000, lines
    budgets.check("monitor_code_lines", lines)


def test_appman_is_small(_):
    budgets.check("appman_code_lines", measure.appman_lines())


def test_lsm_fits(folder):
    """Instructions of system calls and RAM beside a kernel without any LSM; lines of source."""
    del folder
    costs = measure.lsm_cost()
    for key in ("lsm_cost_percent_max", "lsm_ram_bytes"):
        budgets.check(key, costs[key])
    assert costs["lsm_cost_open_percent"] > 0, costs
    budgets.check("lsm_lines", measure.lsm_lines())


def test_boot_instructions(folder):
    """Counted from reset, monitor and kernel included; the app comes after application-manager."""
    counts = measure.boot_instructions(make_flash(folder, ("probe",)))
    assert counts["boot_instructions_appman"] > 1000000, counts
    assert 1000000 < counts["verify_boot_instructions"] < counts["boot_instructions_appman"], counts
    assert counts["boot_instructions_app"] > counts["boot_instructions_appman"], counts
    for key, value in counts.items():
        budgets.check(key, value)


def test_boot_instructions_repeat(folder):
    """The same flash takes the same instructions, or the figure would be worth nothing."""
    flash = make_flash(folder, ("probe",))
    first, second = (measure.boot_instructions(flash) for _ in range(2))
    for key, value in first.items():
        assert abs(second[key] - value) * 1000 <= value, (first, second)
