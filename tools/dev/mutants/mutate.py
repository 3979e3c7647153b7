"""Puts all mutants of a module into its source, each in a function of its own, with mutmut.

mutmut replaces a function by a trampoline to the original or to the mutant that is active, and
leaves out what has a decorator. Of those, methods that say they override another and properties are
written here so that it takes them.
"""

import difflib
from collections.abc import Iterator
from typing import NamedTuple, override

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from tools.dev.mutants.mutant import Mutant

_OVERRIDE = m.Decorator(decorator=m.Name("override"))
_PROPERTY = m.Decorator(decorator=m.Name("property"))


class MutatedModule(NamedTuple):
    """A module's source with all of its mutants in it, and what they are."""

    code: str
    mutants: list[Mutant]


def mutate(module: str, code: str) -> MutatedModule:
    """The source as the trampolines need it."""
    mutated = mutate_file_contents(module, _undecorate(code))
    return MutatedModule(mutated.code, list(_mutants(module, mutated)))


def _undecorate(code: str) -> str:
    """The same without decorators that change nothing, or that a statement can replace."""
    return cst.parse_module(code).visit(_Undecorated()).code


class _Undecorated(cst.CSTTransformer):
    @override
    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        kept = [one for one in updated_node.decorators if not m.matches(one, _OVERRIDE)]
        if len(kept) == 1 and m.matches(kept[0], _PROPERTY):
            name = updated_node.name.value
            made = cst.parse_statement(f"{name} = property({name})")
            return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), made])
        return updated_node.with_changes(decorators=kept)


def _mutants(module: str, mutated: MutatedFile) -> Iterator[Mutant]:
    lines = mutated.code.splitlines()

    def source(name: str) -> list[str]:
        span = mutated.line_span_by_function_name[name]
        text = "\n".join(lines[span.start - 1 : span.end])
        return text.replace(name, _function(name)).splitlines()

    for name in mutated.mutant_names:
        original = source(f"{name.partition('__mutmut_')[0]}__mutmut_orig")
        yield Mutant(f"{module}.{name}", module, _function(name), _change(original, source(name)))


def _function(name: str) -> str:
    function, class_name = orig_function_and_class_names_from_key(name)
    return f"{class_name}.{function}" if class_name else function


def _change(before: list[str], after: list[str]) -> str:
    compared = difflib.ndiff(before, after)
    return "\n".join(line.rstrip() for line in compared if line[:2] in {"- ", "+ "})
