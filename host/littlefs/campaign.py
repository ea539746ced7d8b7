#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the fuzzers that coverage guides, and keeps what they found.

usage: campaign.py run FUZZERS SEEDS CORPUS OUT RUNS
       campaign.py keep FUZZERS SEEDS CORPUS OUT ARCHIVE

"run" gives each fuzzer RUNS executions from the seeds, the corpus and what OUT has from earlier runs;
OUT/summary.json says how many there were.  It ends at the first input that crashes, takes longer than 20
seconds or more than 2 GiB, which is left in OUT.  "keep" makes ARCHIVE of the inputs that add coverage
to the seeds: the same ones give the same bytes.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile

# Program, its folder in the corpus, its folder in the seeds.
FUZZERS = [('fuzz_lfs_read', 'read', 'images'), ('fuzz_lfs_write', 'write', 'changed')]
LIMITS = ['-max_len=20000', '-timeout=20', '-rss_limit_mb=2048']


def run_one(command):
    """How many executions there were; what the fuzzer prints is passed on."""
    count = 0
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors='replace') as process:
        for line in process.stderr:
            print(line, end='', flush=True)
            match = re.match(r'stat::number_of_executed_units: (\d+)$', line)
            count = int(match[1]) if match else count
    if process.returncode:
        sys.exit('%s: ended with %d' % (command[0], process.returncode))
    return count


def run(programs, seeds, corpus, out, runs):
    summary, path = {}, os.path.join(out, 'summary.json')
    if os.path.exists(path):
        os.remove(path)
    for program, kind, seed in FUZZERS:
        found = os.path.join(out, kind)
        os.makedirs(found, exist_ok=True)
        summary['littlefs_fuzz_%s_executions' % kind] = run_one(
            [os.path.join(programs, program), '-runs=' + runs, '-print_final_stats=1',
             '-artifact_prefix=%s-' % found] + LIMITS
            + [found, os.path.join(corpus, kind), os.path.join(seeds, seed)])
    summary['littlefs_fuzz_executions'] = sum(summary.values())
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(summary, file, indent=1)
        file.write('\n')
    print(json.dumps(summary))


def forget_origin(member):
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ''
    member.mode = 0o644
    return member


def keep(programs, seeds, corpus, out, archive):
    with tarfile.open(archive + '.new', 'w:xz', preset=9, format=tarfile.USTAR_FORMAT) as tar:
        for program, kind, seed in FUZZERS:
            merged = os.path.join(out, kind + '-merged')
            found = os.path.join(out, kind)
            shutil.rmtree(merged, ignore_errors=True)
            for folder in (merged, found):
                os.makedirs(folder, exist_ok=True)
            # What is in the first folder counts as covered; the seeds are made anew each time.
            start = set(os.listdir(shutil.copytree(os.path.join(seeds, seed), merged,
                                                   dirs_exist_ok=True)))
            subprocess.run([os.path.join(programs, program), '-merge=1'] + LIMITS
                           + [merged, os.path.join(corpus, kind), found], check=True)
            for name in sorted(set(os.listdir(merged)) - start):
                tar.add(os.path.join(merged, name), kind + '/' + name, filter=forget_origin)
    os.replace(archive + '.new', archive)


def main():
    if len(sys.argv) != 7 or sys.argv[1] not in ('run', 'keep'):
        sys.exit(__doc__)
    (run if sys.argv[1] == 'run' else keep)(*sys.argv[2:])


if __name__ == '__main__':
    main()
