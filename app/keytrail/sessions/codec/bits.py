"""Bit codes for numbers and symbols. Bits are a str of "0" and "1", which Python joins and converts fast."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Final, Generic, TypeVar

_Symbol = TypeVar("_Symbol", bound=Hashable)
_PREPARED: Final = 1024
_SEVEN_BITS: Final = 127
_MORE: Final = 128


class Numbers(dict[int, str]):
    """Exponential Golomb codes of whole numbers from 0 up: small numbers take few bits.

    A number below 2**order takes order + 1 bits, and two more for each doubling. A dict, because that is Python's
    fastest look-up; codes of large numbers are computed on demand and not cached.
    """

    def __init__(self, order: int) -> None:
        self._order = order
        super().__init__((number, self[number]) for number in range(_PREPARED))

    def __missing__(self, number: int) -> str:
        shifted = number + (1 << self._order)
        return "0" * (shifted.bit_length() - self._order - 1) + f"{shifted:b}"

    def read(self, bits: str, at: int) -> tuple[int, int]:
        """Return the number whose code starts at `at`, and where its code ends. Raises ValueError if there is none."""
        one = bits.index("1", at)
        end = one + (one - at) + self._order + 1
        return int(bits[one:end], 2) - (1 << self._order), end


class Alphabet(Generic[_Symbol]):
    """A canonical prefix code of symbols: frequent ones take few bits.

    `lengths` lists the symbols by code length, in the order of their codes. Raises ValueError unless every sequence of
    bits is a sequence of symbols.
    """

    def __init__(self, lengths: Mapping[int, Iterable[_Symbol]]) -> None:
        self.codes: dict[_Symbol, str] = {}
        code = 0
        longest = max(lengths)
        for length in range(1, longest + 1):
            code <<= 1
            for symbol in lengths.get(length, ()):
                self.codes[symbol] = f"{code:0{length}b}"
                code += 1
        if code != 1 << longest:
            raise ValueError(f"the code is not complete: {code} of {1 << longest}")
        self._symbols = {code: symbol for symbol, code in self.codes.items()}
        self._shortest = min(lengths)

    def read(self, bits: str, at: int) -> tuple[_Symbol, int]:
        """Return the symbol whose code starts at `at`, and where its code ends. Raises ValueError past the end."""
        end = at + self._shortest
        while (symbol := self._symbols.get(bits[at:end])) is None:
            end += 1
            if end > len(bits):
                raise ValueError("the bits end inside a symbol")
        return symbol, end


def to_bytes(bits: str) -> bytes:
    """Return bits as bytes; a leading one preserves leading zeros."""
    number = int("1" + bits, 2)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_bytes(packed: bytes) -> str:
    """Return the bits that `to_bytes` was given."""
    return f"{int.from_bytes(packed, 'big'):b}"[1:]


def leb128(number: int) -> bytes:
    """Encode a whole number, seven bits per byte, least significant first."""
    stored = bytearray()
    while number > _SEVEN_BITS:
        stored.append(number & _SEVEN_BITS | _MORE)
        number >>= 7
    stored.append(number)
    return bytes(stored)


def read_leb128(stored: bytes) -> tuple[int, int]:
    """Return the number at the start, and where it ends. Raises IndexError if it is incomplete."""
    number = at = 0
    while stored[at] & _MORE:
        number |= (stored[at] & _SEVEN_BITS) << 7 * at
        at += 1
    return number | stored[at] << 7 * at, at + 1
