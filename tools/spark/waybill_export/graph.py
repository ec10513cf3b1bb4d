"""Which primary identities are one person under a `pdg` graph: those that records and events link, however many steps apart.

Each identity knows a ball around itself: the identities within so many steps. In a round it takes in the balls of those that
it knows, so the radius doubles. A ball that stays as it was is the whole person. One that holds more than MOST identities is
too large to be a person, and is kept no longer: MANY stands for it. A person of MOST identities is at most MOST - 1 steps wide,
so six rounds decide everything, and usually the second finds nothing new. What an identity has to say is never longer than MOST
keys, however many others are linked to it.
"""

BALL, QUESTION = 0, 1
MOST = 50  # more linked identities are a shared device or a test account
MANY = frozenset()  # no ball is empty
ROUNDS = 6  # 2^6 steps are more than MOST - 1


def links_of(identities):
    """What the identities of one record know by it: [(key, ball)]; nothing of a lone one, which links nothing."""
    ball = frozenset(identities)
    if len(ball) < 2:
        return []
    return [(key, ball if len(ball) <= MOST else MANY) for key in ball]


def united(one, other):
    if one == MANY or other == MANY:
        return MANY
    if one >= other:
        return one
    both = one | other
    return both if len(both) <= MOST else MANY


def groups_of(links, partitions):
    """RDD of (key, (the key of its group, whether it was left apart)), of linked identities only. `links` is an RDD of what
    `links_of` gives."""
    balls = links.reduceByKey(united, partitions)
    kept = balls.persist()
    for _ in range(ROUNDS):
        grown = grown_balls(balls, partitions).persist()
        changes = grown.filter(lambda item: item[1][1]).count()
        kept.unpersist()
        kept, balls = grown, grown.mapValues(lambda ball_and_change: ball_and_change[0])
        if not changes:
            break
    return balls.map(lambda item: (item[0], group_of(*item)), preservesPartitioning=True)


def group_of(key, ball):
    return (key, True) if ball == MANY else (min(ball), False)


def grown_balls(balls, partitions):
    """RDD of (key, (ball, whether it has grown)), partitioned as `balls`."""
    from pyspark.rdd import portable_hash

    known = balls.map(lambda item: ((item[0], BALL), item[1]))
    questions = balls.flatMap(lambda item: questions_of(*item))
    met = known.union(questions).repartitionAndSortWithinPartitions(partitions, lambda at: portable_hash(at[0]))
    answers = met.mapPartitions(answered).reduceByKey(united, partitions)
    return balls.leftOuterJoin(answers, partitions).mapValues(lambda pair: grown_ball(*pair))


def questions_of(key, ball):
    """Who knows all already asks nobody."""
    if ball != MANY:
        yield from (((other, QUESTION), key) for other in ball if other != key)


def answered(met):
    """Of each key its ball comes first, then who asks for it: there may be millions of these, so they are not gathered."""
    ball = MANY
    for (_, what), value in met:
        if what == BALL:
            ball = value
        else:
            yield value, ball


def grown_ball(ball, answer):
    """No answer came for who asked nobody."""
    if ball == MANY or answer is None:
        return ball, False
    grown = united(ball, answer)
    return grown, grown == MANY or len(grown) > len(ball)
