# SPDX-License-Identifier: Apache-2.0
"""The device under load: storms of processes, sockets, full storage, memory that ends, apps that come and go.

The product's own kernel and application-manager, apps of tests/payloads/stress that each do one thing without
end, and tests/payloads/steward, which stands for controld: it starts them, changes the set of apps all the
time, stops them again, and asks how much RAM is used then.  That is a round.  What is the same at the begin
and at the end of a load is what is compared: the same apps are stopped, the same are mounted.  All times are
the device's own.  docs/soak.md says what is in the load and why.
"""

import collections
import concurrent.futures
import random
import re
import time

import ram
import slabs
import stacks
import steward
from contention import COUNT_INSTRUCTIONS
from images import KERNEL, ROOTFS_IMAGE, STRICT, app_image, make_flash
from kernel_memory import Damaged, saved_ram
from qemu import TROUBLE, Device

# A warning ends the device; that a limit of memory kills is said as an error, and is what is wanted.
BOOTARGS = STRICT.replace("loglevel=5", "loglevel=4")
EXPECTED = re.compile(r"Out of memory: Killed process \d+ \(stress\)")

# What the kernel keeps of a connection that ended goes by itself: 120 s for a flow of conntrack.
SETTLE_S = 150
BURSTS = 16
LOOK_S = 20			# of the host's time, between looks at the stacks
READY_MS = 10000		# until then no app of an OEM starts, and all of them are told not to

TCP_PORT, UDP_PORT = 8080, 5000		# tests/payloads/stress/stress.h
SERVE, GLUTTON, GUEST = (steward.component_id(number) for number in (0x501, 0x502, 0x503))

# Of each app: its arguments, its capabilities, its memory where it is not the default.
App = collections.namedtuple("App", "arguments capabilities memory_kib", defaults=({}, None))
APPS = {
    "fork": App(["fork"]), "exec": App(["exec"]), "fork3": App(["fork", "3"]), "exec3": App(["exec", "3"]),
    "serve": App(["serve"], {"AllowedTcpServerPorts": [TCP_PORT], "AllowedUdpServerPorts": [UDP_PORT]}),
    "call": App(["call", "24"], {"AllowedApplicationConnections": [SERVE]}),
    "local": App(["local"]), "tmp": App(["tmp"]),
    "small": App(["store"], {"MutableStorage": {"SizeKB": 1}}),
    "large": App(["store"], {"MutableStorage": {"SizeKB": 256}}),
    "edge": App(["edge"], {}, 128), "eat1": App(["eat"], {}, 128), "eat2": App(["eat"], {}, 256),
}
IDS = {name: steward.component_id(0x510 + number) for number, name in enumerate(APPS)}
IDS["serve"] = SERVE
# What runs at once, round after round: on 4 MiB all of it; on 2 MiB there is room for some at a time.
LOADS = {
    "4M": (("fork", "exec", "serve", "call", "local", "tmp", "small", "large", "edge", "eat1", "eat2"),),
    "2M": (("fork3", "serve", "call", "eat1"), ("exec3", "local", "small", "eat2"),
           ("serve", "call", "large", "tmp", "eat1"), ("fork3", "exec3", "edge", "eat2")),
}
SYSTEM_PROCESSES = ["appman", "hello", "steward"]


def stress_app(folder, name):
    """The app that does one thing, with what it needs for that."""
    app = APPS[name]
    return steward.app_version(folder, "stress", name, component=IDS[name], CmdArgs=app.arguments,
                               Capabilities=app.capabilities,
                               Limits={"MemoryKB": app.memory_kib} if app.memory_kib else {})


# The script of the steward.

def change(name):
    return ["restart " + IDS[name], "until %s running" % name]


def stop_and_start(name):
    return ["stop " + IDS[name], "until %s stopped" % name, "start " + IDS[name],
            "until %s running" % name]


def replace_guest():
    return ["install 0", "until one running", "install 1", "until two running"]


def remove_guest():
    return ["install 0", "until one running", "remove %s storage" % GUEST, "gone one"]


