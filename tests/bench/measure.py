# SPDX-License-Identifier: Apache-2.0
"""What the device costs: the measurements of "make bench", "make report" and the tests.

Each function measures one thing once and returns numbers.  docs/bench.md says what each means.
"""

import glob
import json
import os
import re
import statistics
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))

# pylint: disable=wrong-import-position
import ram
from guests import SERVER_TCP, SERVER_UDP, make_load_flash
from images import KERNEL, OPEN_KERNEL, PRODUCT_APPS, app_image, device_trees, make_flash, run, variant
from network import Hosts, NetworkDevice
from qemu import BUILD, TOP, Device
from starts import NS_PER_TICK, flash0_of_a_used_device
from warden import make_toll_flash

BENCH = os.path.join(BUILD, "bench")
SUMMARY = os.path.join(BENCH, "summary.json")
MONITOR = os.path.join(BUILD, "monitor", "monitor.bin")
MONITOR_ELF = os.path.join(BUILD, "monitor", "monitor.elf")
ROOTFS = os.path.join(BUILD, "device", "rootfs")
ROOTFS_IMAGE = ROOTFS + ".image"
SYSTEM_IMAGES = (ROOTFS_IMAGE,)		# in the system area of a slot; system apps come behind it

# One instruction advances the virtual clock by 1 ns; a sleeping guest's clock jumps to its next
# timer, so that the result does not depend on the machine.
COUNT_INSTRUCTIONS = ("-icount", "shift=0,sleep=off")
# The operations of the program toll that the budget is for; the others are only shown.
TOLL_BUDGET = ("null", "open", "read", "mmap", "exec", "connect")

NIC = ("-netdev", "user,id=n,restrict=on", "-device", "virtio-net-device,netdev=n")

# The lines of /proc/meminfo that the split is made of.
SPLIT_FIELDS = (
    ("split_slab_kib", "Slab"),
    ("split_stacks_kib", "KernelStack"),
    ("split_page_tables_kib", "PageTables"),
    ("split_user_kib", "AnonPages"),
    ("split_cache_kib", "Cached"),
    ("split_free_kib", "MemFree"),
)


def median_of(runs, measure, *arguments):
    """The median of some runs of a measurement that returns one number."""
    return statistics.median(measure(*arguments) for _ in range(runs))


def ram_used_kib(flash, ram="4M", arguments=()):
    """What application-manager reports after boot."""
    with Device(flash, ram=ram, arguments=arguments) as device:
        return device.wait_for_report()["ram_used_kib"]


# What passes before RAM is counted with the network up: connections, bytes on each; datagrams, bytes.
TRAFFIC_STREAMS, TRAFFIC_BURST, TRAFFIC_LIMIT_S = (10, 20000), (50, 1000), 60


def ram_used_net_kib(flash):
    """From outside, with the network up, after traffic: application-manager, the app that raises the
    network, and one that echoes (make_load_flash())."""
    with tempfile.TemporaryDirectory() as folder, Hosts() as hosts, \
            NetworkDevice(hosts, flash) as device:
        device.wait_for(r"load-app: ready$")
        device.wait_for_report()
        failed = hosts.ask("streams", SERVER_TCP, *TRAFFIC_STREAMS, TRAFFIC_LIMIT_S)
        if failed or not hosts.ask("burst", SERVER_UDP, *TRAFFIC_BURST):
            device.fail("the traffic did not pass: %s" % failed)
        return ram.look(device, folder).used_kib()


def kernel_parts(flash):
    """What there is after boot, seen from outside."""
    with tempfile.TemporaryDirectory() as folder, Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
        device.wait_for_report()
        memory = ram.look(device, folder)
    return {"kernel_threads": len(memory.threads_of_kernel()),
            "kernel_static_kib": memory.totals()["static"],
            "kernel_reserve_kib": memory.word(memory.symbols["min_free_kbytes"])}


def process_costs(copies):
    return {"process_static_kib": plain_process_kib(copies),
            "process_dynamic_kib": plain_process_kib(copies, "dynamic")}


def app_cost_kib(folder, payload, copies):
    """The mean cost of each of @copies more apps beside a first one.

    Each copy is an image of its own, so that its mount is counted.  The first one pays for what
    all share, such as the first page of each slab.  Instructions are counted, because then two
    boots do the same: otherwise the load of the machine decides how many kernel workers there
    are, and each is 12 KiB.
    """
    images = [variant(folder, payload, number) for number in range(copies + 1)]
    used = []
    for apps in (images[:1], images):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            used.append(all_running_kib(make_flash(place, apps), len(apps)))
    return round((used[1] - used[0]) / copies, 1)


def all_running_kib(flash, count):
    """An app that did not start would make the others cheap."""
    with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
        report = device.wait_for_report()
        running = [app for app in report["apps"].values() if app["state"] == "running"]
        if len(running) != count:
            device.fail("%d of %d apps are running" % (len(running), count))
        return report["ram_used_kib"]


