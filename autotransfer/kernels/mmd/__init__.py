"""The maximum mean discrepancy between two samples: values, gradients, tests, estimators."""
