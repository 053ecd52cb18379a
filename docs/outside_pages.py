"""What `mkdocs build` needs beside mkdocs.yml: pages that lie outside docs/ are taken in, and links to them are turned to where they stand.

The pages read well on their own too, in a checkout or on a forge; there the links lead to the files, here to the pages of the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
# File of the project, and the page that it becomes.
OUTSIDE = {"models/en/README.md": "model.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "README.md": "index.md"}
LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s:]+)((?:#[^)\s]*)?)\)")


def on_config(config: Any) -> Any:
    """Puts pages that the navigation does not name at its end, so that a new page is never out of reach."""
    named = set(_pages(config.nav))
    docs = Path(config.docs_dir)
    missed = sorted(page for path in docs.rglob("*.md") if (page := path.relative_to(docs).as_posix()) not in named)
    if missed:
        config.nav.append({"More": missed})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Takes the pages in that lie outside docs/, but for the README, whose place the start page has."""
    for source, page in OUTSIDE.items():
        if page not in files.src_uris:
            files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """The page with its links turned from the project's files to the site's pages; one to a file that is no page becomes its bare text."""
    here = page.file.src_uri
    source = next((source for source, target in OUTSIDE.items() if target == here and not (ROOT / "docs" / here).exists()), f"docs/{here}")

    def turned(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link[2]))
        if target not in OUTSIDE and not target.startswith("docs/"):
            return link[1]
        within = OUTSIDE.get(target) or target.removeprefix("docs/")
        return f"[{link[1]}]({posixpath.relpath(within, posixpath.dirname(here) or '.')}{link[3]})"

    return LINK.sub(turned, markdown)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """The page as HTML with a name for the search, which the theme leaves without one for those who hear the page."""
    return output.replace('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"')


def _pages(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in _pages(part)]
