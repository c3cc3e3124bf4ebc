"""The Python implementation: defines the behaviour and is the fallback of the native one."""

from accelerated._python import files, machine, network, processes, text
from accelerated._python.files import *  # noqa: F403
from accelerated._python.machine import *  # noqa: F403
from accelerated._python.network import *  # noqa: F403
from accelerated._python.processes import *  # noqa: F403
from accelerated._python.text import *  # noqa: F403

__all__: list[str] = []
__all__ += files.__all__
__all__ += machine.__all__
__all__ += network.__all__
__all__ += processes.__all__
__all__ += text.__all__