def boot_instructions(flash, count=COUNT_INSTRUCTIONS):
    """Guest instructions from reset to the main() of application-manager and of the app "probe", and
    those of them that verified boot takes.  Not of the first start, at which the monitor takes in what
    it then remembers."""
    with Device(flash, flash0=flash0_of_a_used_device(flash), arguments=count) as device:
        here = device.wait_for(r"here (\d+)\.(\d{3}) ms after power-on$")
        ticks = device.wait_for(r"probe: main at (\d+) ticks$")
        verified = re.search(r"verified in (\d+) ticks", device.read_secure())
    appman = int(here[1] + here[2]) * 1000
    verify = int(verified[1]) * NS_PER_TICK
    return {
        "boot_instructions_appman": appman,
        "boot_instructions_app": int(ticks[1]) * NS_PER_TICK,
        "verify_boot_instructions": verify,
        "boot_instructions_unverified": appman - verify,
    }


def ram_split(flash):
    """Where the RAM is, as the app "probe" reads it; it starts last, beside the product's apps."""
    with Device(flash) as device:
        device.wait_for(r"probe\[\d+\]: probe: done$")
        total_kib = device.wait_for_report()["ram_total_kib"]
        fields = re.findall(r"/proc/meminfo: (\w+): +(\d+) kB$", device.console, re.M)
    meminfo = {name: int(kib) for name, kib in fields}
    split = {key: meminfo[field] for key, field in SPLIT_FIELDS}
    split["split_other_kib"] = meminfo["MemTotal"] - sum(split.values())
    split["split_static_kib"] = total_kib - meminfo["MemTotal"]
    return split


def monitor_memory():
    """What the monitor takes of secure SRAM, and how much of that are instructions and constants."""
    text = run("arm-linux-gnueabihf-size", "-A", MONITOR_ELF)
    sections = {name: int(size) for name, size in re.findall(r"^(\.\w+) +(\d+) ", text, re.M)}
    in_sram = (".noinit", ".commands", ".image", ".bss", ".stack")
    return {
        "monitor_code_bytes": sum(sections[name] for name in
                                  (".reset", ".text", ".commands", ".image")),
        "monitor_sram_bytes": sum(sections[name] for name in in_sram),
    }


def flash_bytes():
    """What is in flash, image by image, and what the operating system takes of it."""
    size = os.path.getsize
    sizes = {
        "monitor_bytes": size(MONITOR),
        "kernel_image_bytes": size(KERNEL),
        "dtb_bytes": sum(map(size, device_trees(None, ""))),
        "rootfs_bytes": size(ROOTFS_IMAGE),
    }
    sizes["os_flash_bytes"] = (sizes["kernel_image_bytes"] + sizes["dtb_bytes"] +
                               sum(map(size, SYSTEM_IMAGES)))
    sizes.update(monitor_memory())
    for app in PRODUCT_APPS:
        sizes["app_%s_bytes" % app] = size(app_image(app))
    sizes["usr_lib_objects"] = len(glob.glob(os.path.join(ROOTFS, "usr", "lib", "*.so*")))
    return sizes


def run_toll(kernel, arguments=""):
    """({operation: instructions}, console) of the program toll on a kernel, one boot."""
    with tempfile.TemporaryDirectory() as folder:
        flash = make_toll_flash(folder, kernel, arguments)
        with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
            device.wait_for(r"^toll: done, status 0$")
            ticks = re.findall(r"^toll: (\w+) (\d+)$", device.console, re.M)
    return {name: int(count) * NS_PER_TICK / 1000 for name, count in ticks}, device.console


def toll(kernel):
    """({operation: instructions}, KiB used)"""
    counts, console = run_toll(kernel)
    return counts, int(re.search(r"^toll: pages used (\d+)$", console, re.M)[1]) * 4


def filter_cost():
    """Instructions that the filter of system calls adds to a call: to one that it allows, and to one
    that it does not know, for which it is run."""
    counts, _ = run_toll(KERNEL, "filter")
    return {"seccomp_%s_instructions" % name: round(counts["filtered_" + name] - counts[name])
            for name in ("allowed", "absent")}


def pages_used_by_processes(flash):
    """What the toll says, whose arguments are "processes ..."."""
    with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
        device.wait_for_exit()
        # Only now: of a line that is coming, "$" takes the first digits for the whole.
        return int(re.search(r"^toll: pages used (\d+)$", device.console, re.M)[1])


def plain_process_kib(copies, program="sleeper"):
    """The mean cost of each of @copies more sleeping processes that have an identity and no sandbox."""
    pages = []
    for count in (1, 1 + copies):
        with tempfile.TemporaryDirectory() as folder:
            flash = make_toll_flash(folder, KERNEL, "processes %d %s" % (count, program))
            pages.append(pages_used_by_processes(flash))
    return round((pages[1] - pages[0]) * 4 / copies, 1)


