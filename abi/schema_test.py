#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The validator, app_manifest.schema.json and docs/manifest.md say the same of every field.

usage: schema_test.py MANIFEST_VERDICTS PROJECT

Samples are judged by the validator and, by python3-jsonschema, by the schema.  What a schema cannot say is in
BEYOND_THE_SCHEMA.  Ranges and defaults of integers are read from the schema and compared with the page, and
their ends are tried.
"""
import json
import os
import re
import struct
import subprocess
import sys

import jsonschema

VERDICTS, PROJECT = sys.argv[1], sys.argv[2]
ID = '48a22e96-d078-4e34-9d7a-91b3404031da'
PEERS = [f'5df999f1-7096-426a-8a78-a7a43c36cf2{digit}' for digit in '012345678']
NIL = '00000000-0000-0000-0000-000000000000'
BASE = {'SchemaVersion': 1, 'Name': 'blink', 'ComponentId': ID, 'EntryPoint': '/bin/app',
        'Capabilities': {}}
OTHER_TYPES = [None, True, 7, 1.5, 'x', [None], {'x': 1}]
UUIDS_BAD = ['', ID[:-1], ID + '0', ID.replace('-', ''), ID.replace('a', 'g'), NIL]
PORTS_GOOD = [[], [1024, 65535], list(range(2000, 2010))]
PORTS_BAD = [[0], [-1], [1023], [65536], [53], [1900], [5353], [2000, 2000], ['2000'],
             list(range(2000, 2011))]
DEVICES_GOOD = [[], [0, 255], ['$LED1', '$a-b_c', 3], list(range(8))]
DEVICES_BAD = [[-1], [256], ['LED1'], ['$'], ['$1'], [None], [True], [1, 1], ['$A', '$A']]
SEVERAL = {'SystemEventNotifications': True}

# path: (values that both accept, values that both refuse)
SAMPLES = {
    'SchemaVersion': ([], []),
    'Name': (['a', 'x' * 200, 'caf\u00e9 \U0001f600'], ['', 'a\nb', 'a\x85b', '\x7f']),
    'ComponentId': ([ID.upper()], UUIDS_BAD),
    'EntryPoint': (['/a', '/bin/..app/...', '/' + 126 * 'a'],
                   ['', '/', 'a', '//a', '/a/', '/a/../b', '/./a', '/a/..', '/a\nb', '/' + 127 * 'a']),
    'CmdArgs': ([[], ['', '-v'], [''] * 16, ['a' * 511]], [[''] * 17, [1], ['a' * 512]]),
    'ApplicationType': (['Default'], ['default', 'RealTimeCapable', '']),
    'Capabilities': ([{}], [{'Policy': 1}, {'gpio': []}, {'I2sSubordinate': []}]),
    'Limits': ([{}], [{'MemoryKb': 64}]),
    'Lifecycle': ([{}], [{'MemoryKB': 64}]),
    'Lifecycle.Restart': (['Always', 'OnFailure', 'Never'], ['never', '']),
    'Capabilities.Gpio': (DEVICES_GOOD + [list(range(32))], DEVICES_BAD + [list(range(33))]),
    'Capabilities.MutableStorage': ([{'SizeKB': 8}], [{}, {'SizeKb': 8}]),
    'Capabilities.AllowedConnections': (
        [[], ['192.0.2.7'], ['192.0.2.7:1', '10.0.0.0/8:65535', '192.0.2.254/31', '192.0.2.7/32'],
         ['host', 'Host-1.example:443', 'xn--a.b', '3com.example', '1.2.3.4x', '255.255.255.255'],
         [f'h{n}' for n in range(32)]],
        [[''], ['*.example'], ['::1'], ['[::1]:1'], ['https://a'], ['_http._tcp.local'], ['a b'], ['a_b'],
         ['1.2.3'], ['1.2.3.4.5'], ['1.2.3.256'], ['01.2.3.4'], ['2130706433'], ['0x7f000001'], ['0x7f.1'],
         ['127.0.0.1'], ['0.0.0.0'], ['10.0.0.0/7'], ['10.0.0.0/33'], ['10.0.0.0/08'], ['a/24'], ['a:0'],
         ['a:01'], ['a:'], [':1'], ['a.'], ['.a'], ['a..b'], ['-a'], ['a-'], ['a.-b'], ['h\u00f6st'],
         ['x' * 64], ['a', 'a'], [7], [f'h{n}' for n in range(33)]]),
    'Capabilities.AllowedTcpServerPorts': (PORTS_GOOD, PORTS_BAD),
    'Capabilities.AllowedUdpServerPorts': (PORTS_GOOD, PORTS_BAD),
    'Capabilities.AllowedApplicationConnections': (
        [[], PEERS[:8]], [PEERS, [PEERS[0]] * 2, [NIL], ['x'], [7]]),
    'Capabilities.DeviceAuthentication': ([PEERS[0]], UUIDS_BAD),
    'Capabilities.PowerControls': (
        [['ForceReboot'], ['SetPowerProfile', 'ForcePowerDown', 'ForceReboot']],
        [[], ['Reboot'], ['ForceReboot'] * 2, [1]]),
}
SAMPLES.update({'Capabilities.' + kind: (DEVICES_GOOD, DEVICES_BAD + [list(range(9))])
                for kind in ('Uart', 'I2cMaster', 'SpiMaster', 'Pwm', 'Adc')})

# What system apps alone may have: accepted from them, refused to OEMs.
SYSTEM_ONLY = [('ApplicationType', 'Debugger'), ('Capabilities.SystemPrivileges', ['Time', 'Telemetry'])]
SYSTEM_BAD = [('Capabilities.SystemPrivileges', value)
              for value in ([], ['Root'], ['Time', 'Time'], 'Time', True)]

# Refused by the validator alone: bytes, cross-references, other spellings of the same.
BEYOND_THE_SCHEMA = [
    ('Capabilities.AllowedConnections', ['10.0.0.1/8']),
    ('Capabilities.AllowedConnections', ['240.0.0.1']),
    ('Capabilities.AllowedConnections', ['localhost']),
    ('Capabilities.AllowedConnections', ['a:65536']),
    ('Capabilities.AllowedConnections', ['a', 'A']),
    ('Capabilities.AllowedConnections', ['.'.join(['a' * 63] * 4)]),
    ('Capabilities.AllowedConnections', [f'{n:02}' + 'h' * 60 for n in range(17)]),
    ('Capabilities.AllowedApplicationConnections', [ID]),
    ('Capabilities.AllowedApplicationConnections', [PEERS[0], PEERS[0].upper()]),
    ('Capabilities.Gpio', [105, '$LED11']),
    ('CmdArgs', ['a' * 300] * 2),
    ('EntryPoint', '/' + '\u00e9' * 64),
]


def with_value(path, value, more=None):
    manifest = json.loads(json.dumps(BASE))
    *objects, name = path.split('.')
    place = manifest
    for key in objects:
        place = place.setdefault(key, {})
    place[name] = value
    if more:
        manifest['Capabilities'].update(more)
    return manifest


def properties_of(schema, node, prefix=''):
    """{path: its rule}, objects inside objects too."""
    found = {}
    for name, rule in node['properties'].items():
        while '$ref' in rule:
            rule = schema['definitions'][rule['$ref'].rsplit('/', 1)[1]]
        found[prefix + name] = rule
        if rule.get('type') == 'object':
            found.update(properties_of(schema, rule, prefix + name + '.'))
    return found


def type_fits(rule, value):
    names = {'integer': int, 'string': str, 'boolean': bool, 'array': list, 'object': dict}
    wanted = names[rule.get('type', 'string')]
    return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


def make_cases(properties):
    """(manifest, accepted by the validator from an OEM, from the system, accepted by the schema)"""
    cases = []

    def add(path, value, oem, system, schema, more=None):
        cases.append((f'{path}: {value!r}'[:100], with_value(path, value, more), oem, system, schema))

    for path, rule in properties.items():
        good, bad = SAMPLES.get(path, ([], []))
        more = None
        if rule.get('type') == 'integer':
            good = [rule['minimum'], rule['maximum']]
            bad = [rule['minimum'] - 1, rule['maximum'] + 1, 2 ** 32 + rule['minimum']]
        elif rule.get('type') == 'boolean':
            good = [True, False]
            more = SEVERAL if path.endswith('Deferral') else None
        for value in good:
            add(path, value, True, True, True, more)
        # A port below 1024 is refused to OEMs alone.
        for value in bad:
            system = path.endswith('ServerPorts') and value in ([1023], [53], [1900], [5353])
            add(path, value, False, system, False)
        for value in OTHER_TYPES:
            if not type_fits(rule, value):
                add(path, value, False, False, False)
    for path, value in SYSTEM_ONLY:
        add(path, value, False, True, True)
    for path, value in SYSTEM_BAD:
        add(path, value, False, False, False)
    for path, value in BEYOND_THE_SCHEMA:
        add(path, value, False, False, True)
    add('Capabilities.SoftwareUpdateDeferral', True, False, False, False)
    add('Capabilities.SoftwareUpdateDeferral', True, False, False, False,
        {'SystemEventNotifications': False})
    for name in BASE:
        manifest = {key: value for key, value in BASE.items() if key != name}
        cases.append(('without ' + name, manifest, False, False, False))
    cases.append(('another field', dict(BASE, Policy={}), False, False, False))
    cases.append(('the most', make_largest(), False, True, False))
    return cases


def make_largest():
    """Everything at once, as long as it may be: the limits must let it pass."""
    manifest = json.loads(json.dumps(BASE))
    manifest.update(CmdArgs=[''] * 16, ApplicationType='Debugger',
                    Limits={'MemoryKB': 4096, 'CpuWeight': 1, 'LogBytesPerSecond': 16},
                    Lifecycle={'Restart': 'Never', 'WatchdogMs': 1000, 'ReadyMs': 0,
                               'TerminationGraceMs': 0})
    capabilities = {kind: list(range(8)) for kind in ('Uart', 'I2cMaster', 'SpiMaster', 'Pwm', 'Adc')}
    capabilities.update(
        Gpio=list(range(32)), MutableStorage={'SizeKB': 1},
        AllowedConnections=[f'{n:02}' + 'h' * 29 for n in range(32)],
        AllowedTcpServerPorts=list(range(1, 11)), AllowedUdpServerPorts=list(range(1, 11)),
        AllowedApplicationConnections=PEERS[:8], DeviceAuthentication=ID,
        PowerControls=['ForceReboot', 'ForcePowerDown', 'SetPowerProfile'],
        SystemPrivileges=['NetworkConfig', 'LowPort', 'Time', 'Power', 'KernelLog', 'Gpio', 'FlashRead',
                          'Monitor', 'Serve', 'Debug', 'ImageUpdate', 'ImageQuery', 'DeviceState',
                          'DeriveKey', 'Attest', 'Telemetry'])
    for name in ('WifiConfig', 'EnterpriseWifiConfig', 'NetworkConfig', 'ReadNetworkProxyConfig',
                 'HardwareAddressConfig', 'DhcpService', 'SntpService', 'TimeSyncConfig', 'SystemTime',
                 'CertStore', 'SystemEventNotifications', 'SoftwareUpdateDeferral', 'HeapMemStats',
                 'ResetMemoryWatermarks'):
        capabilities[name] = True
    manifest['Capabilities'] = capabilities
    return manifest


def judge(manifests):
    texts = [json.dumps(manifest).encode() for manifest in manifests]
    stream = b''.join(struct.pack('<I', len(text)) + text for text in texts)
    output = subprocess.run([VERDICTS], input=stream, stdout=subprocess.PIPE, check=True).stdout
    verdicts = [[int(number) for number in line.split()] for line in output.decode().splitlines()]
    assert len(verdicts) == len(texts)
    return verdicts


def page_rows(text):
    """{path: (type, range, default)}"""
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if line.startswith('|') and len(cells) == 7 and re.match(r'[A-Z][\w.]+$', cells[0]):
            rows[cells[0]] = cells[1:4]
    return rows


def compare_page(properties):
    """What differs between the schema and docs/manifest.md."""
    with open(os.path.join(PROJECT, 'docs/manifest.md'), encoding='utf-8') as file:
        rows = page_rows(file.read())
    wrong = set(rows) ^ (set(properties) | {'Capabilities.I2sSubordinate'})
    for path in set(rows) & set(properties):
        rule, (kind, limits, default) = properties[path], rows[path]
        numbers = [int(number) for number in re.findall(r'\d+', limits)]
        if rule.get('type') == 'integer' and \
                (kind != 'integer' or set(numbers) != {rule['minimum'], rule['maximum']}):
            wrong.add(path + ' range')
        if rule.get('type') == 'array' and numbers[:2] != [rule.get('minItems', 0), rule['maxItems']]:
            wrong.add(path + ' entries')
        if 'default' in rule and rule['default'] != []:
            wanted = rule['default'] if isinstance(rule['default'], str) else json.dumps(rule['default'])
            if default.strip('`') != wanted:
                wrong.add(path + ' default')
    return wrong


def main():
    with open(os.path.join(PROJECT, 'abi/app_manifest.schema.json'), encoding='utf-8') as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    properties = properties_of(schema, schema)
    cases = make_cases(properties)
    verdicts = judge([case[1] for case in cases])
    failed = 0
    for (name, manifest, oem, system, by_schema), (oem_error, system_error) in zip(cases, verdicts):
        valid = validator.is_valid(manifest)
        if ((oem_error == 0), (system_error == 0), valid) != (oem, system, by_schema):
            failed += 1
            print(f'FAIL {name}: OEM E{oem_error}, system E{system_error}, schema {valid}')
    for path in sorted(compare_page(properties)):
        failed += 1
        print(f'FAIL docs/manifest.md and the schema: {path}')
    for app in ('hello', 'blink'):
        with open(os.path.join(PROJECT, 'apps', app, 'app_manifest.json'), encoding='utf-8') as file:
            if not validator.is_valid(json.load(file)):
                failed += 1
                print(f'FAIL the schema refuses {app}')
    print(f'{len(properties)} fields, {len(cases)} manifests judged twice')
    print(f'{int(not failed)} passed, {int(bool(failed))} failed')
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
