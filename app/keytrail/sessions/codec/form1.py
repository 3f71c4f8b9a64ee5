"""Form 1: JSON, deflated with a dictionary of typical events. Read only; new batches have form 2."""

from typing import Any, Final

from keytrail.sessions.codec.deflated import Deflated

FORM: Final = b"\x01"

# Deflate wants the most frequent strings last. Never change it.
_DEFLATED: Final = Deflated(
    '"insertReplacementText","insertCompositionText","deleteContentForward","deleteWordBackward","deleteByCut","deleteByDrag",'
    '"insertFromDrop","insertFromPaste","insertLineBreak","historyUndo","historyRedo","silent","source","answer","other",'
    '"text/plain","text/html","window","hidden","visible","ArrowLeft","ArrowRight","ArrowUp","ArrowDown","ControlLeft","Control",8],'
    '"Enter","Enter",0],"Period",".",0],"Comma",",",0],"ShiftLeft","Shift",4],"ShiftLeft",0],"Backspace","Backspace",0],"Backspace",0],'
    ',1,"","deleteContentBackward",2],[0,"n",'
    + "".join(f'"Key{c.upper()}",0],"k","Key{c.upper()}","{c}",0],[1,"e",' for c in "zqxjkvbywgpfmucdlhrsnioate")
    + '"Space",0],[85,"u","Space"," ",0],[1,"e",100,0,"e","insertText",2],[90,"u","KeyE",0],[45,"k","KeyT","t",0],'
    '[1,"e",101,0," ","insertText",2],[75,"u","KeyA",0],[60,"k","Space"," ",0],[0,"e",'
)


def read(stored: bytes) -> list[Any]:
    """Return the events of a body without its first byte."""
    return _DEFLATED.read(stored)


def write(events: list[Any]) -> bytes:
    """Return the whole body, as earlier versions wrote it."""
    return FORM + _DEFLATED.write(events)[0]
