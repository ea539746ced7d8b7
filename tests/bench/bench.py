#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make bench: measures the device; writes build/bench/summary.json and two charts.

docs/bench.md lists the keys.  Nothing is written unless all of it was measured.
"""

import json
import os
import sys
import tempfile

import chart
import measure		# first: it says where the modules of the device tests are
import attacks
import contention
import littlefs_memory
import littlefs_peers
import peers
import sandbox_peers
import smallest
import unpatched
import workers
import xip
from guests import make_load_flash
from images import PRODUCT_APPS, make_flash

sys.path.append(os.path.join(measure.TESTS, "stack"))
import worst		# pylint: disable=wrong-import-position

RUNS = 3
COPIES = 10
FUZZ_RUNS = 1000000


def ram_used(ram):
    def run(folder):
        return measure.median_of(RUNS, measure.ram_used_kib, make_flash(folder), ram)
    return run


def app_cost(payload):
    def run(folder):
        return measure.app_cost_kib(folder, payload, COPIES)
    return run


def sandbox(folder):
    costs = measure.sandbox_costs(folder, COPIES)
    place = os.path.join(folder, "starts")
    os.mkdir(place)
    return dict(costs, **measure.app_starts(make_flash(place)))


def processes(folder):
    del folder
    return measure.process_costs(COPIES)


def network_up(folder):
    return measure.median_of(RUNS, measure.ram_used_net_kib, make_load_flash(folder, bootargs=""))


def least_ram(folder):
    del folder
    return smallest.measure_all()


def kernel_parts(folder):
    return measure.kernel_parts(make_flash(folder, bootargs=""))


def contention_reply(folder):
    return contention.measure(folder)[0]


def channel_flood_reply(folder):
    return workers.flood_reply_ms(folder)[0]


def network_device(folder):
    """The difference of two medians: in either boot there may be one kernel worker more."""
    flash = make_flash(folder)
    without, with_nic = (measure.median_of(RUNS, measure.ram_used_kib, flash, "4M", nic)
                         for nic in ((), measure.NIC))
    return with_nic - without


def boot(folder):
    """The count repeats exactly; a difference is worth a line."""
    flash = make_flash(folder, ("probe",))
    first, second = (measure.boot_instructions(flash) for _ in range(2))
    for key, value in first.items():
        if second[key] != value:
            print("  note: %s was %d, then %d" % (key, value, second[key]))
    return first


def split(folder):
    return measure.ram_split(make_flash(folder, PRODUCT_APPS + ("probe",)))


def lsm(folder):
    del folder
    return dict(measure.lsm_cost(), lsm_lines=measure.lsm_lines())


def execution_in_place(folder):
    return xip.figures(xip.run(folder))


def memory_of_littlefs(folder):
    del folder
    return littlefs_memory.bench()


def fuzzing(folder):
    del folder
    return measure.fuzz_executions("kernel/test", FUZZ_RUNS)


def littlefs(folder):
    del folder
    return measure.littlefs_costs()


def campaigns(folder):
    del folder
    return measure.campaigns()


def flash(folder):
    del folder
    return dict(measure.flash_bytes(), monitor_code_lines=measure.monitor_lines(),
                appman_code_lines=measure.appman_lines())


def kernel_stacks(folder):
    del folder
    stacks = worst.Stacks()
    used, _ = worst.worst_case(stacks)
    return {"stack_worst_bytes": used, "stack_margin_percent": worst.margin_percent(used),
            "stack_interrupt_bytes": stacks.interrupt_stack()}


def kernel(folder):
    del folder
    return measure.kernel_delta()


# Each step returns the value of its key, or, where there is none, a dictionary of several.
STEPS = (
    ("RAM used after boot, 4 MiB", "ram_used_kib", ram_used("4M")),
    ("RAM used after boot, 2 MiB", "ram_used_2m_kib", ram_used("2M")),
    ("one more static app", "app_static_kib", app_cost("sleeper")),
    ("one more dynamic app", "app_dynamic_kib", app_cost("dynamic")),
    ("one more process", None, processes),
    ("RAM used with the network up", "ram_used_net_kib", network_up),
    ("threads and static data of the kernel", None, kernel_parts),
    ("the same without patches", None, unpatched.measure),
    ("the least RAM to pid 1", None, least_ram),
    ("the sandbox of an app", None, sandbox),
    ("sandboxes, by parts and beside others", None, sandbox_peers.measure),
    ("apps that take all they can", "contention_reply_ms", contention_reply),
    ("an app that floods its channel", "channel_flood_reply_ms", channel_flood_reply),
    ("a network device", "virtio_net_probe_kib", network_device),
    ("instructions from reset", None, boot),
    ("where the RAM is", None, split),
    ("what the LSM costs", None, lsm),
    ("execution in place", None, execution_in_place),
    ("memory of littlefs", None, memory_of_littlefs),
    ("beside other filesystems", None, peers.measure),
    ("littlefs beside JFFS2", None, littlefs_peers.measure),
    ("fuzzing the check of images", "xip_fuzz_executions", fuzzing),
    ("littlefs, by bytes", None, littlefs),
    ("the last campaigns", None, campaigns),
    ("attacks", None, attacks.measure),
    ("flash by image", None, flash),
    ("the kernel's delta", None, kernel),
    ("the kernel's stacks, computed", None, kernel_stacks),
)


def tidy(value):
    """Whole numbers without a fraction."""
    return int(value) if value == int(value) else value


def measure_all():
    summary = {}
    for number, (title, key, step) in enumerate(STEPS, 1):
        print("[%d/%d] %s ..." % (number, len(STEPS), title), flush=True)
        with tempfile.TemporaryDirectory() as folder:
            result = step(folder)
        values = {key: result} if key else result
        for name, value in values.items():
            summary[name] = tidy(value)
            print("      %-26s %12s" % (name, "{:,}".format(summary[name])), flush=True)
    return summary


def main():
    try:
        with tempfile.TemporaryDirectory(prefix="spherule-bench-") as everything:
            tempfile.tempdir = everything	# the flash of the devices too, when interrupted
            summary = measure_all()
        measure.write_whole(measure.SUMMARY, json.dumps(summary, indent=2, sort_keys=True) + "\n")
        charts = chart.write_all(summary)
    except KeyboardInterrupt:
        print("\nbench: interrupted, nothing was written", file=sys.stderr)
        return 130
    for path in [measure.SUMMARY] + charts:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
