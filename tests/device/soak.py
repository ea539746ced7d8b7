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

import faults
import qemu
import ram
import slabs
import stacks
import steward
from contention import COUNT_INSTRUCTIONS
from images import KERNEL, ROOTFS_IMAGE, STRICT, app_image, make_flash
from kernel_memory import Damaged, saved_ram
from qemu import Device

# A warning ends the device; that somebody is killed for memory is said as an error.
BOOTARGS = STRICT.replace("loglevel=5", "loglevel=4")
# The kernel kills for memory, and says so; whom is judged in the end.
TROUBLE = re.compile(qemu.TROUBLE.pattern.replace("|Out of memory", ""))

# What the kernel keeps of a connection that ended goes by itself: a flow has 120 s, and conntrack looks for
# those whose time is over once in 60 s.
SETTLE_S = 200
LEAK_MAX_KIB = 16		# more than before the load
WARM_MS = 500
REST_S = 10			# between rounds that are not compared
BURSTS = 16
LOOK_S = 20			# of the host's time, between looks at the stacks
POLL_S = 0.02			# a measurement lasts a second of the device
READY_MS = 10000		# until then no app of an OEM starts, and all of them are told not to

TCP_PORT, UDP_PORT = 8080, 5000		# tests/payloads/stress/stress.h
SERVE, GLUTTON, GUEST = (steward.component_id(number) for number in (0x501, 0x502, 0x503))

# Of each app: its arguments, and of its manifest what is not the default.
App = collections.namedtuple("App", "arguments capabilities limits", defaults=({}, {}))
APPS = {
    "fork": App(["fork"]), "exec": App(["exec"]), "fork3": App(["fork", "3"]), "exec3": App(["exec", "3"]),
    "serve": App(["serve"], {"AllowedTcpServerPorts": [TCP_PORT], "AllowedUdpServerPorts": [UDP_PORT]}),
    "call": App(["call", "24"], {"AllowedApplicationConnections": [SERVE]}),
    "local": App(["local"]), "tmp": App(["tmp"], {}, {"TmpKB": 64}),
    "small": App(["store"], {"MutableStorage": {"SizeKB": 1}}),
    "large": App(["store"], {"MutableStorage": {"SizeKB": 256}}),
    "edge": App(["edge"], {}, {"MemoryKB": 128}), "eat1": App(["eat"], {}, {"MemoryKB": 128}),
    "eat2": App(["eat"], {}, {"MemoryKB": 256}),
}
IDS = {name: steward.component_id(0x510 + number) for number, name in enumerate(APPS)}
IDS["serve"] = SERVE
# What runs at once, round after round: on 4 MiB all of it; on 2 MiB there is room for some at a time.
LOADS = {
    "4M": (("fork", "exec", "serve", "call", "local", "tmp", "small", "large", "edge", "eat1", "eat2"),),
    "2M": (("serve", "call", "eat1"), ("fork3", "small", "eat1"), ("local", "tmp", "eat1"),
           ("exec3", "edge", "eat1"), ("large", "eat1")),
}
# On 2 MiB no app has the default of 512 KiB, and no system app takes all that there is: docs/soak.md.
MEMORY_KIB = {"4M": 512, "2M": 160}
GLUTTONS = {"4M": [GLUTTON], "2M": []}
# With the steward, the glutton, hello and the guest they are as many as can run.
NAMES = {ram_size: sorted({name for load in loads for name in load}) for ram_size, loads in LOADS.items()}
SYSTEM_PROCESSES = ["appman", "hello", "steward"]
SLOW, SLOW_S = {"small", "large"}, 120	# to fill a storage takes an emulated flash some ten seconds
VICTIMS = {"stress", "sleeper", "hello"}	# of whom memory may end


def stress_app(folder, name, ram_size):
    """The app that does one thing, with what it needs for that."""
    app = APPS[name]
    limits = {"MemoryKB": MEMORY_KIB[ram_size], **app.limits}
    return steward.app_version(folder, "stress", name, component=IDS[name], CmdArgs=app.arguments,
                               Capabilities=app.capabilities, Limits=limits)


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


