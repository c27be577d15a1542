"""Keys of tables that many owners share: `(shop_id, id)`, put on by migration.

Django keeps its ordinary `id`; PostgreSQL and, one day, Citus see the composite key.
"""

from collections.abc import Iterator, Sequence

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class _KeyStep(Operation):
    """A migration step that Django's picture of the models does not show: statements to the database, both ways.

    put, take: the statements, for an app's models as the migration sees them with the keys.
    """

    reversible = True
    reduces_to_sql = True

    def put(self, app_label: str, state: ProjectState) -> Iterator[str]:
        raise NotImplementedError

    def take(self, app_label: str, state: ProjectState) -> Iterator[str]:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes for Django."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self.put(app_label, to_state):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self.take(app_label, from_state):
            schema_editor.execute(statement)


class ComposeKeys(_KeyStep):
    """Migration step: give shop-owned tables of the app their composite keys.

    only: names of models, for a migration that adds tables to those that have theirs; without it, all.
    """

    def __init__(self, only: Sequence[str] = ()) -> None:
        self.only = tuple(only)

    def put(self, app_label: str, state: ProjectState) -> Iterator[str]:
        owned = _owned_models(app_label, state, self.only)
        yield from (_key_sql(model, "shop_id, id") for model in owned)
        for model in owned:
            yield from (foreign_key_sql(model, field) for field in _composite_references(model))
            if owner := _owner_to_guard(model):
                yield owner_key_sql(model, owner)

    def take(self, app_label: str, state: ProjectState) -> Iterator[str]:
        owned = _owned_models(app_label, state, self.only)
        for model in owned:
            guarded = [*_composite_references(model), _owner_to_guard(model)]
            yield from (_no_foreign_key_sql(model, field) for field in guarded if field)
        yield from (_key_sql(model, "id") for model in owned)

    def describe(self) -> str:
        return "Give shop-owned tables their (shop_id, id) keys"


class ComposeReferences(_KeyStep):
    """Migration step: give references that were added to a model with composite keys their composite constraints."""

    def __init__(self, model: str, names: Sequence[str]) -> None:
        self.model, self.names = model, tuple(names)

    def put(self, app_label: str, state: ProjectState) -> Iterator[str]:
        model = state.apps.get_model(app_label, self.model)
        yield from (foreign_key_sql(model, model._meta.get_field(name)) for name in self.names)

    def take(self, app_label: str, state: ProjectState) -> Iterator[str]:
        model = state.apps.get_model(app_label, self.model)
        yield from (_no_foreign_key_sql(model, model._meta.get_field(name)) for name in self.names)

    def describe(self) -> str:
        return f"Give {', '.join(self.names)} of {self.model} their (shop_id, id) references"


def foreign_key_name(model: type[models.Model], field: models.Field) -> str:
    """Name of the composite constraint behind a composite reference."""
    return f"{model._meta.db_table}_{field.column}_shop_fk"


def foreign_key_sql(model: type[models.Model], field: models.Field) -> str:
    """The statement that puts the composite constraint on the table."""
    target = field.related_model._meta.db_table  # type: ignore[union-attr]
    return (
        f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{foreign_key_name(model, field)}" '
        f'FOREIGN KEY (shop_id, "{field.column}") REFERENCES "{target}" (shop_id, id) DEFERRABLE INITIALLY DEFERRED'
    )


def owner_key_sql(model: type[models.Model], owner: models.Field) -> str:
    """The statement that makes the table's shop exist."""
    target = owner.related_model._meta.db_table  # type: ignore[union-attr]
    return (
        f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{foreign_key_name(model, owner)}" '
        f'FOREIGN KEY ("{owner.column}") REFERENCES "{target}" (id) DEFERRABLE INITIALLY DEFERRED'
    )


def _key_sql(model: type[models.Model], columns: str) -> str:
    table = model._meta.db_table
    return (
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey", ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ({columns})'
    )


def _no_foreign_key_sql(model: type[models.Model], field: models.Field) -> str:
    return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{foreign_key_name(model, field)}"'


def _owned_models(app_label: str, state: ProjectState, only: Sequence[str]) -> list[type[models.Model]]:
    """Shop-owned models of the app, as the migration sees them."""
    names = {name.lower() for name in only}
    return [
        model
        for model in state.apps.get_app_config(app_label).get_models(include_auto_created=True)
        if (not names or model._meta.model_name in names)
        and any(field.name == "shop" or field.column == "shop_id" for field in model._meta.local_fields)
    ]


def _composite_references(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_fields if getattr(field, "is_composite", False)]


def _owner_to_guard(model: type[models.Model]) -> models.Field | None:
    """The reference to the shop, unless a reference that is never empty leads to a row of that shop anyway.

    Each constraint costs a look-up a row (a third of the price of recording an order), so none is there twice.
    """
    if any(not field.null for field in _composite_references(model)):
        return None
    return next((field for field in model._meta.local_fields if field.name == "shop"), None)
