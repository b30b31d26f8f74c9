"""The handlers of this worker; put your own functions here."""
import hashlib

from ostler_worker import serve


def echo(value):
    """Gets what the caller sent, and replies with what it returns: bytes for bytes, a JSON value for a JSON value."""
    return value


def sha512(body):
    return hashlib.sha512(body).hexdigest()


def add(numbers, task):
    task.log('info', 'adding', **numbers)
    return {'sum': numbers['a'] + numbers['b']}


if __name__ == '__main__':
    serve({'default': echo, 'sha512': sha512, 'sum': add})
