"""Code that knows nothing of Ostler: what a team has already."""
import functools
import logging
import os
import sys

events = ['imported with %r in %s' % (sys.argv[1:], os.path.basename(os.getcwd()))]


def shout(text):
    return str(text, 'utf-8').upper()


def scale(value, factor=2):
    return value * factor


def about(value, task):
    return {'id': task.id, 'handler': task.handler, 'value': value}


def optional_task(value, task=None):
    return None if task is None else task.handler


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **options):
        return function(*args, **options)
    return wrapper


@decorated
def wrapped(value):
    return [value]


def story(value):
    return events


async def prepare(data):
    events.append('prepared with %r' % (data,))


def leave():
    print('left')


def log(value):
    logging.getLogger('thumbs').warning('logged %s', value)


def log_error(value):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger('thumbs').exception('failed')


SIZE = 5


class Counter:
    """State that lives as long as its worker."""

    def __init__(self, data=None, info=None):
        self.count, self.slot = data or 0, info.slot

    def add(self, number):
        self.count += number
        return self.count

    def where(self, value, task):
        return [self.slot, task.handler]

    @staticmethod
    def double(number):
        return 2 * number

    def run(self, value):
        return ['run', value]

    def _hidden(self, value):
        return value

    def close(self):
        print('closed at %d' % self.count)


class One:
    def only(self, value):
        return value


class Broken:
    def __init__(self):
        raise ValueError('no licence')

    def run(self, value):
        return value


class Empty:
    pass
