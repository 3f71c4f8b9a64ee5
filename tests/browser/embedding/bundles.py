"""Bundles of pages that use other frameworks, made as their authors do."""

import subprocess
from pathlib import Path

PAGES = Path(__file__).parent / "pages"
_ESBUILD = Path(__file__).parents[3] / "node_modules" / ".bin" / "esbuild"


def bundle(folder: Path) -> None:
    """Write each script of the pages into a folder, with its imports."""
    options = [
        "--bundle",
        "--format=esm",
        "--minify",
        "--log-level=error",
        '--define:process.env.NODE_ENV="production"',
    ]
    subprocess.run([_ESBUILD, *sorted(PAGES.glob("*.js")), *options, f"--outdir={folder}"], check=True, timeout=60)
