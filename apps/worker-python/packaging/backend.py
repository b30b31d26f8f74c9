"""Builds the wheel and the source archive of ostler_worker (PEP 517, PEP 660) with the standard library alone."""
import base64
import gzip
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAME, PACKAGE = 'ostler-worker', 'ostler_worker'
SOURCES = ['pyproject.toml', 'README.md', 'main.py', 'packaging/backend.py']
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can hold: the same sources give the same bytes


def get_requires_for_build_wheel(config_settings=None):
    return []


get_requires_for_build_sdist = get_requires_for_build_editable = get_requires_for_build_wheel


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return write_wheel(wheel_directory, {path: read(path) for path in package_files()})


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """What it installs is a line that says where the sources are."""
    return write_wheel(wheel_directory, {'%s.pth' % PACKAGE: HERE.encode() + b'\n'})


def build_sdist(sdist_directory, config_settings=None):
    folder = '%s-%s' % (PACKAGE, version())
    files = {path: read(path) for path in SOURCES + package_files()}
    files['PKG-INFO'] = metadata()
    with open(os.path.join(sdist_directory, folder + '.tar.gz'), 'wb') as out, gzip.GzipFile('', 'wb', fileobj=out, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode='w', format=tarfile.PAX_FORMAT) as archive:
            for path, data in sorted(files.items()):
                entry = tarfile.TarInfo('%s/%s' % (folder, path))
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return folder + '.tar.gz'


def write_wheel(folder, files):
    info = '%s-%s.dist-info' % (PACKAGE, version())
    files = {**files, info + '/METADATA': metadata(),
             info + '/WHEEL': b'Wheel-Version: 1.0\nGenerator: ostler_worker\nRoot-Is-Purelib: true\nTag: py3-none-any\n'}
    record = ['%s,sha256=%s,%d' % (path, digest(data), len(data)) for path, data in files.items()]
    files[info + '/RECORD'] = '\n'.join([*record, '%s/RECORD,,' % info, '']).encode()
    name = '%s-%s-py3-none-any.whl' % (PACKAGE, version())
    with zipfile.ZipFile(os.path.join(folder, name), 'w', zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.external_attr = 0o100644 << 16
            wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return name


def package_files():
    names = sorted(os.listdir(os.path.join(HERE, PACKAGE)))
    return ['%s/%s' % (PACKAGE, name) for name in names if name.endswith('.py') or name == 'py.typed']


def metadata():
    head = ['Metadata-Version: 2.1', 'Name: %s' % NAME, 'Version: %s' % version(), 'Requires-Python: >=3.9', 'License: MIT',
            "Summary: Ostler's worker SDK: any function in Python as a warm worker of a process pool",
            'Description-Content-Type: text/markdown', 'Classifier: Typing :: Typed', '', '']
    return '\n'.join(head).encode() + read('README.md')


def version():
    return re.search(rb"^VERSION = '([^']+)'", read('%s/handshake.py' % PACKAGE), re.MULTILINE).group(1).decode()


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()


def read(path):
    with open(os.path.join(HERE, path), 'rb') as file:
        return file.read()