def sandbox_costs(folder, copies):
    """What one more app costs as application-manager starts it, and beside a plain process."""
    sandboxed, plain = app_cost_kib(folder, "sleeper", copies), plain_process_kib(copies)
    return {"sandboxed_app_kib": sandboxed, "plain_process_kib": plain,
            "sandbox_overhead_kib": round(sandboxed - plain, 1)}


def app_starts(flash):
    """What application-manager itself has of RAM, and the guest instructions from its decision to
    start an app until the app's program is executed: of the second app, which finds what is shared."""
    with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
        report = device.wait_for_report()
        times = re.findall(r"appman: \S+ started, pid \d+, uid \d+, in (\d+) us$", device.console, re.M)
    return {"app_start_instructions": int(times[1]) * 1000, "appman_ram_kib": report["appman_data_kib"]}


def lsm_cost():
    """The product's kernel beside one without any LSM, hooks included."""
    with_lsm, used_kib = toll(KERNEL)
    without, open_kib = toll(OPEN_KERNEL)
    if set(with_lsm) != set(without) or not set(TOLL_BUDGET) <= set(without):
        raise RuntimeError("toll: %s and %s" % (with_lsm, without))
    percent = {name: round((with_lsm[name] / without[name] - 1) * 100, 2) for name in without}
    costs = {"lsm_cost_%s_percent" % name: value for name, value in percent.items()}
    costs["lsm_cost_percent_max"] = max(percent[name] for name in TOLL_BUDGET)
    costs["lsm_ram_bytes"] = (used_kib - open_kib) * 1024
    return costs


def lsm_lines():
    """Lines of the LSM, its tests apart."""
    count = 0
    for path in glob.glob(os.path.join(TOP, "kernel", "tree", "security", "spherule", "*.[ch]")):
        if not path.endswith("_test.c"):
            with open(path, encoding="utf-8") as file:
                count += sum(1 for _ in file)
    return count


def code_lines(path):
    """Lines of a C or assembly file that are neither blank nor comment."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read(), flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


def appman_lines():
    """Of application-manager, its tests and what only the build machine runs apart."""
    folder = os.path.join(TOP, "system", "appman")
    return sum(code_lines(path) for path in glob.glob(os.path.join(folder, "*.[ch]")) +
               glob.glob(os.path.join(folder, "firewall", "*.[ch]"))
               if not path.endswith(("_test.c", "_try.c")))


def monitor_lines():
    """Of the Security Monitor and its board, its tests apart."""
    count = 0
    for folder in (os.path.join(TOP, "monitor"), os.path.join(TOP, "boards")):
        for place, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if name not in ("test", "test_world")]
            count += sum(code_lines(os.path.join(place, name)) for name in files
                         if name.endswith((".c", ".h", ".S")))
    return count


def fuzz_executions(folder, runs):
    """How many executions of the fuzzers of a folder were clean; fails when one was not."""
    text = run("make", "-C", os.path.join(TOP, folder), "fuzz-run", "FUZZ_RUNS=%d" % runs)
    return sum(map(int, re.findall(r": \d+ files, (\d+) mutations, seed \d+: clean$", text, re.M)))


def littlefs_costs():
    """Bytes that flash moves under littlefs, by key; fails when one is over its limit."""
    folder = os.path.join(TOP, "host", "littlefs")
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "costs.json")
        program = os.path.join(BUILD, "host", "lfs_workloads")
        run("make", "-C", folder, program)
        run(program, path)
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def campaigns():
    """What "make powercut", "make fuzz" and the monitor's unit tests counted when they ran last, if they did."""
    counted = {}
    for name in ("powercut/summary.json", "powercut/monitor.json", "powercut/images.json",
                 "powercut/apps.json", "skips/summary.json", "fuzz/summary.json"):
        try:
            with open(os.path.join(BUILD, name), encoding="utf-8") as file:
                counted.update(json.load(file))
        except FileNotFoundError:
            pass
    if "install_kill_cuts" in counted:
        counted["powercuts_install"] = counted["install_kill_cuts"]
    return counted


def kernel_delta():
    """How far the kernel is from upstream."""
    text = run(os.path.join(TOP, "kernel", "k"), "stat")
    patches, lines = re.match(r"(\d+) patches, (\d+) changed upstream lines$", text).groups()
    return {"kernel_patches": int(patches), "kernel_patch_lines": int(lines)}


def load_summary():
    """What "make bench" wrote last, or nothing."""
    try:
        with open(SUMMARY, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_whole(path, text):
    """Writes a file such that there is never half of it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    new = path + ".new"
    with open(new, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(new, path)
