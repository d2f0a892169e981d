"""Make a base folder of Anki with one profile, so that Anki starts without a dialog. Anki's own Python runs this.

Usage: python new_profile.py BASE PROFILE
"""

import sys

import anki.lang
from aqt.profiles import ProfileManager


def main(base: str, profile: str) -> None:
    manager = ProfileManager(ProfileManager.get_created_base_folder(base))
    manager.setupMeta()
    anki.lang.set_lang("en_US")
    # On its first start Anki asks for a language, and takes the first profile.
    manager.meta["firstRun"] = False
    manager.create(profile)
    manager.load(profile)
    manager.setLang("en_US")
    manager.set_update_check(False)
    manager.set_check_for_addon_updates(False)
    manager.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
