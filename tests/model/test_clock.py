import gc
import weakref

from simpy import Environment

from simlib.model.clock import ARRIVAL, Moment, live


def test_a_life_that_has_ended_is_forgotten_at_once():
    """No cycle keeps it until the collector comes: in a long run the ended lives would crowd out those that go on."""
    env, seen = Environment(), []

    def life():
        yield Moment(env, 1.0, ARRIVAL)
        seen.append(env.now)

    walked = life()
    held = weakref.ref(walked)
    gc.disable()
    try:
        live(walked)
        del walked
        env.run(until=0.5)
        assert held() is not None
        env.run()
        assert held() is None
    finally:
        gc.enable()
    assert seen == [1.0]
