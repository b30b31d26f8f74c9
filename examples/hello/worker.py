import hashlib
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / 'apps/worker-python'))  # yours: copy the folder ostler_worker beside this file
from ostler_worker import serve

serve({'sha512': lambda body: hashlib.sha512(body).hexdigest()})
