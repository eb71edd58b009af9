#!/usr/bin/env python3
"""Makes vectors.csv, what Bosch's formulas make of raw register values, and tapes of a
board that is read, each with the values that it has to come to.

Both ways of BST-BME280-DS002 are written down here by themselves, and not taken
from the Go code: the integers of 4.2.3 (t_fine, T in 0.01 degC, P in Pa/256, H in
%/1024) and the floating point of appendix 8.1 (degC, Pa, %). Run it in this folder:

    python3 vectors.py
"""
import random
import struct

BOSCH = dict(  # the worked example of the BMP280's datasheet, BST-BMP280-DS001 3.12,
    # which has the same formulas for T and P; the H values are of a usual chip
    T1=27504, T2=26435, T3=-1000, P1=36477, P2=-10685, P3=3024, P4=2855, P5=140,
    P6=-7, P7=15500, P8=-14600, P9=6000, H1=75, H2=362, H3=0, H4=313, H5=50, H6=30)
NEGATIVE = dict(BOSCH, H4=-246, H5=-2027, H6=-1, H3=200, T3=50)  # signs of twelve bits
CHIPS = [("bosch", BOSCH), ("negative", NEGATIVE)]


def integers(c, t, p, h):
    v1 = (((t >> 3) - (c["T1"] << 1)) * c["T2"]) >> 11
    v2 = (((((t >> 4) - c["T1"]) * ((t >> 4) - c["T1"])) >> 12) * c["T3"]) >> 14
    fine = v1 + v2
    centi = (fine * 5 + 128) >> 8
    v1 = fine - 128000
    v2 = v1 * v1 * c["P6"]
    v2 += (v1 * c["P5"]) << 17
    v2 += c["P4"] << 35
    v1 = ((v1 * v1 * c["P3"]) >> 8) + ((v1 * c["P2"]) << 12)
    v1 = (((1 << 47) + v1) * c["P1"]) >> 33
    q = 1048576 - p
    n = ((q << 31) - v2) * 3125
    q = abs(n) // abs(v1) * (1 if (n < 0) == (v1 < 0) else -1)  # as C divides
    v1 = (c["P9"] * (q >> 13) * (q >> 13)) >> 25
    v2 = (c["P8"] * q) >> 19
    pressure = ((q + v1 + v2) >> 8) + (c["P7"] << 4)
    v = fine - 76800
    v = ((((h << 14) - (c["H4"] << 20) - (c["H5"] * v)) + 16384) >> 15) * (
        (((((((v * c["H6"]) >> 10) * (((v * c["H3"]) >> 11) + 32768)) >> 10) + 2097152)
          * c["H2"] + 8192) >> 14))
    v -= ((((v >> 15) * (v >> 15)) >> 7) * c["H1"]) >> 4
    v = min(max(v, 0), 419430400)
    return fine, centi, pressure, v >> 12


def floats(c, t, p, h):
    v1 = (t / 16384.0 - c["T1"] / 1024.0) * c["T2"]
    v2 = (t / 131072.0 - c["T1"] / 8192.0) ** 2 * c["T3"]
    fine = int(v1 + v2)
    temperature = (v1 + v2) / 5120.0
    v1 = fine / 2.0 - 64000.0
    v2 = v1 * v1 * c["P6"] / 32768.0
    v2 += v1 * c["P5"] * 2.0
    v2 = v2 / 4.0 + c["P4"] * 65536.0
    v1 = (c["P3"] * v1 * v1 / 524288.0 + c["P2"] * v1) / 524288.0
    v1 = (1.0 + v1 / 32768.0) * c["P1"]
    q = (1048576.0 - p - v2 / 4096.0) * 6250.0 / v1
    v1 = c["P9"] * q * q / 2147483648.0
    v2 = q * c["P8"] / 32768.0
    pressure = q + (v1 + v2 + c["P7"]) / 16.0
    v = fine - 76800.0
    v = (h - (c["H4"] * 64.0 + c["H5"] / 16384.0 * v)) * (
        c["H2"] / 65536.0 * (1.0 + c["H6"] / 67108864.0 * v * (1.0 + c["H3"] / 67108864.0 * v)))
    v *= 1.0 - c["H1"] * v / 524288.0
    return temperature, pressure, min(max(v, 0.0), 100.0)


