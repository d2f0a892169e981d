"""The texts that deckgen writes into packages and changelogs, in each language of deck.toml."""

from collections.abc import Mapping

from msgspec import Struct


class Translation(Struct, frozen=True):
    """The texts of one language. They are templates for str.format. Labels of Anki's dialog are written as Anki writes them.

    `version` to `always` are Markdown, for the deck's page in Anki. `retired` is plain text, for the banner of a retired
    note. Its `version` is the first version without the note, and all retired notes have the `tag`. The texts from `first`
    on are Markdown, for a changelog.
    """

    version: str
    author: str
    license: str
    homepage: str
    update: str
    always: str
    retired: str
    first: str
    added: str
    changed: str
    removed: str
    notetypes: str
    nothing: str
    cleanup: str


TRANSLATIONS: Mapping[str, Translation] = {
    "en": Translation(
        version="Version {version}",
        author="Author: {author}",
        license="Licence: {license}",
        homepage="Home page: {homepage}",
        update="**Updating:** import the newer package over this one and leave the dialog as it is (*Update notes: If newer*). Your progress "
        "stays. Notes that changed are replaced, their tags too; notes that did not change keep your own edits and tags.",
        always="**Update notes: Always** replaces every note, and all your own edits and tags are lost. Choose it only to be rid of them.",
        retired="This note was removed from the deck in version {version}. You may delete it: search for tag:{tag} in the browser, "
        "which finds all that were removed.",
        first="The first release: {notes} notes, {cards} cards.",
        added="Added",
        changed="Changed",
        removed="Retired",
        notetypes="Note types",
        nothing="No note changed.",
        cleanup="Notes that left the deck stay in your collection. To be rid of them, import {package}, search for tag:{tag} in the browser and "
        "delete what it finds.",
    ),
    "zh": Translation(
        version="版本 {version}",
        author="作者：{author}",
        license="许可：{license}",
        homepage="主页：{homepage}",
        update="**更新：** 直接导入新版牌组包，对话框保持默认（*更新笔记：仅在笔记较现有新时*）。学习进度保留；有改动的笔记会被替换，标签也一并替换；"
        "没有改动的笔记保留你自己的修改和标签。",
        always="**更新笔记：始终** 会替换全部笔记，你自己的修改和标签都会丢失。只有想放弃它们时才选它。",
        retired="这条笔记已在 {version} 版中从牌组移除，可以删除：在浏览界面搜索 tag:{tag}，就能找到所有被移除的笔记。",
        first="首个版本：{notes} 条笔记，{cards} 张卡片。",
        added="新增",
        changed="修改",
        removed="移除",
        notetypes="笔记模板",
        nothing="笔记没有变化。",
        cleanup="已移除的笔记仍会留在你的 Anki 里。想清除它们，请导入 {package}，在浏览界面搜索 tag:{tag}，然后删除搜到的笔记。",
    ),
}
