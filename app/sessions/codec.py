"""How the events of a batch are stored: JSON, deflated with a dictionary of what events look like.

A batch holds a few dozen events, too few for deflate to learn their shape; a preset dictionary teaches it.
The first byte of a body names the form, so that a better one can be added without touching stored batches.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any

FORM_1 = b"\x01"

# Ordered as deflate wants it: what is most frequent stands last. Never change it; add a new form instead.
_DICTIONARY_1 = (
    '"insertReplacementText","insertCompositionText","deleteContentForward","deleteWordBackward","deleteByCut","deleteByDrag",'
    '"insertFromDrop","insertFromPaste","insertLineBreak","historyUndo","historyRedo","silent","source","answer","other",'
    '"text/plain","text/html","window","hidden","visible","ArrowLeft","ArrowRight","ArrowUp","ArrowDown","ControlLeft","Control",8],'
    '"Enter","Enter",0],"Period",".",0],"Comma",",",0],"ShiftLeft","Shift",4],"ShiftLeft",0],"Backspace","Backspace",0],"Backspace",0],'
    ',1,"","deleteContentBackward",2],[0,"n",'
    + "".join(f'"Key{c.upper()}",0],"k","Key{c.upper()}","{c}",0],[1,"e",' for c in "zqxjkvbywgpfmucdlhrsnioate")
    + '"Space",0],[85,"u","Space"," ",0],[1,"e",100,0,"e","insertText",2],[90,"u","KeyE",0],[45,"k","KeyT","t",0],'
    '[1,"e",101,0," ","insertText",2],[75,"u","KeyA",0],[60,"k","Space"," ",0],[0,"e",'
).encode()


def encode(events: Sequence[Any]) -> bytes:
    """The stored form of wire-format events."""
    # ASCII keeps lone surrogates, which UTF-8 has no room for.
    raw = json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    packer = zlib.compressobj(6, wbits=-15, zdict=_DICTIONARY_1)
    return FORM_1 + packer.compress(raw) + packer.flush()


def decode(body: bytes) -> list[Any]:
    """The events of a stored batch."""
    if body[:1] != FORM_1:
        raise ValueError(f"unknown form of a stored batch: {body[:1]!r}")
    unpacker = zlib.decompressobj(wbits=-15, zdict=_DICTIONARY_1)
    events: list[Any] = json.loads(unpacker.decompress(body[1:]) + unpacker.flush())
    return events
