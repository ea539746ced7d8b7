# SPDX-License-Identifier: Apache-2.0
"""The compiler's last dump of one object before machine instructions: where functions are stored, which
arguments they are, and what indirect calls call.

A node is what can hold a function: ("place", structure, field), ("variable", name), ("argument", function,
number), ("result", function), ("local", function, name).  Functions and variables that are not global have
the object's name before theirs.  What cannot be named gives ("unknown", why).
"""

import re

FUNCTION = re.compile(r"^;; Function \S+ \((\S+), ")
DECLARED = re.compile(r"^  (.*?\S) ([\w$.]+)(\[[\d<>:\w ]*\])*( = .*)?;$")
ASSIGNED = re.compile(r"^(.*?) (?:=|={v}) (.*)$")
CALL = re.compile(r"^([\w.$]+(?:\(D\))?) \((.*)\)$")
PHI = re.compile(r"^# (\S+) = PHI <(.*)>$")
PHI_ENTRY = re.compile(r"\(\d+\)$")
CAST = re.compile(r"^\(([^()]*(?:\(\*<?\w*>?\) ?\(.*?\)|[^()]*))\) ([&\w].*)$")
SSA = re.compile(r"^([\w.$]*?)_(\d+)(\(D\))?$")
OPERATION = re.compile(r" (?:[-+*/%&|^]|<<|>>|[<>=!]=?|r<<|r>>) |^(?:MIN|MAX|ABS)_EXPR|^[-~!]")
NAME = re.compile(r"^[A-Za-z_.][\w.$]*$")
COMPONENT = re.compile(r"->|\.")
MEM = re.compile(r"^MEM(?: <(?P<as>.*?)>)? ?\[(?:\((?P<type>.*)\))?(?P<base>.*)\](?P<rest>(?:\.[\w.]+|\[[^\]]*\])*)$")
POINTED = re.compile(r"^(?:\*|MEM(?: <.*>)? ?\[(?:\(.*\))?)&?([\w.$]+(?:\(D\))?)(?: \+ (\d+)B)?\]?$")
# The security modules' static calls are variables that are named after the hook.
HOOK = re.compile(r"^__SCK__lsm_static_call_(\w+?)_\d+\.func$")
FLAGS = re.compile(r"(?: \[(?:tail call|return slot optimization|must tail call)\])+$")
TYPE_NAME = re.compile(r"^(?:(?:const|volatile|struct|union) )*([\w.]+)")


def split(text):
    """By the commas that are not in brackets or strings."""
    found, depth, start, quoted = [], 0, 0, False
    for at, char in enumerate(text):
        if char == '"' and text[at - 1:at] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif char in "([{<":
            depth += 1
        elif char in ")]}" or char == ">" and text[at - 1] != "-":
            depth -= 1
        elif char == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return found + [last] if last else found


class Body:
    """One function of the dump."""

    def __init__(self, name):
        self.name = name
        self.parameters = {}
        self.types = {}
        self.lines = []


def bodies(path):
    """Each Body of a dump."""
    body = head = None
    inside = False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            found = FUNCTION.match(line)
            if found:
                body, head, inside = Body(found[1]), None, False
            elif body and line == "{":
                sign(body, head or "")
            elif body and line == "}":
                yield body
                body = None
            elif body and line and not line.startswith((" ", ";;", "Removing", "Merging", "__attr")):
                head = line
            elif body and line.startswith("  <bb"):
                inside = True
            elif body and line.startswith("  ") and inside:
                body.lines.append(line)
            elif body and line.startswith("  "):
                declare(body, line)


def sign(body, head):
    """The parameters' names and types, from "int f (struct a * b, void (*<T1>) (int) c)"."""
    start = opening(head)
    for at, text in enumerate(split(head[start + 1:head.rfind(")")])):
        found = re.match(r"^(.*?)\b([\w$.]+)$", text)
        if found:
            body.parameters[found[2]] = at
            body.types.setdefault(found[2], []).append(found[1].strip())


def declare(body, line):
    found = DECLARED.match(line)
    if found:
        body.types.setdefault(found[2], []).append(found[1].strip())


def opening(head):
    """Where the list of parameters starts: the last bracket that is not in another one."""
    depth, last = 0, 0
    for at, char in enumerate(head):
        if char == "(":
            if depth == 0:
                last = at
            depth += 1
        elif char == ")":
            depth -= 1
    return last


