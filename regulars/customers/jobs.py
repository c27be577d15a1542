"""The background work of the customers floor: actions on a selection, and undoing any batch."""

from regulars.customers.actions import ACTION_RUN, UNDO_RUN, find_action
from regulars.customers.bulk import Undone, undo_part
from regulars.customers.bulk.performed import added
from regulars.customers.bulk.undoing import START
from regulars.customers.models import Customer
from regulars.customers.note_files import remove_laid_aside
from regulars.customers.selection import forget_selection, part_of
from regulars.customers.undo_limits import forget_footprints
from regulars.events.record import Actor
from regulars.kit.jobs import every
from regulars.shops.models import JobRun
from regulars.shops.queries import acting
from regulars.shops.work import work


@work(ACTION_RUN, ended=forget_selection)
def act_on_next_part(run: JobRun) -> bool:
    """Do the action to the next part of the selection."""
    position = run.checkpoint.get("position", 0)
    ids = part_of(run, position)
    if not ids or run.staff is None:
        return False
    # Looked at again: customers may have been given to somebody else since they were counted.
    people = Customer.objects.of(run.shop_id).visible_to(run.staff).filter(pk__in=ids)
    visible = list(people.order_by("pk").values_list("pk", flat=True))
    perform = find_action(run.data["action"]).perform
    done = perform(run.shop, visible, run.data["params"], by=acting(run.staff), batch_id=run.pk)
    run.done += len(ids)
    run.result = added(run.result, done)
    run.checkpoint = {"position": position + 1}
    return run.done < (run.total or 0)


@work(UNDO_RUN)
def undo_next_part(run: JobRun) -> bool:
    """Take back the next thousand rows or events of the batch."""
    kind, actor_id, name = run.data["by"]
    turn, before = run.checkpoint.get("place", START)
    undone = Undone(**run.result) if run.result else Undone()
    by = Actor(kind, actor_id, name)
    part, following = undo_part(run.shop, run.data["batch"], (turn, before), by=by, undo_id=run.pk)
    undone += part
    run.result = undone.plain()
    run.done = undone.restored + undone.removed + undone.conflicts
    run.checkpoint = {"place": following}
    return following is not None


@every("29 3 * * *")
def forget_files_of_deleted_notes() -> None:
    """Those that nobody put back within a day."""
    remove_laid_aside()


@every("35 3 * * *")
def forget_what_cannot_be_undone() -> None:
    """The footprints of runs that are too old to be taken back."""
    forget_footprints()
