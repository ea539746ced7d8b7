# SPDX-License-Identifier: Apache-2.0
"""The project's own rules: what the documents say is what the tree has."""

import json
import os
import re
import shutil
import subprocess

import budgets
from images import BOARD, BUILD, PRODUCT_APPS, SPH, TOP, app_image, run

TOP_LEVEL_MAX = 20


def tracked():
    return run("git", "-C", TOP, "ls-files").splitlines()


def read(*parts):
    with open(os.path.join(TOP, *parts), encoding="utf-8") as file:
        return file.read()


def test_top_level_is_small(folder):
    del folder
    entries = {path.split("/")[0] for path in tracked()}
    assert len(entries) <= TOP_LEVEL_MAX, sorted(entries)


def test_every_source_names_its_licence(folder):
    del folder
    kinds = (".c", ".h", ".S", ".py", ".mk", ".ld", ".dts")
    missing = [path for path in tracked() if path.endswith(kinds)
               and "SPDX-License-Identifier:" not in read(path)[:300]]
    assert not missing, missing


def test_licence_texts_are_here(folder):
    del folder
    named = set()
    for path in tracked():
        if path.endswith((".c", ".h", ".S")):
            line = re.search(r"SPDX-License-Identifier: ([^*\n]+)", read(path))
            named |= set(re.findall(r"[\w.-]+", line[1])) - {"OR", "WITH"} if line else set()
    for licence in named:
        assert os.path.exists(os.path.join(TOP, "LICENSES", licence + ".txt")), licence


def test_every_error_is_documented(folder):
    del folder
    defined = set(re.findall(r"^\tE_\w+ = (\d+)", read("abi", "errors.h"), re.M))
    documented = set(re.findall(r"^\| *`?E(\d{4})`? *\|", read("docs", "errors.md"), re.M))
    assert defined and defined == documented, defined ^ documented


def test_error_numbers_are_unique(folder):
    del folder
    numbers = re.findall(r"^\tE_\w+ = (\d+)", read("abi", "errors.h"), re.M)
    assert len(numbers) == len(set(numbers))


def test_banned_functions_are_absent(folder):
    """CONTRIBUTING.md, C, rule 10; tests may split strings as they like."""
    del folder
    banned = re.compile(r"\b(sprintf|vsprintf|strcpy|strcat|atoi|atol|strtok|gets|alloca)\s*\(")
    found = ["%s: %s" % (path, match[1])
             for path in tracked() if path.endswith((".c", ".h"))
             and not path.startswith("tests/payloads/")
             for match in banned.finditer(read(path))]
    assert not found, found


def test_functions_are_short(folder):
    """No function over 100 lines: an opening and a closing brace in the first column."""
    del folder
    long_ones = []
    for path in tracked():
        if not path.endswith(".c"):
            continue
        start = None
        for number, line in enumerate(read(path).split("\n"), 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start > 100:
                    long_ones.append("%s:%d" % (path, start))
                start = None
    assert not long_ones, long_ones


def test_bench_keys_are_documented(folder):
    del folder
    text = read("docs", "bench.md")
    missing = [key for key in budgets.load() if "`%s`" % key not in text]
    assert not missing, missing


def test_no_address_outside_boards(folder):
    """Nothing outside boards/ knows where the hardware is; tests that look from outside do."""
    del folder
    address = re.compile(r"0x0?(?:4000000|9030000|9040000|e000000|8000000|40000000)\b", re.I)
    allowed = ("boards/", "tests/", "docs/", "monitor/test", "README.md",
               "kernel/tree/drivers/firmware/spherule/monitor_test.c")
    found = [path for path in tracked() if path.endswith((".c", ".h", ".S", ".mk", ".py"))
             and not path.startswith(allowed) and "_test." not in path and address.search(read(path))]
    assert not found, found


def test_make_help_names_every_target(folder):
    del folder
    text = run("make", "-C", TOP, "-s", "help")
    for target in ("setup", "build", "run", "recovery-image", "test", "bench", "report", "fuzz", "clean"):
        assert "make " + target in text, text


def test_app_builds_with_the_sdk_alone(folder):
    """An OEM has the staged SDK and sph, and nothing of this tree; the image is the same."""
    shutil.copytree(os.path.join(BUILD, "sdk"), os.path.join(folder, "sdk"), symlinks=True)
    environment = {"PATH": os.environ["PATH"], "BOARD": BOARD,
                   "SPH_KEYS": os.path.join(TOP, "image", "keys", "dev")}
    for app in PRODUCT_APPS:
        shutil.copytree(os.path.join(TOP, "apps", app), os.path.join(folder, app))
        run("make", "-C", os.path.join(folder, app), "SPH=" + SPH,
            "SPHERULE_SDK=" + os.path.join(folder, "sdk"), env=environment)
        with open(os.path.join(folder, app, "out", app + ".image"), "rb") as ours, \
                open(app_image(app), "rb") as theirs:
            assert ours.read() == theirs.read(), app


def test_board_files_agree_on_line_names(folder):
    """hardware.json is for apps, the device tree for the kernel; both name the same lines."""
    del folder
    peripherals = json.loads(read("boards", BOARD, "hardware.json"))["Peripherals"]
    tree = read("boards", BOARD, BOARD + ".dts")
    names = re.findall(r'"([^"]*)"', re.search(r"gpio-line-names = ([^;]*);", tree)[1])
    described = {p["Line"]: p["Name"] for p in peripherals if p["Type"] == "Gpio"}
    for line, name in enumerate(names):
        assert not name or described[line] == name, (line, name, described)
    for name in ("LED1", "power-button", "reset-button"):
        assert name in names and name in described.values(), name


def test_rootfs_has_no_shell(folder):
    """No shell, no busybox, no accounts, no modules: exactly these files."""
    del folder
    root = os.path.join(BUILD, "device", "rootfs")
    files = sorted(os.path.relpath(os.path.join(where, name), root)
                   for where, _, names in os.walk(root) for name in names)
    assert files == ["bin/appman", "etc/spherule-release", "lib/ld-musl-armhf.so.1",
                     "usr/lib/libc.so"], files
    shown = run(SPH, "image", "show", os.path.join(BUILD, "device", "rootfs.image"))
    assert all(name in shown for name in ("appman", "libc.so")), shown


def test_mkflash_refuses_what_does_not_fit(folder):
    big = os.path.join(folder, "big")
    with open(big, "wb") as file:
        file.truncate((2 << 20) + 1)
    mkflash = os.path.join(BUILD, "host", "mkflash")
    result = subprocess.run([mkflash, "-o", os.path.join(folder, "flash"), "--kernel", big],
                            stderr=subprocess.PIPE, universal_newlines=True, check=False)
    assert result.returncode == 1 and "has room for 2097152" in result.stderr, result.stderr
    with open(big, "wb") as file:
        file.truncate(2 << 20)
    run(mkflash, "-o", os.path.join(folder, "flash"), "--kernel", big)


def test_step_passes_failure_on(folder):
    """mk/step shows the end of the log and keeps the status."""
    result = subprocess.run([os.path.join(TOP, "mk", "step"), "title", os.path.join(folder, "log"),
                             "sh", "-c", "echo the reason; exit 7"], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, universal_newlines=True, check=False,
                            env={**os.environ, "V": "0"})
    assert result.returncode == 7 and "the reason" in result.stdout, result
    run(os.path.join(TOP, "mk", "step"), "title", os.path.join(folder, "log"), "true")
