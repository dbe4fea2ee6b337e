from autotransfer_hello import ShrunkenMeans
from autotransfer.testing import check_method
def test_shrunken_means(): check_method(ShrunkenMeans)
