"""A picture and a sound that can be measured after any amount of transcoding.

The picture: red, green, blue and white corners (orientation), a black disc in the middle (aspect), two strong tones at the
sides on a light grey ground (matrix and range), a moving patch of fine detail (motion, interlacing), and one white frame
half a second after every whole second (time). The sound: a 1 kHz burst of 60 ms that begins at the same instants.
"""

from __future__ import annotations

from fractions import Fraction

FLASH_OFFSET = Fraction(1, 2)   # The first flash and beep; then one every second.
CORNERS = {"top left": (255, 0, 0), "top right": (0, 255, 0), "bottom left": (0, 0, 255), "bottom right": (255, 255, 255)}
SIDES = {"left": (20, 200, 40), "right": (200, 60, 150)}
GROUND = (200, 200, 200)
DISC_RADIUS = Fraction(1, 5)    # Of the shorter side, so that the disc's width is 2/5 of it.


def _hex(colour: tuple[int, int, int]) -> str:
    return "0x%02x%02x%02x" % colour


def picture(width: int, height: int, rate: str, seconds: float | str, flash: str | None = "", moving: bool = True) -> str:
    """A lavfi graph of `seconds` of the card, upright, in square pixels, RGB. Flashes last `flash` seconds, a frame by default."""
    w, h = -(-width // 8), -(-height // 8)
    boxes = (
        (0, 0, h, CORNERS["top left"]), (width - w, 0, h, CORNERS["top right"]), (0, height - h, h, CORNERS["bottom left"]),
        (width - w, height - h, h, CORNERS["bottom right"]),
        (0, height // 2 - h, 2 * h, SIDES["left"]), (width - w, height // 2 - h, 2 * h, SIDES["right"]),
    )
    drawn = ",".join(f"drawbox=x={x}:y={y}:w={w}:h={tall}:color={_hex(colour)}:t=fill" for x, y, tall, colour in boxes)
    radius = float(DISC_RADIUS) * min(width, height)
    disc = f"if(lt(hypot(X-(W-1)/2,Y-(H-1)/2),{radius}),0,{GROUND[0]})"
    still = (f"color={_hex(GROUND)}:s={width}x{height}:r={rate},format=gbrp,trim=end_frame=1,geq=r='{disc}':g='{disc}':b='{disc}',"
             f"{drawn},loop=-1:1,setpts=N,trim=duration={seconds}")
    graph = still
    if moving and min(width, height) >= 64:
        patch = f"{max(16, width // 6 // 2 * 2)}x{max(8, height // 8 // 2 * 2)}"
        graph = (f"{still}[still];testsrc2=s={patch}:r={rate},format=gbrp[patch];"
                 f"[still][patch]overlay=x='W*0.2+(W*0.6-w)*abs(mod(t,2)-1)':y=H*0.8:format=gbrp:eof_action=endall")
    if flash is not None:
        graph += f",drawbox=t=fill:color=white:enable='lt(mod(t+0.5000001,1),{flash or f'1/({rate})'})*gte(t,0.4)'"
    return graph


def sound(seconds: float, rate: int = 48000, channels: str = "stereo", offset: float = 0.0) -> str:
    """Bursts of 1 kHz that begin at 0.5, 1.5, … seconds (moved later by `offset`), the same in every channel."""
    burst = f"0.5*sin(2*PI*1000*t)*lt(mod(t+0.5-{offset},1),0.06)*gte(t,{offset})"
    count = {"mono": 1, "stereo": 2, "5.1": 6, "7.1": 8}[channels]
    return f"aevalsrc=exprs='{'|'.join([burst] * count)}':s={rate}:c={channels}:d={seconds}"