class Script:
    """What the steward does on one size of RAM."""

    def __init__(self, seed, ram_size):
        self.source, self.loads, self.names = random.Random(seed), LOADS[ram_size], NAMES[ram_size]
        self.gluttons = GLUTTONS[ram_size]
        self.lines = []

    def burst(self, names):
        """A second: one that wants too much memory starts again, and something changes."""
        choice, eaters = self.source.choice, [name for name in names if name.startswith("eat")]
        others = [name for name in names if name not in eaters]
        self.lines.append("restart " + IDS[choice(eaters)])
        self.lines += choice(BESIDE)() if self.source.random() < 0.5 else choice(APART)(choice(others))
        if self.source.random() < 0.2:
            self.lines += ["restart " + glutton for glutton in self.gluttons]
        self.lines += ["memory", "sleep %d" % self.source.randint(200, 900)]

    def start(self, names):
        self.lines += ["start " + component for component in [IDS[name] for name in names] + self.gluttons]

    def stop_all(self):
        """The glutton is the last: what the kernel only keeps until somebody wants the room is gone with it."""
        self.lines += ["install 0"] + ["stop " + IDS[name] for name in self.names]
        self.lines += ["until %s stopped" % name for name in self.names]
        self.lines += ["remove %s storage" % GUEST, "gone one", "gone two"]
        for glutton in self.gluttons:
            self.lines += ["restart " + glutton, "sleep 500", "stop " + glutton, "until glutton stopped"]

    def warm_up(self):
        """Each load for a moment: a cgroup stays as long as its app is installed, a folder longer, and the
        kernel's objects are spread over more pages than at first."""
        self.stop_all()
        self.lines += ["begin once", "sleep %d" % READY_MS]
        for load in self.loads:
            self.start(load)
            self.lines += ["sleep %d" % WARM_MS] + ["stop " + IDS[name] for name in load]
        self.stop_all()

    def load(self, number, seconds):
        """Until the device's clock says that it is enough; then nothing of it is there any more."""
        names = self.loads[number % len(self.loads)]
        self.lines.append("begin load")
        self.start(names)
        self.lines.append("mark")
        for _ in range(BURSTS):
            self.burst(names)
            self.lines.append("leave %d" % seconds)
        self.lines += ["repeat", "slowest", "begin rest", "busy 500"]
        self.stop_all()

    def measure(self, settle_s):
        self.lines += ["sleep %d" % (settle_s * 1000), "begin measure", "memory", "busy 1000"]


def script(seed, ram_size, rounds, load_s, settle_s):
    """What was measured before the first load and after the last two is compared; that is worth some patience."""
    wanted = Script(seed, ram_size)
    wanted.warm_up()
    wanted.measure(settle_s)
    for number in range(rounds):
        wanted.load(number, load_s)
        wanted.measure(settle_s if number >= rounds - 2 else REST_S)
    return wanted.lines


def make_soak_flash(folder, ram_size, lines, kernel=KERNEL):
    guests = [steward.app_version(folder, "sleeper", name, component=GUEST) for name in ("one", "two")]
    image = steward.steward_image(folder, lines, guests, Lifecycle={"ReadyMs": READY_MS})
    glutton = steward.app_version(folder, "stress", "glutton", component=GLUTTON, system=True,
                                  CmdArgs=["eat"], Limits={"MemoryKB": 4096})
    apps = [app_image("hello")] + [stress_app(folder, name, ram_size) for name in NAMES[ram_size]]
    return make_flash(folder, apps, kernel=kernel, system=(ROOTFS_IMAGE, image, glutton), bootargs=BOOTARGS)


# What the host sees.

STAMP = re.compile(r"^\[ *(\d+)\.(\d{3})\]", re.M)
USED = re.compile(r"steward\[\d+\]: begin measure: ok\n(?:.*\n)*?.*steward\[\d+\]: used (\d+) of \d+ KiB")
SLOWEST = re.compile(r"steward\[\d+\]: slowest: answer (\d+) ms to \d+, flash (\d+) ms to \d+$", re.M)
EVENT = re.compile(r"steward\[\d+\]: (begin \w+: ok|done)$", re.M)
STARTED = re.compile(r"appman: (\w+) started, pid ")
NEVER = re.compile(r"steward\[\d+\]: .*: never$", re.M)
WORK = re.compile(r" (\w+)\[\d+\]: stress: (\w+) (\d+) rounds, (\d+) done$", re.M)
KILLED = re.compile(r"(Memory cgroup out|Out) of memory: Killed process \d+ \((\S+)\)")


class Wrong(Exception):
    """What no load may bring about."""


def held_kib(memory):
    """Of RAM, of slabs only what their objects take: over how many pages they are spread is chance, and goes up
    and down.  Without the stacks of kernel workers, of which the kernel has one more or less for minutes."""
    objects = sum(count * size for _, count, size in memory.slabs.values())
    totals = memory.totals()
    return memory.used_kib() - totals["slab"] - totals["stacks of threads of the kernel"] + objects // 1024