def registers(c):
    one = struct.pack("<HhhHhhhhhhhhBB", c["T1"], c["T2"], c["T3"], c["P1"], c["P2"], c["P3"],
                      c["P4"], c["P5"], c["P6"], c["P7"], c["P8"], c["P9"], 0, c["H1"])
    h4, h5 = c["H4"] & 0xFFF, c["H5"] & 0xFFF
    two = struct.pack("<hBBBBb", c["H2"], c["H3"], h4 >> 4, (h5 & 0xF) << 4 | h4 & 0xF, h5 >> 4, c["H6"])
    return one.hex(), two.hex()


def data(t, p, h):
    return (p << 4).to_bytes(3, "big").hex() + (t << 4).to_bytes(3, "big").hex() + h.to_bytes(2, "big").hex()


def vectors(out):
    draw = random.Random(280)
    print("chip,calib_88,calib_e1,data_f7,adc_t,adc_p,adc_h,t_fine,centi,pa256,rh1024,temperature,pressure,humidity", file=out)
    for name, c in CHIPS:
        rows = [(519888, 415148, 27000), (519888, 415148, 0), (519888, 415148, 65535)]
        rows += [(draw.randrange(380000, 640000), draw.randrange(250000, 500000), draw.randrange(15000, 45000))
                 for _ in range(40)]
        one, two = registers(c)
        for t, p, h in rows:
            i, f = integers(c, t, p, h), floats(c, t, p, h)
            print(",".join([name, one, two, data(t, p, h), *map(str, (t, p, h)), *map(str, i),
                            f"{f[0]:.4f}", f"{f[1]:.4f}", f"{f[2]:.4f}"]), file=out)


def invert(value, low, high, rising):
    """The raw value at which a formula comes to a target, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if value(middle) == rising else (low, middle)
    return low


def raw(temperature, pressure, humidity):
    t = invert(lambda x: floats(BOSCH, x, 415148, 27000)[0] < temperature, 1, 1 << 20, True)
    p = invert(lambda x: floats(BOSCH, t, x, 27000)[1] > pressure * 100, 1, 1 << 20, True)
    h = invert(lambda x: floats(BOSCH, t, p, x)[2] < humidity, 1, 1 << 16, True)
    return t, p, h


ERROR = "sysfs-i2c: remote I/O error"
CHIP = registers(BOSCH)
OPEN = ["76 > d0 < 60", f"76 > 88 < {CHIP[0]}", f"76 > e1 < {CHIP[1]}", "76 > f400f5a0"]
START = ["76 > f5 < a0", "76 > f201f425", "76 > f3 < 00"]


def read(*room):
    return START + [f"76 > f7 < {data(*raw(*room))}"]


def room(n):
    return 21 + 0.1 * n, 1013.2 - 0.05 * n, 44 + 0.5 * n


def tape(name, comment, lines, rooms):
    with open(name + ".i2c", "w") as out:
        print("shakedown i2c 1", *("# " + c for c in comment), *lines, sep="\n", file=out)
    with open(name + ".csv", "w") as out:
        print("temperature,humidity,pressure", file=out)
        for t, p, h in rooms:
            f = floats(BOSCH, *raw(t, p, h))
            print(f"{f[0]:.4f},{f[2]:.4f},{f[1] / 100:.4f}", file=out)


def main():
    with open("vectors.csv", "w") as out:
        vectors(out)
    short = [room(n) for n in range(4)]
    tape("short", ["Four readings of a room."], OPEN + sum((read(*r) for r in short), []), short)
    desk = [room(n) for n in range(12)]
    lines = OPEN + sum((read(*r) for r in desk[:4]), [])
    lines += START + [f"76 > f7 < {'??' * 8} ! {ERROR}"] + read(*desk[4])  # tried again
    lines += sum((read(*r) for r in desk[5:7]), [])
    lines += [f"76 > f5 < ?? ! {ERROR}"] * 3  # pulled out
    lines += [f"76 > d0 < ?? ! {ERROR}", f"77 > d0 < ?? ! {ERROR}"]  # looked for
    lines += OPEN + sum((read(*r) for r in desk[7:10]), [])  # back again
    lines += START + ["76 > f7 < " + data(raw(21, 1013, 44)[0], 0xFFFFF, 27000)]  # no such pressure
    lines += sum((read(*r) for r in desk[10:]), [])
    tape("desk", ["A room for twelve readings: the fifth is disturbed, after the seventh the sensor is",
                  "pulled out and comes back, after the tenth the pressure is not one."], lines, desk)


if __name__ == "__main__":
    main()