# What is done beside the apps, now and then: of one of them, or with an app that comes and goes.
BESIDE = (replace_guest, remove_guest, lambda: ["half 0"], lambda: ["twice 0"], lambda: ["crowd 6"],
          lambda: ["list", "records"], lambda: ["raw 31 1"])
APART = (change, stop_and_start)


def burst(source, names):
    """A second: one that wants too much memory starts again, and something changes."""
    eaters = [name for name in names if name.startswith("eat")]
    others = [name for name in names if name not in eaters]
    lines = ["restart " + IDS[source.choice(eaters)]]
    lines += source.choice(BESIDE)() if source.random() < 0.5 else source.choice(APART)(source.choice(others))
    if source.random() < 0.2:
        lines.append("restart " + GLUTTON)
    return lines + ["memory", "sleep %d" % source.randint(200, 900)]


def once_each():
    """Each of them starts once: a cgroup stays as long as its app is installed, a folder longer."""
    lines = ["begin once"]
    for name in IDS:
        lines += ["start " + IDS[name], "sleep 500", "stop " + IDS[name], "until %s stopped" % name]
    return lines + stop_all()


def round_of_load(source, names, load_s):
    """They are started, until the device's clock says that it is enough; then nothing is there any more."""
    lines = ["begin load"] + ["start " + IDS[name] for name in names] + ["start " + GLUTTON, "mark"]
    for _ in range(BURSTS):
        lines += burst(source, names) + ["leave %d" % load_s]
    return lines + ["repeat", "slowest", "begin rest"] + stop_all()


def stop_all():
    """The glutton is the last: what the kernel only keeps until somebody wants the room is gone with it."""
    lines = ["install 0"] + ["stop " + IDS[name] for name in IDS] + ["until %s stopped" % name for name in IDS]
    return lines + ["remove %s storage" % GUEST, "gone one", "gone two", "restart " + GLUTTON,
                    "sleep 2000", "stop " + GLUTTON, "until glutton stopped"]


def measure(settle_s):
    return ["sleep %d" % (settle_s * 1000), "begin measure", "memory", "busy 1000"]


def script(seed, ram_size, rounds, load_s, settle_s):
    source = random.Random(seed)
    loads = LOADS[ram_size]
    lines = stop_all() + once_each() + measure(settle_s)
    for number in range(rounds):
        lines += round_of_load(source, loads[number % len(loads)], load_s) + measure(settle_s)
    return lines


def make_soak_flash(folder, lines, kernel=KERNEL):
    guests = [steward.app_version(folder, "sleeper", name, component=GUEST) for name in ("one", "two")]
    image = steward.steward_image(folder, lines, guests, Lifecycle={"ReadyMs": READY_MS})
    glutton = steward.app_version(folder, "stress", "glutton", component=GLUTTON, system=True,
                                  CmdArgs=["eat"], Limits={"MemoryKB": 4096})
    apps = [app_image("hello")] + [stress_app(folder, name) for name in IDS]
    return make_flash(folder, apps, kernel=kernel, system=(ROOTFS_IMAGE, image, glutton), bootargs=BOOTARGS)


# What the host sees.

STAMP = re.compile(r"^\[ *(\d+)\.(\d{3})\]", re.M)
USED = re.compile(r"steward\[\d+\]: begin measure: ok\n(?:.*\n)*?.*steward\[\d+\]: used (\d+) of \d+ KiB")
SLOWEST = re.compile(r"steward\[\d+\]: slowest: answer (\d+) ms to \d+, flash (\d+) ms to \d+$", re.M)
STEWARD_DONE = re.compile(r"steward\[\d+\]: done$", re.M)
WORK = re.compile(r" (\w+)\[\d+\]: stress: (\w+) (\d+) rounds, (\d+) done$", re.M)
KILLED = re.compile(r"(Memory cgroup out|Out) of memory: Killed process \d+ \((\S+)\)")


class Wrong(Exception):
    """What no load may bring about."""