class Unit:
    """What one object says. @edges: [(from, to)]; @seeds: [(function, to)]; @sites: [(function, node, args)];
    @calls: [(function, callee, args, result)]."""

    def __init__(self, name, btf, local, functions):
        self.name, self.btf, self.local, self.functions = name, btf, local, functions
        self.edges, self.seeds, self.sites = set(), set(), []
        self.body = None
        self.pointer_types = {}
        self.statics = {}

    def qualified(self, name):
        return "%s:%s" % (self.name, name) if name in self.local else name

    def read(self, path):
        for body in bodies(path):
            self.body = body
            self.function = self.qualified(body.name)
            for name, kinds in body.types.items():
                self.statics.update({name: kind[7:] for kind in kinds if kind.startswith("static ")})
            for line in body.lines:
                self.statement(line.strip())

    # Types.

    def type_of_text(self, text):
        found = TYPE_NAME.match(text)
        return self.btf.by_name.get(found[1]) if found else None

    def static_type(self, name):
        """Of a variable that only one function knows."""
        return self.type_of_text(self.statics[name]) if name in self.statics else None

    def holds(self, text):
        """Can a variable of that type hold a function?"""
        if text not in self.pointer_types:
            self.pointer_types[text] = self.may_hold(text)
        return self.pointer_types[text]

    def may_hold(self, text):
        if "(*" in text or re.match(r"^(const )?void \*( const)?$", text):
            return True
        if "*" in text or text.startswith(("struct", "union", "const struct")):
            return False
        at = self.type_of_text(text)
        return bool(at) and self.btf.is_function_pointer(at)

    def types_of(self, name):
        """Of a local name, with its version or without."""
        if name in self.body.types:
            return self.body.types[name]
        found = SSA.match(name)
        return self.body.types.get(found[1] or "", []) if found else []

    def is_name(self, text):
        """Is it one name? One with dots may be a field, or be made by the compiler."""
        if not NAME.match(text) and not SSA.match(text):
            return False
        if "." not in text:
            return True
        if self.types_of(text.replace("(D)", "")):
            return True
        return not self.types_of(text.split(".")[0]) and text.split(".")[0] not in self.btf.variables

    # Expressions.

    def node(self, text):
        """What an operand is: a node, ("function", name), or None if it can hold no function."""
        text = text.strip()
        cast = CAST.match(text)
        if cast:
            return self.node(cast[2])
        if text.startswith("&") and NAME.match(text[1:]) and text[1:] in self.functions:
            return ("function", self.qualified(text[1:]))
        if not text.startswith("MEM") and OPERATION.search(text):
            return ("unknown", "computed: " + text)
        if self.is_name(text):
            return self.simple(text)
        if text[:1] in "&\"0123456789-{" or text.startswith((".", "~")):
            return None
        return self.component(text)

    def simple(self, text):
        found = SSA.match(text)
        if found and found[3] and found[1] in self.body.parameters:
            return ("argument", self.function, self.body.parameters[found[1]])
        if text in self.body.parameters:
            return ("argument", self.function, self.body.parameters[text])
        if found and text not in self.functions or text in self.body.types:
            return ("local", self.function, text)
        if text in self.functions:
            return ("function", self.qualified(text))
        return ("variable", self.qualified(text))

    def can_hold(self, text):
        """Does the operand have a type that holds functions? For what has no name, its place says."""
        if self.is_name(text):
            plain = text.replace("(D)", "")
            types = self.types_of(plain) or self.types_of(text)
            return any(self.holds(kind) for kind in types) or not types and not SSA.match(text)
        return True

    def component(self, text):
        hook = HOOK.match(text)
        if hook:
            return ("place", "security_list_options", hook[1])
        base, fields = self.dissect(text)
        if base is None:
            return ("unknown", text)
        if not fields:
            return self.whole(text, base)
        found = {(place, may) for kind in base for place, may in self.walk(kind, fields)}
        if not found:
            return ("unknown", fields[-1] + " in " + text)
        found = {place for place, may in found if may}
        if not found:
            return None
        return ("any",) + tuple(sorted(found)) if len(found) > 1 else found.pop()

    def whole(self, text, base):
        """What a pointer without a field points to: if to a structure, the field at the offset."""
        if not text.startswith(("*", "MEM")):
            return None
        found = POINTED.match(text)
        kinds = self.types_of(found[1].replace("(D)", "")) if found else []
        cast = MEM.match(text)
        if found and cast and cast["type"] and "(*" not in cast["type"]:
            kinds = [cast["type"]]
        places = {place for kind in kinds for place in self.places_in(kind, int(found[2] or 0))}
        if not places:
            return ("unknown", "*: " + text)
        return ("any",) + tuple(sorted(places)) if len(places) > 1 else places.pop()

    def places_in(self, text, offset):
        at = self.type_of_text(text)
        if not at or self.btf.types[self.btf.plain(at)][0] not in (4, 5):
            return []
        offset = (offset + 2 ** 31) % 2 ** 32 - 2 ** 31
        return [("place",) + place for place, _ in self.btf.place_at(at, offset % max(self.btf.size(at), 1))
                if place[0]]

    def dissect(self, text):
        """([types] of what the expression starts with, [fields]); ([variable node], []) of an array."""
        fields = []
        mem = MEM.match(text)
        if mem:
            fields = [part for part in re.split(r"\.|\[[^\]]*\]", mem["rest"]) if part]
            return [self.type_of_text(mem["as"] or mem["type"] or "")], self.named(fields)
        text = re.sub(r"\[[^\]]*\]", "", text)
        text = text.replace("(*", "").replace("*", "")
        parts = COMPONENT.split(re.sub(r"\.(\d)", r"#\1", text))
        parts = [part.replace("#", ".") for part in parts]
        base = parts[0].replace("(D)", "").replace("(", "").replace(")", "")
        types = self.types_of(base)
        if types:
            return [self.type_of_text(kind) for kind in types], self.named(parts[1:])
        variable = self.btf.variables.get(base)
        if variable is None:
            return None, fields
        return [variable], self.named(parts[1:])

    @staticmethod
    def named(fields):
        return [field for field in fields if not re.match(r"^D\.?\d+$", field) and not field.isdigit() and field != "D"]

    def walk(self, at, fields):
        """The places that a path of fields leads to from the type @at, if they can hold functions."""
        states = [(at, "", "")] if at else []
        for field in fields:
            states = [found for kind, owner, before in states for found in self.member(kind, field, owner, before)]
        return [(("place", owner, field), self.kept(kind)) for kind, owner, field in states]

    def kept(self, at):
        """Can it hold a function: a pointer to one or to anything, or an array of them?"""
        at = self.btf.element(at)
        kind, _, value, _ = self.btf.types[at]
        return kind == 2 and (self.btf.is_function_pointer(at) or self.btf.plain(value) == 0)

    def member(self, at, wanted, owner, before, depth=0):
        at = self.into(at)
        named = self.btf.types[at][1] if at else ""
        plain = self.btf.plain(at) if at else 0
        if not plain or self.btf.types[plain][0] not in (4, 5) or depth > 16:
            return []
        name = self.btf.types[plain][1] or named
        if name:
            owner, before = name, ""
        found = []
        for field, kind, _ in self.btf.members(plain):
            if field == wanted:
                found.append((kind, owner, field))
            elif not field:
                found += self.member(kind, wanted, owner, before, depth + 1)
        return found

    def into(self, at):
        """Through pointers, arrays and qualifiers to a structure, whose typedef stays if it has no name."""
        for _ in range(32):
            kind, name, value, rest = self.btf.types[at]
            if kind == 3:
                at = self.btf.element(at)
            elif kind in (2, 9, 10, 11, 18):
                at = value
            elif kind == 8:
                if self.btf.types[self.btf.plain(at)][0] in (4, 5):
                    return at
                at = value
            else:
                return at
        return 0

    # Statements.

    def statement(self, line):
        phi = PHI.match(line)
        if phi:
            if self.can_hold(phi[1]):
                for entry in split(phi[2]):
                    self.flow(PHI_ENTRY.sub("", entry), phi[1])
            return
        if not line.endswith(";") and "; [" not in line or line.startswith(("#", "<", "goto ", "if (", "switch (", "__asm")):
            return
        line = FLAGS.sub("", line.replace("; [", " [")).rstrip(";")
        if line.startswith("return "):
            self.flow_to(line[7:], ("result", self.function))
            return
        call = CALL.match(line)
        if call:
            self.call(call[1], call[2], None)
            return
        assigned = ASSIGNED.match(line)
        if assigned:
            self.assign(assigned[1], assigned[2])

    def assign(self, left, right):
        call = CALL.match(right)
        if call and not right.startswith("("):
            self.call(call[1], call[2], left)
        elif " ? " in right:
            for part in right.split(" ? ", 1)[1].split(" : "):
                self.flow(part, left)
        else:
            self.flow(right, left)

    def flow(self, source, target):
        node = self.node(target) if source[:1] != "{" else None
        if node:
            self.flow_to(source, node, target)

    def interesting(self, source, text):
        """Is it a pointer to a function, by the type of one side?"""
        return source[0] == "function" or self.can_hold(text)

    def flow_to(self, text, node, target=""):
        source = self.node(text)
        if not source:
            return
        if source[0] == "function":
            self.seeds.add((source[1], node))
        elif source[0] == "unknown":
            if node[0] == "place" or not target or self.strict(target):
                self.edges.add((source, node))
        elif self.typed(text, source) and (not target or self.typed(target, node)):
            self.edges.add((source, node))

    def strict(self, text):
        """Is it a pointer to a function, and not to anything?"""
        return any(self.holds(kind) and "void *" != kind.replace("const ", "") for kind in
                   self.types_of(text.strip().replace("(D)", "")))

    def typed(self, text, node):
        if node[0] in ("local", "argument"):
            name = text.strip()
            cast = CAST.match(name)
            name = (cast[2] if cast else name).replace("(D)", "")
            return any(self.holds(kind) for kind in self.types_of(name))
        return True

    def call(self, callee, arguments, left):
        args = []
        for at, text in enumerate(split(arguments)):
            node = self.node(text)
            if node and (node[0] == "function" or self.typed(text, node) and node[0] != "unknown"):
                args.append((at, node))
        result = left and self.node(left)
        if result and (result[0] == "unknown" or not self.typed(left, result)):
            result = None
        target = self.node(callee)
        if callee.startswith((".", "__builtin")) and callee not in self.functions:
            return
        if target is None or target[0] == "function" or target[0] == "variable":
            name = target[1] if target else callee
            self.direct(name, args, result)
        else:
            self.sites.append((self.function, target, tuple(args), result))

    def direct(self, name, args, result):
        for at, node in args:
            argument = ("argument", name, at)
            if node[0] == "function":
                self.seeds.add((node[1], argument))
            else:
                self.edges.add((node, argument))
        if result:
            self.edges.add((("result", name), result))
