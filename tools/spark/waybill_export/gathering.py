"""Puts small files of tasks together, so that a small result of many tasks has few parts. Their blocks need no other, so the
bytes are copied as they are, but for what each file begins with."""

from waybill_export.parts import PartFile, encoded_beginning, writing
from waybill_export.blocks import encoder_of

SMALL, ENOUGH = 8 << 20, 64 << 20
PIECE = 1 << 20


def gather(context, plan, totals, folder):
    """Replaces, in the totals, parts that are small by fewer; a Spark job, when there are any to put together."""
    packs = [(place, pack) for place, one in enumerate(totals) for pack in packs_of(one.parts, plan.part_bytes)]
    if not packs:
        return
    spread = context.parallelize(packs, min(len(packs), 16 * context.defaultParallelism))
    made = spread.map(lambda item: (item[0], put_together(item[1], plan, folder))).collect()
    packed = {part.path for _, pack in packs for part in pack}
    for one in totals:
        one.parts = [part for part in one.parts if part.path not in packed]
    for place, part in made:
        totals[place].parts.append(part)


def packs_of(parts, part_bytes):
    """Lists of two or more small parts, each list of about ENOUGH bytes."""
    small, enough = min(SMALL, part_bytes // 2), min(ENOUGH, part_bytes)
    packs, pack, size = [], [], 0
    for part in parts:
        if part.bytes >= small:
            continue
        if size + part.bytes > enough:
            packs.append(pack)
            pack, size = [], 0
        pack.append(part)
        size += part.bytes
    return [pack for pack in [*packs, pack] if len(pack) > 1]


def put_together(parts, plan, folder):
    with writing(folder):
        file = PartFile(folder, encoded_beginning(plan, encoder_of(plan.compression)))
        for part in parts:
            with open(part.path, "rb") as source:
                source.seek(part.beginning)
                while piece := source.read(PIECE):
                    file.append(piece, 0)
            file.rows += part.rows
        return file.finish()
