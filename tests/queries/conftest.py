"""The graph on both engines and the catalogue, each loaded once in a session."""

import pytest
import rdflib
from engines import to_dataset

from kg.catalogue import Catalogue
from kg.store import Store


@pytest.fixture(scope="session")
def graphs() -> Store:
    return Store.load()


@pytest.fixture(scope="session")
def dataset(graphs: Store) -> rdflib.Dataset:
    return to_dataset(graphs)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()
