"""Write the golden files anew: python -m tests.golden. Then read every difference before you keep it."""

from tests.golden.cases import CASES
from tests.golden.writing import write

if __name__ == "__main__":
    write(CASES)
