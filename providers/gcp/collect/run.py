"""A run: which projects there are, everything below a folder in bulk, then projects side by side."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from auditor.provider import CollectOptions, Recorder
from providers.calls.once import Once
from providers.calls.work_queue import WorkQueue
from providers.gcp.collect.assets import POLICIES, RESOURCES, Above, Assets
from providers.gcp.collect.project import Reader
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.collect.projects import parent_of, projects_to_read
from providers.gcp.gateway import Gateway

_SIDE_BY_SIDE: Final = 8


def read_projects(gateway: Gateway, options: CollectOptions, recorder: Recorder) -> None:
    """Asks everything; whatever has no answer becomes a recorded gap.

    Raises NoScopeError where there is no project to read, UsageError for options that name none.
    """
    parent = parent_of(options)
    shared = Once()
    projects = projects_to_read(gateway, options, recorder, shared)
    contexts = {project.id: (ProjectContext(gateway, project, options, shared), Assets()) for project in projects}
    if not contexts:
        return
    for name in contexts:
        recorder.scope(name, ())
    if parent:
        with WorkQueue("gcp", 2, recorder.error, waiting=gateway.waiting) as queue:
            above = Above(gateway, parent, contexts)
            queue.together(partial(above.read, operation) for operation in (RESOURCES, POLICIES))
    with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(contexts)), thread_name_prefix="gcp") as pool:
        futures = [pool.submit(_read, context, assets, options, recorder) for context, assets in contexts.values()]
    for future in futures:
        future.result()


def _read(context: ProjectContext, assets: Assets, options: CollectOptions, recorder: Recorder) -> None:
    waiting = context.gateway.waiting
    with WorkQueue(f"gcp-{context.project.id}", options.max_workers, recorder.error, waiting=waiting) as queue:
        Reader(context, assets, queue, recorder).read()
