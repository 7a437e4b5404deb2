"""`python -m whipcount.learn attribution`: train the reading models."""

from whipcount.learn.command import learn

if __name__ == "__main__":
    learn()
