"""The settings of a run and of the analysis, and the files they come from."""

from callsheet.settings.load import SettingProblem, load_settings, person_file, read_settings
from callsheet.settings.model import ConfirmOver, ModelSettings, RunSettings, Settings, WorktreeSettings

__all__ = [
    "ConfirmOver",
    "ModelSettings",
    "RunSettings",
    "SettingProblem",
    "Settings",
    "WorktreeSettings",
    "load_settings",
    "person_file",
    "read_settings",
]
