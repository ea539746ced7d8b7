# SPDX-License-Identifier: Apache-2.0
"""What Debian's nft says of the firewall, which the build machine's kernel has taken: after each step
of firewall_try.c the sets have what they must, and the rules are those of ruleset.txt.

	nft_test.py PROGRAM [--renew]
"""

import os
import re
import shutil
import subprocess
import sys

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ruleset.txt")


def steps(program):
    """What nft printed after each step, by its name, with the result."""
    result = subprocess.run(["unshare", "-Urn", program], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    if "no nf_tables" in result.stdout:
        return None
    parts = re.split(r"^== (.*): (-?\d+)\n", result.stdout, flags=re.M)
    found = {name: (int(number), text) for name, number, text in
             zip(parts[1::3], parts[2::3], parts[3::3])}
    assert result.returncode == 0 and not parts[0], result.stdout[-3000:]
    return found


def elements(text, name):
    """The elements of a set, without what counts or runs out."""
    block = re.search(r"(?:set|map) %s \{\n(.*?)\n\t\}" % name, text, re.S)[1]
    listed = re.search(r"elements = \{(.*?)\}", block, re.S)
    if not listed:
        return set()
    return {re.sub(r" (timeout|expires|counter).*", "", re.sub(r"\s+", " ", one).strip())
            for one in listed[1].split(",")}


def ruleset(text):
    """All but the elements, and what nft says of the table's owner."""
    text = re.sub(r"\n\t\telements = \{.*?\}", "", text, flags=re.S)
    return re.sub(r"\{ # progname \S+", "{", text)


def counters(*marks):
    """What has been sent, received and refused, of each."""
    return {"%s . 0x%08x" % (mark, kind) for mark in marks for kind in range(3)}


def check(found):
    three = found["three apps"][1]
    assert all(number == 0 for name, (number, _) in found.items() if name in (
        "nobody", "three apps", "the same apps", "two apps", "replaced 1000 times", "counters"))
    assert elements(found["nobody"][1], "users") == set()
    assert elements(three, "users") == {"%d : 0x%08x" % (10000 + n, (n + 1) << 16 | 10000 + n)
                                        for n in range(3)}
    assert elements(three, "flows") == {"%d . 0x%08x" % (10000 + n, (n + 1) << 16 | 10000 + n)
                                        for n in range(3)}
    assert elements(three, "hosts") == {"0x00012710 . 10.7.0.1 . 0", "0x00012710 . 10.7.0.3 . 443"}
    assert elements(three, "ports") == {"tcp . 8080 : 0x00022711", "udp . 5000 : 0x00032712",
                                        "udp . 5353 : 0x00032712"}
    # The client reaches its peer and, as it has a name, the resolver; nobody else reaches another.
    assert elements(three, "local") == {
        "0x00012710 . tcp . 8080", "0x00012710 . tcp . 53", "0x00012710 . udp . 53",
        "0x00022711 . tcp . 8080", "0x00032712 . tcp . 53", "0x00032712 . udp . 53",
        "0x00032712 . udp . 5000", "0x00032712 . udp . 5353"}
    assert elements(three, "servers") == {
        "0x00022711 . tcp . 8080", "0x00032712 . tcp . 53", "0x00032712 . udp . 53",
        "0x00032712 . udp . 5000", "0x00032712 . udp . 5353"}
    assert elements(three, "counters") == counters("0x00012710", "0x00022711", "0x00032712")


def check_answers(found):
    one = {"0x00012710 . 8.8.8.8 . 443"}
    for name in ("an answer", "the same answer"):
        assert found[name][0] == 1 and elements(found[name][1], "answers") == one, found[name]
    assert "timeout 2h expires 1h59m" in found["the same answer"][1]
    assert found["an answer for nobody"][0] == 0
    # What is allowed as before keeps its answers.
    assert elements(found["the same apps"][1], "answers") == one
    two = found["two apps"][1]
    assert elements(two, "users") == {"10000 : 0x00012710", "10001 : 0x00022711"}
    assert elements(two, "counters") == counters("0x00012710", "0x00022711")
    assert "0x00032712" not in two
    assert found["a user twice"][0] < 0
    # The newest sixteen of an app, and the one of an entry that is no longer.
    last = elements(found["100 answers"][1], "answers")
    mark = re.search(r"10000 : (0x\w+)", found["100 answers"][1])[1]
    assert {e for e in last if e.startswith(mark)} == {
        "%s . 9.9.9.%d . 443" % (mark, n) for n in range(84, 100)}, last
    assert len(elements(found["100 answers"][1], "counters")) == 9
    assert found["counters of nobody"][0] < 0


def main(program, renew):
    if not shutil.which("nft"):
        sys.exit("nft_test: nft is missing: install the package nftables")
    found = steps(program)
    if found is None:
        print("firewall rules: this kernel has no nf_tables; tried on the device only")
        return
    shown = ruleset(found["three apps"][1])
    if renew:
        with open(GOLDEN, "w", encoding="utf-8") as file:
            file.write(shown)
    with open(GOLDEN, encoding="utf-8") as file:
        assert shown == file.read(), "not ruleset.txt; --renew writes it\n" + shown
    check(found)
    check_answers(found)
    print("firewall rules: 3 passed, 0 failed")


if __name__ == "__main__":
    main(sys.argv[1], "--renew" in sys.argv)