class Soak:
    """One device and its load; @figures has what was counted when it is over.

    @every: which allocations fail meanwhile (faults.py), if any; then the kernel is that for it.
    """

    def __init__(self, folder, ram_size, seed=1, rounds=1, load_s=8, settle_s=SETTLE_S, every=None,
                 arguments=COUNT_INSTRUCTIONS):
        self.folder, self.ram_size, self.arguments = folder, ram_size, arguments
        self.rounds, self.load_s, self.every = rounds, load_s, every
        self.kernel = faults.FAULTS_KERNEL if every else KERNEL
        self.flash = make_soak_flash(folder, ram_size, script(seed, ram_size, rounds, load_s, settle_s), self.kernel)
        self.deepest, self.measured = {}, []
        self.at, self.is_done, self.faults = 0, False, None	# of the console; what failed
        self.injected = collections.Counter()
        self.console, self.figures = "", {}

    def run(self, limit_s, progress=None):
        """Ends with the figures, or raises what went wrong."""
        with Device(self.flash, ram=self.ram_size, arguments=self.arguments, limit_s=limit_s,
                    expect_trouble=True) as device, concurrent.futures.ThreadPoolExecutor(1) as reader:
            self.faults = faults.Faults(device) if self.every else None
            try:
                self.follow(device, limit_s, reader, progress)
            finally:
                self.console = device.console
            self.judge()
        return self.figures

    def follow(self, device, limit_s, reader, progress):
        """Until the script is done; looks at the device from outside as it goes.  What was saved is read by
        another thread: the device goes on meanwhile, and soon measures again."""
        end, looked, look = time.monotonic() + limit_s, time.monotonic(), None
        while not self.is_done:
            if time.monotonic() > end:
                device.fail("the load does not end")
            self.read(device)
            if time.monotonic() - looked > LOOK_S and (not look or look.done()):
                looked = time.monotonic()
                look = reader.submit(self.look_at_stacks, saved_ram(device, self.folder))
                if progress:
                    progress(device)
            time.sleep(POLL_S)
        if look:
            look.result()

    def read(self, device):
        """Of the whole lines that came since the last call: what must never come, and what is to be done."""
        console = device.console
        end = console.rfind("\n") + 1
        text, self.at = console[self.at:end], max(end, self.at)
        found = TROUBLE.search(text)
        if found:
            device.fail("trouble under load: %r" % found[0])
        for event in EVENT.findall(text):
            self.handle(device, event)

    def handle(self, device, event):
        if event == "begin measure: ok":
            self.measured.append(saved_ram(device, self.folder))
        elif event == "begin load: ok" and self.faults:
            self.faults.begin(self.every)
        elif event == "begin rest: ok" and self.faults:
            self.injected.update(self.faults.end())
        elif event == "done":
            self.is_done = True

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

    def judge(self):
        console = self.console
        last = ram.Ram(self.measured[-1], self.kernel)
        self.check_processes(last)
        self.check_system(console)
        self.look_at_stacks(self.measured[-1])
        self.figures = self.count(console)
        work = self.figures["work"]
        idle = [name for name in self.names() if not work.get(name) and not self.has_ended(name, console)]
        if idle:
            raise Wrong("no round of %s" % idle)

    def names(self):
        """Of all apps that were to run and have had time for a round."""
        loads = LOADS[self.ram_size]
        names = {name for number in range(self.rounds) for name in loads[number % len(loads)]}
        return names - (SLOW if self.load_s < SLOW_S else set())

    @staticmethod
    def has_ended(name, console):
        """For memory: then it may have said nothing before."""
        return "error E3121: %s wanted more memory" % name in console

    @staticmethod
    def check_processes(memory):
        """Nothing is left of the load."""
        left = sorted(memory.name(task) for task in memory.tasks if not memory.is_thread_of_kernel(task)
                      and memory.member(task, "task_struct.mm"))
        if left != SYSTEM_PROCESSES:
            raise Wrong("processes that are left: %s" % left)

    def check_system(self, console):
        """Who runs the device has never ended, and got all that it asked for; but memory that is refused on
        purpose is refused to it too."""
        victims = {name for _, name in KILLED.findall(console)}
        if not victims <= VICTIMS:
            raise Wrong("killed: %s" % victims)
        if STARTED.findall(console).count("steward") != 1:
            raise Wrong("the steward was started again")
        if not self.every and NEVER.search(console):
            raise Wrong(NEVER.search(console)[0])

    def count(self, console):
        used = [int(kib) for kib in USED.findall(console)]
        if len(used) != self.rounds + 1 or len(self.measured) != len(used):
            raise Wrong("%d measurements" % len(used))
        held = [held_kib(ram.Ram(saved, self.kernel)) for saved in self.measured]
        slowest = SLOWEST.findall(console)
        killed = KILLED.findall(console)
        return {
            "load_s": self.rounds * self.load_s, "used_kib": used, "spread_kib": used[-1] - used[0],
            "held_kib": held, "leak_kib": held[-1] - held[0],
            "answer_ms_max": max(int(answer) for answer, _ in slowest),
            "flash_ms_max": max(int(flash) for _, flash in slowest),
            "app_starts": len(STARTED.findall(console)),
            "oom_kills": len(killed), "oom_kills_global": sum(kind == "Out" for kind, _ in killed),
            "work": self.work(console), "injected": dict(self.injected),
            "stack_bytes_max": max(self.deepest.values()), "stacks": dict(self.deepest),
        }

    @staticmethod
    def work(console):
        """{app: rounds}; an app that was started anew counts from 0, and what it did before is added."""
        rounds, last = collections.Counter(), {}
        for name, _, count, _ in WORK.findall(console):
            count = int(count)
            rounds[name] += count - last.get(name, 0) if count > last.get(name, 0) else count
            last[name] = count
        return dict(rounds)

    def grown(self):
        """({cache: objects more at the end than before the load}, bytes of them)"""
        first, last = (slabs.Slabs(saved, self.kernel) for saved in (self.measured[0], self.measured[-1]))
        return last.since(first), last.bytes_since(first)
