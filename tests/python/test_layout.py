# SPDX-License-Identifier: LGPL-2.1-or-later
"""Structures, constants and prototypes are those of the headers, as a C
compiler sees them."""

import ctypes
import enum
import os
import pathlib
import re
import shlex
import tempfile
import unittest

import plxdma
from plxdma import _native, _structures
from cards import SOURCE, alone

HEADERS = sorted((SOURCE / "include/plxdma").glob("*.h"))
# What boards are written by is none of a program's.
TEXT = "".join(header.read_text() for header in HEADERS
               if header.name != "board.h")
CODE = re.sub(r"/\*.*?\*/", "", TEXT, flags=re.S)

STRUCTURES = {
    "plxdma_" + re.sub(r"(?<!^)([A-Z])", r"_\1", kind.__name__).lower(): kind
    for kind in vars(_structures).values()
    if isinstance(kind, type) and issubclass(kind, ctypes.Structure)
    and kind is not ctypes.Structure}
ENUMS = {
    "PLXDMA_": plxdma.Status, "PLXDMA_CLAIM_": plxdma.Claimed,
    "PLXDMA_FORM_": plxdma.Form, "PLXDMA_PIN_": plxdma.Pin,
    "PLXDMA_SPACE_": plxdma.Space, "PLXDMA_STEP_": plxdma.StepOp,
    "PLXDMA_STREAM_": (plxdma.Source, plxdma.Slow, plxdma.Stop)}
NUMBERS = {"PLXDMA_NAME": _structures.NAME_BYTES,
           "PLXDMA_BARS": _structures.BARS,
           "PLXDMA_TO_HOST": plxdma.Direction.TO_HOST,
           "PLXDMA_TO_CARD": plxdma.Direction.TO_CARD}


def questions():
    """C expressions and what this package thinks that they are."""
    for name, kind in STRUCTURES.items():
        yield f"sizeof(struct {name})", ctypes.sizeof(kind)
        for field, *_ in kind._fields_:
            at = getattr(kind, field)
            yield f"offsetof(struct {name}, {field})", at.offset
            yield f"sizeof(((struct {name} *)0)->{field})", at.size
    for prefix, kinds in ENUMS.items():
        for kind in [kinds] if isinstance(kinds, enum.EnumMeta) else kinds:
            for member in kind:
                yield prefix + member.name, int(member)
    yield from NUMBERS.items()


def compiled(expressions):
    """What a C compiler makes of them."""
    program = "".join(f"#include <plxdma/{header.name}>\n"
                      for header in HEADERS)
    program += "#include <stddef.h>\n#include <stdio.h>\nint main(void)\n{\n"
    program += "".join(f'printf("%lld\\n", (long long)({words}));\n'
                       for words in expressions) + "}\n"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "layout.c")
        source.write_text(program)
        built = alone(*shlex.split(os.environ.get("CC", "cc")),
                      f"-I{SOURCE / 'include'}", "-o", source.with_suffix(""),
                      source)
        if built.returncode:
            raise AssertionError(built.stdout)
        return [int(word)
                for word in alone(source.with_suffix("")).stdout.split()]


class Layout(unittest.TestCase):
    def test_members_and_constants_are_where_the_compiler_has_them(self):
        asked = dict(questions())
        for (words, ours), theirs in zip(asked.items(), compiled(asked)):
            with self.subTest(words):
                self.assertEqual(ours, theirs)

    def test_every_structure_of_the_headers_is_there(self):
        named = set(re.findall(r"^struct (plxdma_\w+) \{", CODE, re.M))
        self.assertEqual(named, set(STRUCTURES))

    def test_no_member_of_a_structure_is_left_out(self):
        for name, kind in STRUCTURES.items():
            body = re.search(rf"^struct {name} \{{(.*?)^\}};", CODE,
                             re.M | re.S).group(1)
            members = re.findall(r"(\w+)(?:\[\w+\])?;", body)
            with self.subTest(name):
                self.assertEqual(members,
                                 [field for field, *_ in kind._fields_])

    def test_every_function_of_the_headers_is_there(self):
        declared = set(re.findall(r"\bplxdma_(\w+)\(", CODE))
        self.assertEqual(declared, set(_native.PROTOTYPES))

    def test_prototypes_take_as_many_arguments(self):
        for name, (_, *takes) in _native.PROTOTYPES.items():
            arguments = re.search(rf"\bplxdma_{name}\((.*?)\);", CODE,
                                  re.S).group(1)
            count = 0 if arguments == "void" else arguments.count(",") + 1
            with self.subTest(name):
                self.assertEqual(len(takes), count)

    def test_arguments_have_the_size_of_the_headers(self):
        sizes = {"int": 4, "unsigned int": 4, "uint32_t": 4, "uint64_t": 8,
                 "int64_t": 8, "size_t": 8, "plxdma_handle": 8}
        for name, (_, *takes) in _native.PROTOTYPES.items():
            arguments = re.search(rf"\bplxdma_{name}\((.*?)\);", CODE,
                                  re.S).group(1)
            for text, kind in zip(arguments.split(","), takes):
                words = text.split()
                size = 8 if "*" in text else 4 if words[0] == "enum" \
                    else sizes[" ".join(words[:-1])]
                with self.subTest(f"{name}: {text.strip()}"):
                    self.assertEqual(ctypes.sizeof(kind), size)
