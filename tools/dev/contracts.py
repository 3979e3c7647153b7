"""Import contracts that fail closed, of types that import-linter does not bring along.

Each of them holds for every module there is; what is exempt stands in pyproject.toml, by name, and
an exemption that nothing needs is an error itself.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, override

import grimp
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules

from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.functions import Deployed, deployed
from blueprint.template.source import Source

type Problems = Iterator[str]


class Derived(Contract):
    """A contract whose modules are found, not listed; it says each problem in a line."""

    def problems(self, graph: grimp.ImportGraph) -> Problems:
        """What breaks it."""
        raise NotImplementedError

    @override
    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        found = sorted(set(self.problems(graph)))
        return ContractCheck(kept=not found, metadata={"problems": found})

    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        for problem in check.metadata["problems"]:
            output.print_error(f"- {problem}", bold=False)
        output.new_line()


class Pure(Derived):
    """No module of these packages reaches a library, directly or not, unless it is named."""

    type_name = "pure"
    # import-linter makes values of fields: no type of theirs is true afterwards.
    packages: Any = fields.ListField(subfield=fields.StringField())
    impure: Any = fields.SetField(subfield=fields.ModuleExpressionField(), default=set())

    @override
    def problems(self, graph: grimp.ImportGraph) -> Problems:
        libraries = _libraries(graph)
        named = {
            module.name
            for module in module_expressions_to_modules(graph, self.impure, as_packages=False)
        }
        for module in _within(graph, self.packages):
            reached = graph.find_upstream_modules(module) & libraries
            if module not in named:
                yield from (_chain(graph, module, library) for library in reached)
            elif not reached:
                yield f"{module} reaches no library: it is exempt for nothing"


class StoreOnTop(Derived):
    """Where a package has a store, none of its other modules reaches it."""

    type_name = "store_on_top"
    container: Any = fields.StringField()

    @override
    def problems(self, graph: grimp.ImportGraph) -> Problems:
        stores = {name for name in _within(graph, [self.container]) if name.endswith(".store")}
        if not stores:
            yield f"{self.container} has no store"
        for store in stores:
            package = store.removesuffix(".store")
            for module in _within(graph, [package]):
                if module != store and store in graph.find_upstream_modules(module):
                    yield _chain(graph, module, store)


class Mounted(Derived):
    """A function reaches libraries of the layers that the template mounts on it, no others."""

    type_name = "mounted"
    container: Any = fields.StringField()

    @override
    def problems(self, graph: grimp.ImportGraph) -> Problems:
        layers = _layers()
        functions = _functions()
        for module in _within(graph, graph.find_children(self.container)):
            function = functions.get(_package(module))
            if function is None:
                yield f"{module} is of no function of template.yaml"
                continue
            mounted = {name for layer in function.layers for name in layers[layer]}
            yield from _not_mounted(graph, [module], mounted)


class MountedSomewhere(Derived):
    """What our layer reaches, one of the layers brings."""

    type_name = "mounted_somewhere"
    container: Any = fields.StringField()

    @override
    def problems(self, graph: grimp.ImportGraph) -> Problems:
        mounted = set().union(*_layers().values())
        yield from _not_mounted(graph, _within(graph, [self.container]), mounted)


class RoutesOnly(Derived):
    """Only functions to which the template gives routes reach what is made for HTTP."""

    type_name = "routes_only"
    container: Any = fields.StringField()
    web: Any = fields.StringField()

    @override
    def problems(self, graph: grimp.ImportGraph) -> Problems:
        with_routes = {name for name, function in _functions().items() if function.apis}
        web = set(_within(graph, [self.web]))
        for module in _within(graph, graph.find_children(self.container)):
            if _package(module) not in with_routes:
                for reached in graph.find_upstream_modules(module) & web:
                    yield _chain(graph, module, reached)


def _not_mounted(graph: grimp.ImportGraph, modules: Iterable[str], mounted: set[str]) -> Problems:
    """How the modules reach libraries that none of their layers brings."""
    others = _libraries(graph) - mounted
    for module in modules:
        for library in graph.find_upstream_modules(module) & others:
            yield _chain(graph, module, library)


def _within(graph: grimp.ImportGraph, packages: Iterable[str]) -> Iterator[str]:
    for package in packages:
        yield package
        yield from graph.find_descendants(package)


def _libraries(graph: grimp.ImportGraph) -> set[str]:
    """What is installed: neither ours nor Python's; stubs are for the type checker alone."""
    return {
        name
        for name in graph.modules
        if graph.is_module_squashed(name)
        and name not in sys.stdlib_module_names
        and not name.startswith("types_")
    }


def _chain(graph: grimp.ImportGraph, importer: str, imported: str) -> str:
    return " -> ".join(graph.find_shortest_chain(importer, imported) or (importer, imported))


def _package(module: str) -> str:
    """`functions.x`, for any module of it."""
    return ".".join(module.split(".")[:2])


def _functions() -> dict[str, Deployed]:
    """By the package of each."""
    return {function.package: function for function in deployed()}


def _layers() -> dict[str, set[str]]:
    """The libraries of each layer."""
    found = Source(TEMPLATE).resources("AWS::Serverless::LayerVersion")
    return {name: _installed_by(ROOT / properties["ContentUri"]) for name, properties in found}


def _installed_by(layer: Path) -> set[str]:
    """The top packages of a layer's requirements, by the names under which they are imported."""
    file = layer / "requirements.txt"
    if not file.exists():
        return set()
    required = set(re.findall(r"^([\w.-]+)==", file.read_text(), re.MULTILINE))
    return {
        package
        for package, distributions in packages_distributions().items()
        if required & {_normalised(name) for name in distributions}
    }


def _normalised(distribution: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
