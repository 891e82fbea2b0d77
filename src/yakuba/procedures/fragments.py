"""Fields that many definitions share (a daytime telephone number, a bank account): written once, named by ``like``."""

from collections.abc import Mapping
from typing import Any

from yakuba.procedures.faults import DefinitionFault, InvalidDefinition


def with_fragments(document: Any, fragments: Mapping[str, Any], source: str) -> Any:
    """``document`` with every mapping that says ``like: name`` laid over that fragment.

    Raises:
        InvalidDefinition: a fragment that does not exist.
    """
    faults: list[DefinitionFault] = []
    merged = _merged(document, fragments, "", faults)
    if faults:
        raise InvalidDefinition(source, faults)
    return merged


def _merged(node: Any, fragments: Mapping[str, Any], where: str, faults: list[DefinitionFault]) -> Any:
    if isinstance(node, list):
        return [_merged(child, fragments, f"{where}/{number}", faults) for number, child in enumerate(node)]
    if not isinstance(node, dict):
        return node
    name = node.get("like")
    if name is not None and name not in fragments:
        known = ", ".join(fragments) or "(none)"
        faults.append(
            DefinitionFault(where or "/", f"is like {name!r}, which is no fragment; there are {known}")
        )
        name = None
    base = {} if name is None else _merged(fragments[name], fragments, where, faults)
    own = {
        key: _merged(child, fragments, f"{where}/{key}", faults)
        for key, child in node.items()
        if key != "like"
    }
    return {**base, **own}
