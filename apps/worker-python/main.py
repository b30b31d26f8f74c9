"""A worker of Ostler. Copy this folder, put your own handlers in, and give a pool the command `python3 main.py`."""
import asyncio
import hashlib

from ostler_worker import serve


def echo(body):
    """Gets what the caller sent, and replies with what it returns: bytes for bytes, a JSON value for a JSON value."""
    return body


def sha512(body):
    return hashlib.sha512(body).digest()


def lines(body, task):
    """A generator streams: each item goes out at once, as fast as the caller takes them."""
    for line in bytes(body).splitlines(keepends=True):
        yield line


async def pause(seconds, task):
    """An async handler; cancelling its task interrupts it wherever it waits."""
    await asyncio.sleep(seconds)
    task.log('info', 'paused', seconds=seconds)
    return {'paused': seconds, 'attempt': task.attempt}


if __name__ == '__main__':
    serve({'default': echo, 'echo': echo, 'sha512': sha512, 'lines': lines, 'pause': pause})