class Soak:
    """One device and its load; @figures has what was counted when it is over."""

    def __init__(self, folder, ram_size, seed=1, rounds=1, load_s=8, settle_s=SETTLE_S, kernel=KERNEL,
                 arguments=COUNT_INSTRUCTIONS):
        self.arguments = arguments
        self.folder, self.ram_size, self.kernel = folder, ram_size, kernel
        self.rounds, self.load_s = rounds, load_s
        self.flash = make_soak_flash(folder, script(seed, ram_size, rounds, load_s, settle_s), kernel)
        self.deepest, self.measured = {}, []
        self.figures = {}
        self.at = self.begun = 0		# in the console; measurements

    def run(self, limit_s, progress=None):
        """Ends with the figures, or raises what went wrong."""
        with Device(self.flash, ram=self.ram_size, arguments=self.arguments, limit_s=limit_s,
                    expect_trouble=True) as device, concurrent.futures.ThreadPoolExecutor(1) as reader:
            self.follow(device, limit_s, reader, progress)
            self.judge(device)
        return self.figures

    def follow(self, device, limit_s, reader, progress):
        """Until the script is done; looks at the device from outside as it goes.  What was saved is read by
        another thread: the device goes on meanwhile, and soon measures again."""
        end, looked, look = time.monotonic() + limit_s, time.monotonic(), None
        while "steward done" not in self.read(device):
            if time.monotonic() > end:
                device.fail("the load does not end")
            if self.begun > len(self.measured):
                self.measured.append(saved_ram(device, self.folder))
            elif time.monotonic() - looked > LOOK_S and (not look or look.done()):
                looked = time.monotonic()
                look = reader.submit(self.look_at_stacks, saved_ram(device, self.folder))
                if progress:
                    progress(self, device)
            time.sleep(0.05)
        if look:
            look.result()

    def read(self, device):
        """The events of the whole lines that came since the last call; fails at one that must never come."""
        console = device.console
        end = console.rfind("\n") + 1
        text, self.at = console[self.at:end], max(end, self.at)
        found = TROUBLE.search(EXPECTED.sub("", text))
        if found:
            device.fail("trouble under load: %r" % found[0])
        self.begun += text.count("begin measure: ok")
        return ["steward done"] if STEWARD_DONE.search(text) else []

    def look_at_stacks(self, saved):
        """The device may have stopped in the middle of a change of its lists: then the next look will do."""
        try:
            found = stacks.high_water(ram.Ram(saved, self.kernel))
        except Damaged:
            return
        for stack in found:
            if not stack.canary and stack.kind != stacks.INTERRUPTS:
                raise Wrong("the canary of %s is gone" % stack.name)
            name = stack.name.split("/")[0]
            self.deepest[name] = max(self.deepest.get(name, 0), stack.used)

    # The verdict.

    def judge(self, device):
        self.look_at_stacks(self.measured[-1])
        console = device.console
        used = [int(kib) for kib in USED.findall(console)]
        if len(used) != self.rounds + 1:
            device.fail("%d measurements" % len(used))
        slowest = SLOWEST.findall(console)
        killed = KILLED.findall(console)
        self.figures = {
            "load_s": self.rounds * self.load_s, "used_kib": used,
            "leak_kib": used[-1] - used[0], "growth_kib": used[-1] - used[1],
            "answer_ms_max": max(int(answer) for answer, _ in slowest),
            "flash_ms_max": max(int(flash) for _, flash in slowest),
            "app_starts": len(re.findall(r"appman: \w+ started, pid ", console)),
            "oom_kills": len(killed), "oom_kills_global": sum(kind == "Out" for kind, _ in killed),
            "work": self.work(console),
            "stack_bytes_max": max(self.deepest.values()), "stacks": dict(self.deepest),
        }

    @staticmethod
    def work(console):
        """{app: rounds}; an app that was started anew counts from 0, and what it did before is added."""
        rounds, last = {}, {}
        for name, _, count, _ in WORK.findall(console):
            rounds[name] = rounds.get(name, 0) + int(count) - (last.get(name, 0) if int(count) > last.get(name, 0)
                                                              else 0)
            last[name] = int(count)
        return rounds

    def grown(self):
        """{cache: objects more at the end than before the load}"""
        first, last = (slabs.Slabs(saved, self.kernel) for saved in (self.measured[0], self.measured[-1]))
        return last.since(first)
